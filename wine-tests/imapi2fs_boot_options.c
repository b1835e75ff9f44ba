/* BootOptions: what it is, its values, and the boot image that it takes. */
#include "fsi.h"

static const WCHAR *const I = L"IBootOptions";

#define IFACE &IID_IBootOptions

static IBootOptions *boot_options(void)
{
    IBootOptions *options = NULL;

    ok_hr(com_test_create(DLL, &CLSID_BootOptions, IFACE, (void **)&options), S_OK, "create BootOptions");
    return options;
}

static EmulationType emulation_of(IBootOptions *options)
{
    EmulationType type = (EmulationType)99;

    check_pair(IBootOptions_get_Emulation(options, &type), I, L"get_Emulation", S_OK);
    return type;
}

static HRESULT assign(IBootOptions *options, ULONG size)
{
    IStream *stream = fsi_stream(size);
    HRESULT hr = IBootOptions_AssignBootImage(options, stream);

    IStream_Release(stream);
    return hr;
}

TEST(boot_options_are_dual_and_nothing_else)
{
    static const IID *const has[] = {&IID_IBootOptions,      &IID_IDispatch,         &IID_IUnknown,
                                     &IID_ISupportErrorInfo, &IID_IProvideClassInfo, NULL};
    static const IID *const lacks[] = {&IID_IFileSystemImage, &IID_IStream, &IID_IConnectionPointContainer,
                                       &IID_IPersist, NULL};
    IBootOptions *options = boot_options();

    if (!options) return;
    check_interfaces(options, has, lacks);
    check_identity(options, has);
    check_last_release(options);
    ok_hr(com_test_can_unload(DLL), S_OK, "afterwards");
}

TEST(fresh_options_have_the_documented_values)
{
    IBootOptions *options = boot_options();
    IStream *stream = (IStream *)1;
    PlatformId platform = PlatformEFI;
    BSTR text = NULL;
    ULONG size = 1;

    if (!options) return;
    check_pair(IBootOptions_get_BootImage(options, &stream), I, L"get_BootImage", S_OK);
    ok(!stream, "no boot image");
    check_pair(IBootOptions_get_Manufacturer(options, &text), I, L"get_Manufacturer", S_OK);
    ok_text(text, L"", "manufacturer");
    SysFreeString(text);
    check_pair(IBootOptions_get_PlatformId(options, &platform), I, L"get_PlatformId", S_OK);
    ok_int(platform, PlatformX86, "platform");
    ok_int(emulation_of(options), EmulationNone, "emulation");
    check_pair(IBootOptions_get_ImageSize(options, &size), I, L"get_ImageSize", S_OK);
    ok_int(size, 0, "size");
    check_last_release(options);
}

TEST(null_pointers_are_told)
{
    IBootOptions *options = boot_options();

    if (!options) return;
    check_told(IBootOptions_get_BootImage(options, NULL), I, L"get_BootImage", E_POINTER, NULL);
    check_told(IBootOptions_get_Manufacturer(options, NULL), I, L"get_Manufacturer", E_POINTER, NULL);
    check_told(IBootOptions_put_Manufacturer(options, NULL), I, L"put_Manufacturer", E_POINTER, NULL);
    check_told(IBootOptions_get_PlatformId(options, NULL), I, L"get_PlatformId", E_POINTER, NULL);
    check_told(IBootOptions_get_Emulation(options, NULL), I, L"get_Emulation", E_POINTER, NULL);
    check_told(IBootOptions_get_ImageSize(options, NULL), I, L"get_ImageSize", E_POINTER, NULL);
    check_told(IBootOptions_AssignBootImage(options, NULL), I, L"AssignBootImage", E_POINTER, NULL);
    check_last_release(options);
}

