/* Failures of the kit's methods: IErrorInfo, and the texts of message tables with inserts and languages. */
#include "kit/kit_test.h"

#define ENGLISH MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US)
#define FRENCH MAKELANGID(LANG_FRENCH, SUBLANG_FRENCH)
#define FRENCH_OF_CANADA MAKELANGID(LANG_FRENCH, SUBLANG_FRENCH_CANADIAN)

#define check_message(hr, language, cause, inserts, count, expected)                                         \
    do                                                                                                       \
    {                                                                                                        \
        BSTR text_ = NULL;                                                                                   \
        ok_hr(kit_tool()->message(hr, language, cause, inserts, count, &text_), S_OK, "message");            \
        ok_text(text_, expected, "text");                                                                    \
        SysFreeString(text_);                                                                                \
    } while (0)

static BSTR system_text(HRESULT hr)
{
    WCHAR buffer[512] = L"";
    DWORD size;

    size = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, (DWORD)hr, 0,
                          buffer,
                          ARRAYSIZE(buffer), NULL);
    while (size && wcschr(L"\r\n \t", buffer[size - 1])) buffer[--size] = 0;
    return SysAllocString(buffer);
}

TEST(a_failure_sets_the_interface_the_source_and_the_text)
{
    IKitThing *thing = kit_thing();

    ok_hr(IKitThing_Fail(thing, KIT_E_PLAIN), KIT_E_PLAIN, "Fail");
    check_error_info(&IID_IKitThing, L"OpenImapiKit.KitThing", L"The thing is broken.");
    check_no_error_info();
    check_error(IKitThing_get_Number(thing, NULL), E_POINTER, &IID_IKitThing, NULL);
    kit_end(thing);
}

TEST(a_failure_in_a_second_interface_names_that_one)
{
    IKitThing *thing = kit_thing();
    IKitPlain *plain;

    ok_hr(IKitThing_QueryInterface(thing, &IID_IKitPlain, (void **)&plain), S_OK, "IKitPlain");
    check_error(IKitPlain_Twice(plain, 1, NULL), E_POINTER, &IID_IKitPlain, NULL);
    IKitPlain_Release(plain);
    kit_end(thing);
}

TEST(a_class_without_progid_gives_the_library_as_source)
{
    IKitBase *part;

    ok_hr(kit_tool()->part(1, &part), S_OK, "part");
    ok_hr(IKitBase_get_Number(part, NULL), E_POINTER, "get_Number(NULL)");
    check_error_info(&IID_IKitBase, L"OpenImapiKit", NULL);
    kit_end(part);
}

TEST(success_codes_pass_and_set_nothing)
{
    IKitThing *thing = kit_thing();

    SetErrorInfo(0, NULL);
    ok_hr(IKitThing_Fail(thing, S_FALSE), S_FALSE, "S_FALSE");
    ok_hr(IKitThing_Fail(thing, S_OK), S_OK, "S_OK");
    check_no_error_info();
    kit_end(thing);
}

TEST(codes_without_a_text_of_ours_get_that_of_the_system)
{
    static const HRESULT codes[] = { E_ACCESSDENIED, E_INVALIDARG, E_OUTOFMEMORY, 0x80070002,
                                     STG_E_MEDIUMFULL };
    BSTR expected;
    size_t i;

    for (i = 0; i < COM_COUNT(codes); i++)
    {
        test_push("0x%08lX", codes[i]);
        expected = system_text(codes[i]);
        ok(expected[0] != 0 || codes[i] == STG_E_MEDIUMFULL, "the system has no text either");
        if (expected[0]) check_message(codes[i], 0, S_OK, NULL, 0, expected);
        SysFreeString(expected);
        test_pop();
    }
    check_message(KIT_E_NO_TEXT, 0, S_OK, NULL, 0, L"0xC7FF0999");
}

