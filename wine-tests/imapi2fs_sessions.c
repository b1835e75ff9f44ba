/* MultisessionInterfaces: which objects are taken, which are refused, and with which codes. */
#include "fsi.h"
#include "sessions.h"

#define IFACE &IID_IFileSystemImage3
#define I1 L"IFileSystemImage"

static HRESULT put(IFileSystemImage3 *image, void *const *objects, ULONG count)
{
    SAFEARRAY *array = test_array(objects, count);
    HRESULT hr = IFileSystemImage3_put_MultisessionInterfaces(image, array);

    SafeArrayDestroy(array);
    return hr;
}

static HRESULT put_one(IFileSystemImage3 *image, struct test_session *session)
{
    return put(image, (void *[]){ &session->iface }, 1);
}

#define check_put(hr, code, part) check_told(hr, I1, L"put_MultisessionInterfaces", code, part)

TEST(no_array_no_objects_and_objects_of_another_kind_are_refused)
{
    IFileSystemImage3 *image = fsi_image();
    SAFEARRAY *array;

    if (!image) return;
    check_put(IFileSystemImage3_put_MultisessionInterfaces(image, NULL), E_POINTER, NULL);
    check_put(put(image, NULL, 0), IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, NULL);
    array = SafeArrayCreateVector(VT_VARIANT, 0, 1);
    check_put(IFileSystemImage3_put_MultisessionInterfaces(image, array), IMAPI_E_BAD_MULTISESSION_PARAMETER,
              NULL);
    SafeArrayDestroy(array);
    check_put(put(image, (void *[]){ image }, 1), IMAPI_E_BAD_MULTISESSION_PARAMETER, NULL);
    check_last_release(image);
}

TEST(the_object_in_use_must_work)
{
    IFileSystemImage3 *image = fsi_image();
    struct test_session session, other;

    if (!image) return;
    test_session_init(&session, NULL, 999);
    test_session_init(&other, NULL, 999);
    session.in_use = VARIANT_TRUE;
    session.supported = VARIANT_FALSE;
    check_put(put(image, (void *[]){ &other.iface, &session.iface }, 2),
              IMAPI_E_INCOMPATIBLE_MULTISESSION_TYPE, NULL);
    session.supported = VARIANT_TRUE;
    session.kind = TEST_SESSION_OTHER;
    check_put(put_one(image, &session), IMAPI_E_INCOMPATIBLE_MULTISESSION_TYPE, NULL);
    session.kind = TEST_SESSION_SEQUENTIAL;
    other.in_use = VARIANT_TRUE;
    check_put(put(image, (void *[]){ &other.iface, &session.iface }, 2), IMAPI_E_BAD_MULTISESSION_PARAMETER,
              NULL);
    other.in_use_result = E_FAIL;
    check_put(put_one(image, &other), IMAPI_E_BAD_MULTISESSION_PARAMETER, NULL);
    check_last_release(image);
    ok_int(session.references, 1, "references to the session");
    ok_int(other.references, 1, "references to the other one");
}

TEST(without_one_in_use_the_first_that_works_is_taken)
{
    IFileSystemImage3 *image = fsi_image();
    struct test_session none, other, session;
    SAFEARRAY *array = NULL;
    VARIANT *elements;

    if (!image) return;
    test_session_init(&none, NULL, 999);
    test_session_init(&other, NULL, 999);
    test_session_init(&session, NULL, 999);
    none.supported_result = E_FAIL;
    other.kind = TEST_SESSION_OTHER;
    check_put(put(image, (void *[]){ &none.iface, &other.iface }, 2), IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE,
              NULL);
    check_pair(IFileSystemImage3_get_MultisessionInterfaces(image, &array), I1, L"get_MultisessionInterfaces",
               S_OK);
    ok_int(array->rgsabound[0].cElements, 0, "objects after a refusal");
    SafeArrayDestroy(array);

    check_pair(put(image, (void *[]){ &none.iface, &other.iface, &session.iface }, 3), I1,
               L"put_MultisessionInterfaces", S_OK);
    check_pair(IFileSystemImage3_get_MultisessionInterfaces(image, &array), I1, L"get_MultisessionInterfaces",
               S_OK);
    if (ok(array && array->rgsabound[0].cElements == 3, "the objects come back"))
    {
        SafeArrayAccessData(array, (void **)&elements);
        ok(V_VT(&elements[0]) == VT_DISPATCH, "type of the first");
        ok(V_DISPATCH(&elements[0]) == (IDispatch *)&none.iface, "first");
        ok(V_DISPATCH(&elements[2]) == (IDispatch *)&session.iface, "third");
        SafeArrayUnaccessData(array);
    }
    SafeArrayDestroy(array);
    check_pair(IFileSystemImage3_get_MultisessionInterfaces(image, NULL), I1, L"get_MultisessionInterfaces",
               E_POINTER);
    check_last_release(image);
    ok_int(none.references + other.references + session.references, 3, "references");
}

TEST(a_blank_disc_has_no_session_before)
{
    IFileSystemImage3 *image = fsi_image();
    struct test_session session;

    if (!image) return;
    test_session_init(&session, NULL, 0);
    session.first = VARIANT_TRUE;
    check_put(put_one(image, &session), IMAPI_E_IMPORT_SEEK_FAILURE, L"0");
    check_last_release(image);
}