TEST(a_manufacturer_has_24_bytes_of_ansi)
{
    IBootOptions *options = boot_options();
    BSTR text = NULL;

    if (!options) return;
    check_pair(IBootOptions_put_Manufacturer(options, B("123456789 123456789 1234")), I, L"put_Manufacturer",
               S_OK);
    check_told(IBootOptions_put_Manufacturer(options, B("123456789 123456789 12345")), I, L"put_Manufacturer",
               IMAPI_E_INVALID_PARAM, L"'newVal'");
    /* A UTF-8 code page has these characters too, three bytes each. */
    check_told(
        IBootOptions_put_Manufacturer(options, B("\x6F22\x5B57\x6F22\x5B57\x6F22\x5B57\x6F22\x5B57\x6F22")),
        I, L"put_Manufacturer", IMAPI_E_INVALID_PARAM, L"'newVal'");
    IBootOptions_get_Manufacturer(options, &text);
    ok_text(text, L"123456789 123456789 1234", "the last good one");
    SysFreeString(text);
    ok_hr(IBootOptions_put_Manufacturer(options, B("")), S_OK, "an empty one");
    check_last_release(options);
}

TEST(any_platform_of_one_byte_is_taken)
{
    static const PlatformId platforms[] = {PlatformEFI, PlatformMac, PlatformPowerPC, PlatformX86,
                                           (PlatformId)0x55};
    IBootOptions *options = boot_options();
    PlatformId platform;

    if (!options) return;
    for (size_t i = 0; i < ARRAYSIZE(platforms); i++)
    {
        check_pair(IBootOptions_put_PlatformId(options, platforms[i]), I, L"put_PlatformId", S_OK);
        IBootOptions_get_PlatformId(options, &platform);
        ok_int(platform, platforms[i], "platform");
    }
    check_fail(IBootOptions_put_PlatformId(options, (PlatformId)0x100), IMAPI_E_INVALID_PARAM, IFACE,
               L"'newVal'");
    check_last_release(options);
}

TEST(the_size_of_an_image_chooses_a_floppy)
{
    static const struct
    {
        ULONG size;
        EmulationType expected;
    } rows[] = {
        {1228800, Emulation12MFloppy}, {1474560, Emulation144MFloppy}, {2949120, Emulation288MFloppy},
        {1474559, EmulationNone},      {512, EmulationNone},
    };
    IBootOptions *options = boot_options();
    ULONG size;

    if (!options) return;
    for (size_t i = 0; i < ARRAYSIZE(rows); i++)
    {
        check_pair(assign(options, rows[i].size), I, L"AssignBootImage", S_OK);
        ok_int(emulation_of(options), rows[i].expected, "emulation");
        IBootOptions_get_ImageSize(options, &size);
        ok_int(size, rows[i].size, "size");
    }
    /* As those do who bring a UEFI image of a floppy's size. */
    assign(options, 1474560);
    check_pair(IBootOptions_put_Emulation(options, EmulationNone), I, L"put_Emulation", S_OK);
    ok_int(emulation_of(options), EmulationNone, "put afterwards");
    ok_hr(IBootOptions_put_Emulation(options, EmulationHardDisk), S_OK, "a hard disk has any size");
    assign(options, 1000);
    ok_int(emulation_of(options), EmulationHardDisk, "and stays one");
    check_last_release(options);
}

TEST(a_floppy_must_have_its_size)
{
    IBootOptions *options = boot_options();

    if (!options) return;
    ok_hr(IBootOptions_put_Emulation(options, Emulation288MFloppy), S_OK, "nothing to compare with yet");
    assign(options, 1474560);
    check_told(IBootOptions_put_Emulation(options, Emulation288MFloppy), I, L"put_Emulation",
               IMAPI_E_BOOT_EMULATION_IMAGE_SIZE_MISMATCH, L"size");
    check_told(IBootOptions_put_Emulation(options, Emulation12MFloppy), I, L"put_Emulation",
               IMAPI_E_BOOT_EMULATION_IMAGE_SIZE_MISMATCH, L"size");
    ok_int(emulation_of(options), Emulation144MFloppy, "unchanged");
    ok_hr(IBootOptions_put_Emulation(options, Emulation144MFloppy), S_OK, "the right one");
    check_fail(IBootOptions_put_Emulation(options, (EmulationType)5), IMAPI_E_INVALID_PARAM, IFACE,
               L"'newVal'");
    check_last_release(options);
}