TEST(inserts_are_shown_as_the_text_says)
{
    struct com_insert inserts[] = { COM_TEXT(L"a\\b c.txt"), COM_NUMBER(0x1234567890LL), COM_TEXT(L"it") };

    check_message(KIT_E_INSERTS, ENGLISH, S_OK, inserts, 3,
                  L"File a\\b c.txt (again a\\b c.txt): 78187493520 bytes, 34567890 in hexadecimal, "
                  L"100% of it.");
    inserts[1].number = -1;
    check_message(KIT_E_INSERTS, ENGLISH, S_OK, inserts, 3,
                  L"File a\\b c.txt (again a\\b c.txt): -1 bytes, FFFFFFFF in hexadecimal, 100% of it.");
    inserts[1].number = 0xAB;
    check_message(KIT_E_INSERTS, ENGLISH, S_OK, inserts, 2,
                  L"File a\\b c.txt (again a\\b c.txt): 171 bytes, 000000AB in hexadecimal, 100% of %3.");
    inserts[0] = COM_TEXT(NULL);
    check_message(KIT_E_INSERTS, ENGLISH, S_OK, inserts, 3,
                  L"File  (again ): 171 bytes, 000000AB in hexadecimal, 100% of it.");
    /* What an insert holds is not looked at again. */
    inserts[0] = COM_TEXT(L"%2!s! 100%");
    check_message(KIT_E_CAUSE, ENGLISH, S_OK, inserts, 1, L"Cannot open %2!s! 100%:");
}

TEST(escapes_of_message_tables_are_obeyed)
{
    struct com_insert inserts[] = { COM_TEXT(L"noon"), COM_NUMBER(-5) };

    check_message(KIT_E_FAR, ENGLISH, S_OK, inserts, 2,
                  L"A text in a block of its own:\r\n4294967291 before noon.");
}

TEST(a_text_of_a_hundred_thousand_units_fits)
{
    size_t length = 100000, i;
    WCHAR *path = malloc((length + 1) * sizeof(WCHAR));
    struct com_insert inserts[1];
    BSTR text = NULL;

    for (i = 0; i < length; i++) path[i] = L'x';
    path[length] = 0;
    inserts[0] = COM_TEXT(path);
    ok_hr(kit_tool()->message(KIT_E_CAUSE, ENGLISH, S_OK, inserts, 1, &text), S_OK, "message");
    ok_int(SysStringLen(text), length + wcslen(L"Cannot open :"), "length");
    SysFreeString(text);
    free(path);
}

TEST(the_language_is_the_users_or_english)
{
    struct com_insert inserts[] = { COM_TEXT(L"x") };

    check_message(KIT_E_PLAIN, FRENCH, S_OK, NULL, 0, L"La chose est en panne.");
    check_message(KIT_E_PLAIN, FRENCH_OF_CANADA, S_OK, NULL, 0, L"La chose est en panne.");
    check_message(KIT_E_PLAIN, MAKELANGID(LANG_SPANISH, SUBLANG_SPANISH_MEXICAN), S_OK, NULL, 0,
                  L"La cosa no funciona.");
    check_message(KIT_E_PLAIN, MAKELANGID(LANG_GERMAN, SUBLANG_GERMAN), S_OK, NULL, 0,
                  L"The thing is broken.");
    check_message(KIT_E_PLAIN, MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_UK), S_OK, NULL, 0,
                  L"The thing is broken.");
    /* Traditional Chinese in Hong Kong as in Taiwan; what is written in Beijing is another matter. */
    check_message(KIT_E_PLAIN, 0x0C04, S_OK, NULL, 0, L"Traditional text.");
    check_message(KIT_E_PLAIN, 0x0804, S_OK, NULL, 0, L"The thing is broken.");
    /* A language that lacks this text. */
    check_message(KIT_E_CAUSE, 0x0404, S_OK, inserts, 1, L"Cannot open x:");
    check_message(KIT_E_CAUSE, FRENCH_OF_CANADA, S_OK, inserts, 1, L"x ne s'ouvre pas :");
    check_message(KIT_E_FAR, FRENCH, S_OK, NULL, 0, L"A text in a block of its own:\r\n%2!u! before %1.");
}

TEST(the_text_of_the_cause_follows_the_colon)
{
    struct com_insert inserts[] = { COM_TEXT(L"C:\\x") };
    BSTR cause = system_text(0x80070005), expected;
    WCHAR whole[600];

    swprintf(whole, ARRAYSIZE(whole), L"Cannot open C:\\x: %ls", cause);
    check_message(KIT_E_CAUSE, ENGLISH, 0x80070005, inserts, 1, whole);
    expected = SysAllocString(L"Cannot open C:\\x: The thing is broken.");
    check_message(KIT_E_CAUSE, ENGLISH, KIT_E_PLAIN, inserts, 1, expected);
    SysFreeString(expected);
    SysFreeString(cause);
}