TEST(values_that_cannot_be_had_or_believed_are_bad_parameters)
{
    IFileSystemImage3 *image = fsi_image();
    struct test_session session;

    if (!image) return;
    test_session_init(&session, NULL, 999);
    session.address_result = E_FAIL;
    check_put(put_one(image, &session), IMAPI_E_BAD_MULTISESSION_PARAMETER, NULL);
    session.address_result = S_OK;
    session.last_result = E_UNEXPECTED;
    check_put(put_one(image, &session), IMAPI_E_BAD_MULTISESSION_PARAMETER, NULL);
    session.last_result = S_OK;
    session.next = 999;                             /* inside the session before */
    check_put(put_one(image, &session), IMAPI_E_BAD_MULTISESSION_PARAMETER, NULL);
    session.next = 1015;
    session.start = -1;
    check_put(put_one(image, &session), IMAPI_E_BAD_MULTISESSION_PARAMETER, NULL);
    session.start = 1000;
    check_put(put_one(image, &session), IMAPI_E_BAD_MULTISESSION_PARAMETER, NULL);
    session.start = 0;
    session.last_result = E_NOTIMPL;                /* documented: then the next address tells */
    check_pair(put_one(image, &session), I1, L"put_MultisessionInterfaces", S_OK);
    check_last_release(image);
}

TEST(what_is_asked_later_may_fail_later)
{
    IFileSystemImage3 *image = fsi_image();
    FsiFileSystems kinds = FsiFileSystemUDF;
    struct test_session session;
    BSTR text = (BSTR)1;

    if (!image) return;
    test_session_init(&session, NULL, 999);
    check_pair(put_one(image, &session), I1, L"put_MultisessionInterfaces", S_OK);
    check_fail(IFileSystemImage3_ImportFileSystem(image, &kinds), IMAPI_E_BAD_MULTISESSION_PARAMETER, IFACE,
               NULL);                               /* without a recorder */
    ok_int(kinds, FsiFileSystemNone, "imported");
    session.recorder_result = E_FAIL;
    check_fail(IFileSystemImage3_CalculateDiscIdentifier(image, &text), IMAPI_E_BAD_MULTISESSION_PARAMETER,
               IFACE, NULL);
    ok(!text, "no identifier");
    session.first = VARIANT_TRUE;                   /* a blank disc was put in meanwhile */
    check_told(IFileSystemImage3_ImportFileSystem(image, &kinds), I1, L"ImportFileSystem", IMAPI_E_EMPTY_DISC,
               NULL);
    check_told(IFileSystemImage3_ImportSpecificFileSystem(image, FsiFileSystemJoliet), I1,
               L"ImportSpecificFileSystem", IMAPI_E_EMPTY_DISC, NULL);
    check_last_release(image);
    ok_int(session.references, 1, "references");
}

/* The disc was taken out, or closed, after the objects were put. */
TEST(objects_that_do_not_work_any_more)
{
    IFileSystemImage3 *image = fsi_image();
    FsiFileSystems kinds = FsiFileSystemUDF;
    struct test_session session;

    if (!image) return;
    test_session_init(&session, NULL, 999);
    check_pair(put_one(image, &session), I1, L"put_MultisessionInterfaces", S_OK);
    for (int i = 0; i < 2; i++)
    {
        session.supported = VARIANT_FALSE;
        session.supported_result = i ? E_IMAPI_RECORDER_MEDIA_NO_MEDIA : S_OK;
        check_told(IFileSystemImage3_ImportFileSystem(image, &kinds), I1, L"ImportFileSystem",
                   IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, NULL);
        check_told(IFileSystemImage3_ImportSpecificFileSystem(image, FsiFileSystemUDF), I1,
                   L"ImportSpecificFileSystem", IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, NULL);
        ok_int(kinds, FsiFileSystemNone, "imported");
    }
    session.supported_result = E_IMAPI_RECORDER_LOCKED;
    ok_hr(IFileSystemImage3_ImportFileSystem(image, &kinds), E_IMAPI_RECORDER_LOCKED,
          "with the recorder held");
    ok_hr(put_one(image, &session), E_IMAPI_RECORDER_LOCKED, "put with the recorder held");
    check_last_release(image);
    ok_int(session.references, 1, "references");
}

/* A drive whose current profile is that of a CD-ROM: MMC-6 6.6, 5.3.1. */
TEST(disc_that_nobody_writes_is_not_allowed)
{
    IFileSystemImage3 *image = fsi_image();
    struct test_session session;
    IDiscRecorder2 *recorder;

    if (!image) return;
    test_recorder_set("cd-r", NULL);
    test_recorder_faults(0, "GET CONFIGURATION -> data 0000000C000000080000030400080100");
    if ((recorder = test_recorder_open(0)))
    {
        test_session_init(&session, recorder, 999);
        session.supported = VARIANT_FALSE;
        check_put(put_one(image, &session), IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED, NULL);
        check_last_release(recorder);
    }
    test_recorders_end();
    check_last_release(image);
}

TEST(null_out_pointers_are_refused)
{
    IFileSystemImage3 *image = fsi_image();

    if (!image) return;
    check_pair(IFileSystemImage3_get_SessionStartBlock(image, NULL), I1, L"get_SessionStartBlock", E_POINTER);
    check_pair(IFileSystemImage3_get_ImportedVolumeName(image, NULL), I1, L"get_ImportedVolumeName",
               E_POINTER);
    check_last_release(image);
}

TEST_MAIN(
    TEST_CASE(no_array_no_objects_and_objects_of_another_kind_are_refused),
    TEST_CASE(the_object_in_use_must_work),
    TEST_CASE(without_one_in_use_the_first_that_works_is_taken),
    TEST_CASE(a_blank_disc_has_no_session_before),
    TEST_CASE(values_that_cannot_be_had_or_believed_are_bad_parameters),
    TEST_CASE(what_is_asked_later_may_fail_later),
    TEST_CASE(objects_that_do_not_work_any_more),
    TEST_CASE(disc_that_nobody_writes_is_not_allowed),
    TEST_CASE(null_out_pointers_are_refused))