TEST(a_boot_image_is_handed_back)
{
    IBootOptions *options = boot_options();
    IStream *stream = fsi_stream(5000), *same = NULL;

    if (!options) return;
    ok_hr(IBootOptions_AssignBootImage(options, stream), S_OK, "assign");
    check_pair(IBootOptions_get_BootImage(options, &same), I, L"get_BootImage", S_OK);
    ok(same == stream, "the client's stream");
    if (same) IStream_Release(same);
    check_last_release(options);
    check_last_release(stream);
}

/* Only Stat is called: the position on entry does not matter, and nothing is read. */
TEST(assigning_asks_for_the_size_only)
{
    IBootOptions *options = boot_options();
    struct test_stream stream;

    if (!options) return;
    test_stream_init(&stream, 5000);
    ok_hr(IBootOptions_AssignBootImage(options, &stream.iface), S_OK, "assign");
    ok_int(stream.position, 4711, "position");
    ok_int(stream.bytes_read, 0, "bytes read");
    check_last_release(options);
    ok_int(stream.references, 1, "references");
}

TEST(what_cannot_be_a_boot_image_leaves_the_old_one)
{
    IBootOptions *options = boot_options();
    struct test_stream stream;
    ULONG size = 0;

    if (!options) return;
    assign(options, 512);
    test_stream_init(&stream, 5000);
    stream.stat_result = STG_E_ACCESSDENIED;
    check_told(IBootOptions_AssignBootImage(options, &stream.iface), I, L"AssignBootImage",
               IMAPI_E_BOOT_IMAGE_DATA, L"boot image");
    test_stream_init(&stream, 0);
    check_told(IBootOptions_AssignBootImage(options, &stream.iface), I, L"AssignBootImage",
               IMAPI_E_BOOT_IMAGE_DATA, L"boot image");
    test_stream_init(&stream, 0x100000000); /* ImageSize is a ULONG */
    check_told(IBootOptions_AssignBootImage(options, &stream.iface), I, L"AssignBootImage",
               IMAPI_E_BOOT_IMAGE_DATA, L"boot image");
    IBootOptions_get_ImageSize(options, &size);
    ok_int(size, 512, "size");
    ok_int(stream.references, 1, "references");
    check_last_release(options);
}

/* As scripts do it: streams come as VT_UNKNOWN or VT_DISPATCH, numbers in any type. */
TEST(scripts_set_options_by_name)
{
    IBootOptions *options = boot_options();
    IStream *stream = fsi_stream(1474560);
    VARIANT value, argument = test_v_unknown(stream);
    BSTR text = SysAllocString(L"Maker");

    if (!options) return;
    ok_hr(test_invoke(options, L"AssignBootImage", DISPATCH_METHOD, &argument, 1, NULL), S_OK, "assign");
    ok_hr(test_put(options, L"platformid", test_v_i2(0xEF)), S_OK, "platform");
    ok_hr(test_put(options, L"Emulation", test_v_i2(0)), S_OK, "emulation");
    ok_hr(test_put(options, L"Manufacturer", test_v_bstr(text)), S_OK, "manufacturer");
    test_get(options, L"PlatformId", &value);
    ok_int(V_VT(&value), VT_I4, "type of the platform");
    ok_int(V_I4(&value), 0xEF, "platform");
    test_get(options, L"ImageSize", &value);
    ok_int(V_UI4(&value), 1474560, "size");
    test_get(options, L"BootImage", &value);
    ok_int(V_VT(&value), VT_UNKNOWN, "type of the boot image");
    VariantClear(&value);
    SysFreeString(text);
    check_last_release(options);
    check_last_release(stream);
}

TEST_MAIN(TEST_CASE(boot_options_are_dual_and_nothing_else),
          TEST_CASE(fresh_options_have_the_documented_values), TEST_CASE(null_pointers_are_told),
          TEST_CASE(a_manufacturer_has_24_bytes_of_ansi), TEST_CASE(any_platform_of_one_byte_is_taken),
          TEST_CASE(the_size_of_an_image_chooses_a_floppy), TEST_CASE(a_floppy_must_have_its_size),
          TEST_CASE(a_boot_image_is_handed_back), TEST_CASE(assigning_asks_for_the_size_only),
          TEST_CASE(what_cannot_be_a_boot_image_leaves_the_old_one), TEST_CASE(scripts_set_options_by_name))