TEST(inserts_and_causes_go_through_a_method)
{
    BSTR path = SysAllocString(L"D:\\folder");
    IKitThing *thing = kit_thing();

    ok_hr(IKitThing_FailWith(thing, path, 0x100000000LL, 0), KIT_E_INSERTS, "FailWith");
    check_error_info(&IID_IKitThing, NULL, L"File D:\\folder (again D:\\folder): 4294967296 bytes");
    ok_hr(IKitThing_FailWith(thing, path, 0, KIT_E_PLAIN), KIT_E_CAUSE, "with a cause");
    check_error_info(&IID_IKitThing, NULL, L"Cannot open D:\\folder: The thing is broken.");
    SysFreeString(path);
    kit_end(thing);
}

/* A stream of the client's that fails, with or without an IErrorInfo of its own. */
static BOOL leaves_info;

static HRESULT STDMETHODCALLTYPE bad_query(IStream *iface, REFIID iid, void **out)
{
    (void)iid;
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE bad_count(IStream *iface)
{
    (void)iface;
    return 2;
}

static HRESULT STDMETHODCALLTYPE bad_Stat(IStream *iface, STATSTG *stat, DWORD flag)
{
    ICreateErrorInfo *making;
    IErrorInfo *info;

    (void)iface, (void)stat, (void)flag;
    if (leaves_info && SUCCEEDED(CreateErrorInfo(&making)))
    {
        ICreateErrorInfo_SetGUID(making, &IID_IStream);
        ICreateErrorInfo_SetDescription(making, (WCHAR *)L"from the client");
        ICreateErrorInfo_QueryInterface(making, &IID_IErrorInfo, (void **)&info);
        SetErrorInfo(0, info);
        IErrorInfo_Release(info);
        ICreateErrorInfo_Release(making);
    }
    return KIT_E_PLAIN;
}

TEST(a_clients_own_error_text_is_passed_on)
{
    static IStreamVtbl vtbl =
    {
        bad_query, bad_count, bad_count, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, bad_Stat, NULL,
    };
    IKitThing *thing = kit_thing();
    IStream stream = { &vtbl };
    LONG size;

    SetErrorInfo(0, NULL);
    leaves_info = TRUE;
    ok_hr(IKitThing_StreamSize(thing, &stream, &size), KIT_E_PLAIN, "StreamSize");
    check_error_info(&IID_IStream, NULL, L"from the client");
    leaves_info = FALSE;
    ok_hr(IKitThing_StreamSize(thing, &stream, &size), KIT_E_PLAIN, "StreamSize");
    check_error_info(&IID_IKitThing, NULL, L"The thing is broken.");
    kit_end(thing);
}

static DWORD WINAPI fail_often(void *argument)
{
    IKitThing *thing = argument;
    BSTR text = NULL;
    IErrorInfo *info;
    int i, wrong = 0;

    for (i = 0; i < 500; i++)
    {
        IKitThing_Fail(thing, KIT_E_PLAIN);
        if (GetErrorInfo(0, &info) != S_OK) return 1000;
        IErrorInfo_GetDescription(info, &text);
        if (!text || wcscmp(text, L"The thing is broken.")) wrong++;
        SysFreeString(text);
        IErrorInfo_Release(info);
    }
    return (DWORD)wrong;
}

TEST(error_info_belongs_to_the_thread)
{
    IKitThing *thing = kit_thing();
    HANDLE threads[3];
    DWORD code;
    int i;

    for (i = 0; i < 3; i++) threads[i] = CreateThread(NULL, 0, fail_often, thing, 0, NULL);
    for (i = 0; i < 3; i++)
    {
        WaitForSingleObject(threads[i], 60000);
        GetExitCodeThread(threads[i], &code);
        ok_int(code, 0, "wrong texts");
        CloseHandle(threads[i]);
    }
    check_no_error_info();
    kit_end(thing);
}

TEST_MAIN(TEST_CASE(a_failure_sets_the_interface_the_source_and_the_text),
          TEST_CASE(a_failure_in_a_second_interface_names_that_one),
          TEST_CASE(a_class_without_progid_gives_the_library_as_source),
          TEST_CASE(success_codes_pass_and_set_nothing),
          TEST_CASE(codes_without_a_text_of_ours_get_that_of_the_system),
          TEST_CASE(inserts_are_shown_as_the_text_says),
          TEST_CASE(escapes_of_message_tables_are_obeyed),
          TEST_CASE(a_text_of_a_hundred_thousand_units_fits),
          TEST_CASE(the_language_is_the_users_or_english),
          TEST_CASE(the_text_of_the_cause_follows_the_colon),
          TEST_CASE(inserts_and_causes_go_through_a_method),
          TEST_CASE(a_clients_own_error_text_is_passed_on),
          TEST_CASE(error_info_belongs_to_the_thread))
