/* MsftMultisessionSequential and MsftMultisessionRandomWrite, as the data writer hands them out. */
#include "recorders.h"

#include <string.h>

#define BASE(call, method, code)        check_pair(call, L"IMultisession", L##method, code)
#define SEQUENTIAL(call, method, code)  check_pair(call, L"IMultisessionSequential", L##method, code)
#define SEQUENTIAL2(call, method, code) check_pair(call, L"IMultisessionSequential2", L##method, code)
#define RANDOM(call, method, code)      check_pair(call, L"IMultisessionRandomWrite", L##method, code)
#define MIB                             (1024 * 1024)

struct bench
{
    IDiscRecorder2 *recorder;
    IDiscFormat2Data *writer;
    IMultisessionSequential2 *sequential;
    IMultisessionRandomWrite *random;
};

/* Of a fresh array each time: the objects are live, not snapshots. */
static BOOL interfaces(struct bench *bench)
{
    SAFEARRAY *array = NULL, *again = NULL;
    const VARIANT *items;

    bench->sequential = NULL;
    bench->random = NULL;
    check_pair(IDiscFormat2Data_get_MultisessionInterfaces(bench->writer, &array), L"IDiscFormat2Data",
               L"get_MultisessionInterfaces", S_OK);
    check_pair(IDiscFormat2Data_get_MultisessionInterfaces(bench->writer, &again), L"IDiscFormat2Data",
               L"get_MultisessionInterfaces", S_OK);
    ok(array != again, "the same array twice");
    SafeArrayDestroy(again);
    if (!ok(array && array->rgsabound[0].cElements, "no interfaces")) return FALSE;
    items = array->pvData;
    for (ULONG i = 0; i < array->rgsabound[0].cElements; i++)
    {
        if (!ok(V_VT(&items[i]) == VT_DISPATCH, "type %d", V_VT(&items[i]))) continue;
        if (!bench->sequential)
            IDispatch_QueryInterface(V_DISPATCH(&items[i]), &IID_IMultisessionSequential2,
                                     (void **)&bench->sequential);
        if (!bench->random)
            IDispatch_QueryInterface(V_DISPATCH(&items[i]), &IID_IMultisessionRandomWrite,
                                     (void **)&bench->random);
    }
    SafeArrayDestroy(array);
    return ok(bench->sequential && bench->random, "both kinds are there");
}

static BOOL begin(struct bench *bench, const char *medium)
{
    test_recorder_set(medium, NULL);
    if (!(bench->recorder = test_recorder_open(0))) return FALSE;
    return (bench->writer = test_writer_open(bench->recorder)) && interfaces(bench);
}

static void end(struct bench *bench)
{
    check_last_release(bench->sequential);
    check_last_release(bench->random);
    if (bench->writer) check_last_release(bench->writer);
    check_last_release(bench->recorder);
    test_recorders_end();
}

static void burn(struct bench *bench, DWORD seed)
{
    struct test_stream stream;

    test_stream_init(&stream, MIB);
    stream.seed = seed;
    ok_hr(IDiscFormat2Data_Write(bench->writer, &stream.iface), S_OK, "Write");
}

TEST(objects_obey_the_rules_of_com)
{
    static const IID *const its[] = { &IID_IMultisessionSequential2,
                                      &IID_IMultisessionSequential,
                                      &IID_IMultisession,
                                      &IID_IDispatch,
                                      &IID_ISupportErrorInfo,
                                      NULL };
    static const IID *const others[] = { &IID_IMultisessionRandomWrite, &IID_IDiscFormat2Data, NULL };
    static const IID *const random[] = { &IID_IMultisessionRandomWrite, &IID_IMultisession, &IID_IDispatch,
                                         &IID_ISupportErrorInfo, NULL };
    static const IID *const not_random[] = { &IID_IMultisessionSequential, &IID_IMultisessionSequential2,
                                             NULL };
    struct bench bench;

    if (!begin(&bench, "cd-r")) return;
    check_interfaces(bench.sequential, its, others);
    check_identity(bench.sequential, its);
    check_interfaces(bench.random, random, not_random);
    check_identity(bench.random, random);
    end(&bench);
}

TEST(null_out_pointers_are_refused)
{
    struct bench bench;

    if (!begin(&bench, "cd-r")) return;
    BASE(IMultisessionSequential2_get_IsSupportedOnCurrentMediaState(bench.sequential, NULL),
         "get_IsSupportedOnCurrentMediaState", E_POINTER);
    check_error_info(&IID_IMultisessionSequential2, NULL, NULL);
    BASE(IMultisessionSequential2_get_InUse(bench.sequential, NULL), "get_InUse", E_POINTER);
    BASE(IMultisessionSequential2_get_ImportRecorder(bench.sequential, NULL), "get_ImportRecorder",
         E_POINTER);
    SEQUENTIAL(IMultisessionSequential2_get_IsFirstDataSession(bench.sequential, NULL),
               "get_IsFirstDataSession", E_POINTER);
    SEQUENTIAL(IMultisessionSequential2_get_StartAddressOfPreviousSession(bench.sequential, NULL),
               "get_StartAddressOfPreviousSession", E_POINTER);
    SEQUENTIAL(IMultisessionSequential2_get_NextWritableAddress(bench.sequential, NULL),
               "get_NextWritableAddress", E_POINTER);
    SEQUENTIAL(IMultisessionSequential2_get_FreeSectorsOnMedia(bench.sequential, NULL),
               "get_FreeSectorsOnMedia", E_POINTER);
    SEQUENTIAL2(IMultisessionSequential2_get_WriteUnitSize(bench.sequential, NULL), "get_WriteUnitSize",
                E_POINTER);
    RANDOM(IMultisessionRandomWrite_get_WriteUnitSize(bench.random, NULL), "get_WriteUnitSize", E_POINTER);
    RANDOM(IMultisessionRandomWrite_get_LastWrittenAddress(bench.random, NULL), "get_LastWrittenAddress",
           E_POINTER);
    RANDOM(IMultisessionRandomWrite_get_TotalSectorsOnMedia(bench.random, NULL), "get_TotalSectorsOnMedia",
           E_POINTER);
    check_error_info(&IID_IMultisessionRandomWrite, NULL, NULL);
    end(&bench);
}

/* Open point: neither kind is in use until somebody says so. */
TEST(use_is_kept_and_the_recorder_given_back)
{
    IDiscRecorder2 *recorder = NULL;
    VARIANT_BOOL flag = 17;
    struct bench bench;

    if (!begin(&bench, "cd-r")) return;
    BASE(IMultisessionSequential2_get_InUse(bench.sequential, &flag), "get_InUse", S_OK);
    ok_int(flag, VARIANT_FALSE, "default");
    BASE(IMultisessionSequential2_put_InUse(bench.sequential, 1), "put_InUse", S_OK);
    BASE(IMultisessionSequential2_get_InUse(bench.sequential, &flag), "get_InUse", S_OK);
    ok_int(flag, VARIANT_TRUE, "in use");
    BASE(IMultisessionSequential2_get_ImportRecorder(bench.sequential, &recorder), "get_ImportRecorder",
         S_OK);
    ok(recorder == bench.recorder, "another recorder");
    if (recorder) IDiscRecorder2_Release(recorder);
    end(&bench);
}

/* The writer's disc is told, also when the writer has gone. */
TEST(kinds_suit_their_discs)
{
    static const struct
    {
        const char *medium;
        BOOL random;
        LONG unit;
    } cases[] =
    {
        { "cd-r", FALSE, 1 },   { "cd-rw", FALSE, 1 }, { "dvd+r", FALSE, 16 },
        { "dvd+rw", TRUE, 16 }, { "bd-r", FALSE, 32 }, { "bd-re", TRUE, 32 },
    };
    struct bench bench;
    VARIANT_BOOL flag;
    LONG value;

    for (size_t i = 0; i < ARRAYSIZE(cases); i++)
    {
        test_push("%s", cases[i].medium);
        if (begin(&bench, cases[i].medium))
        {
            check_last_release(bench.writer);
            bench.writer = NULL;
            BASE(IMultisessionSequential2_get_IsSupportedOnCurrentMediaState(bench.sequential, &flag),
                 "get_IsSupportedOnCurrentMediaState", S_OK);
            ok_int(flag, cases[i].random ? VARIANT_FALSE : VARIANT_TRUE, "sequential");
            BASE(IMultisessionRandomWrite_get_IsSupportedOnCurrentMediaState(bench.random, &flag),
                 "get_IsSupportedOnCurrentMediaState", S_OK);
            ok_int(flag, cases[i].random ? VARIANT_TRUE : VARIANT_FALSE, "random");
            SEQUENTIAL2(IMultisessionSequential2_get_WriteUnitSize(bench.sequential, &value),
                        "get_WriteUnitSize", S_OK);
            ok_int(value, cases[i].unit, "unit");
            if (cases[i].random)
            {
                RANDOM(IMultisessionRandomWrite_get_WriteUnitSize(bench.random, &value), "get_WriteUnitSize",
                       S_OK);
                ok_int(value, cases[i].unit, "unit");
                RANDOM(IMultisessionRandomWrite_get_TotalSectorsOnMedia(bench.random, &value),
                       "get_TotalSectorsOnMedia", S_OK);
                ok(value > 2000000, "total is %ld", value);
                RANDOM(IMultisessionRandomWrite_get_LastWrittenAddress(bench.random, &value),
                       "get_LastWrittenAddress", E_NOTIMPL); /* such drives keep no record */
            }
            else
            {
                RANDOM(IMultisessionRandomWrite_get_WriteUnitSize(bench.random, &value), "get_WriteUnitSize",
                       E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);
                RANDOM(IMultisessionRandomWrite_get_LastWrittenAddress(bench.random, &value),
                       "get_LastWrittenAddress", E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);
                RANDOM(IMultisessionRandomWrite_get_TotalSectorsOnMedia(bench.random, &value),
                       "get_TotalSectorsOnMedia", E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);
                check_error_info(&IID_IMultisessionRandomWrite, NULL, NULL);
            }
            end(&bench);
        }
        test_pop();
    }
}

TEST(addresses_are_those_of_the_writer)
{
    LONG start, last, next, room, value;
    struct bench bench;
    VARIANT_BOOL flag;

    if (!begin(&bench, "cd-r")) return;
    for (int session = 0; session < 3; session++)
    {
        test_push("after %d sessions", session);
        ok_hr(IDiscFormat2Data_get_StartAddressOfPreviousSession(bench.writer, &start), S_OK, "start");
        ok_hr(IDiscFormat2Data_get_LastWrittenAddressOfPreviousSession(bench.writer, &last), S_OK, "last");
        ok_hr(IDiscFormat2Data_get_NextWritableAddress(bench.writer, &next), S_OK, "next");
        ok_hr(IDiscFormat2Data_get_FreeSectorsOnMedia(bench.writer, &room), S_OK, "free");
        ok(session ? start >= 0 && last > start && next > last : start == -1 && last == -1 && !next,
           "start %ld, last %ld, next %ld", start, last, next);
        SEQUENTIAL(IMultisessionSequential2_get_StartAddressOfPreviousSession(bench.sequential, &value),
                   "get_StartAddressOfPreviousSession", S_OK);
        ok_int(value, start, "start");
        SEQUENTIAL(IMultisessionSequential2_get_LastWrittenAddressOfPreviousSession(bench.sequential, &value),
                   "get_LastWrittenAddressOfPreviousSession", S_OK);
        ok_int(value, last, "last");
        SEQUENTIAL(IMultisessionSequential2_get_NextWritableAddress(bench.sequential, &value),
                   "get_NextWritableAddress", S_OK);
        ok_int(value, next, "next");
        SEQUENTIAL(IMultisessionSequential2_get_FreeSectorsOnMedia(bench.sequential, &value),
                   "get_FreeSectorsOnMedia", S_OK);
        ok_int(value, room, "free");
        SEQUENTIAL(IMultisessionSequential2_get_IsFirstDataSession(bench.sequential, &flag),
                   "get_IsFirstDataSession", S_OK);
        ok_int(flag, session ? VARIANT_FALSE : VARIANT_TRUE, "first data session");
        if (session < 2) burn(&bench, (DWORD)session + 1);
        test_pop();
    }
    end(&bench);
}

TEST(finished_disc_takes_no_session)
{
    VARIANT_BOOL flag = 17;
    struct bench bench;
    LONG value = 17;

    if (!begin(&bench, "dvd+r")) return;
    burn(&bench, 1);
    BASE(IMultisessionSequential2_get_IsSupportedOnCurrentMediaState(bench.sequential, &flag),
         "get_IsSupportedOnCurrentMediaState", S_OK);
    ok_int(flag, VARIANT_FALSE, "supported");
    SEQUENTIAL(IMultisessionSequential2_get_NextWritableAddress(bench.sequential, &value),
               "get_NextWritableAddress", E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);
    ok_int(value, 0, "value");
    SEQUENTIAL(IMultisessionSequential2_get_FreeSectorsOnMedia(bench.sequential, &value),
               "get_FreeSectorsOnMedia", E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);
    SEQUENTIAL(IMultisessionSequential2_get_StartAddressOfPreviousSession(bench.sequential, &value),
               "get_StartAddressOfPreviousSession", E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);
    SEQUENTIAL(IMultisessionSequential2_get_IsFirstDataSession(bench.sequential, &flag),
               "get_IsFirstDataSession", E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);
    SEQUENTIAL2(IMultisessionSequential2_get_WriteUnitSize(bench.sequential, &value), "get_WriteUnitSize",
                E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);
    end(&bench);
}

TEST(without_a_recorder_nothing_is_known)
{
    IDiscRecorder2 *recorder = (IDiscRecorder2 *)1;
    struct bench bench = { 0 };
    VARIANT_BOOL flag = 17;
    LONG value = 17;

    test_recorders_set(NULL, 0);
    if (!(bench.writer = test_writer_open(NULL)) || !interfaces(&bench)) return;
    BASE(IMultisessionSequential2_get_IsSupportedOnCurrentMediaState(bench.sequential, &flag),
         "get_IsSupportedOnCurrentMediaState", E_IMAPI_RECORDER_REQUIRED);
    check_error_info(&IID_IMultisessionSequential2, NULL, L"recorder");
    SEQUENTIAL(IMultisessionSequential2_get_IsFirstDataSession(bench.sequential, &flag),
               "get_IsFirstDataSession", E_IMAPI_RECORDER_REQUIRED);
    ok_hr(IMultisessionSequential2_get_NextWritableAddress(bench.sequential, &value),
          E_IMAPI_RECORDER_REQUIRED, "next");
    ok_hr(IMultisessionRandomWrite_get_TotalSectorsOnMedia(bench.random, &value), E_IMAPI_RECORDER_REQUIRED,
          "total");
    BASE(IMultisessionSequential2_get_ImportRecorder(bench.sequential, &recorder), "get_ImportRecorder",
         S_OK);
    ok(!recorder, "a recorder");
    check_last_release(bench.sequential);
    check_last_release(bench.random);
    check_last_release(bench.writer);
    test_recorders_end();
}

TEST(empty_drive_says_so)
{
    VARIANT_BOOL flag = 17;
    struct bench bench;

    if (!begin(&bench, "none")) return;
    BASE(IMultisessionSequential2_get_IsSupportedOnCurrentMediaState(bench.sequential, &flag),
         "get_IsSupportedOnCurrentMediaState", E_IMAPI_RECORDER_MEDIA_NO_MEDIA);
    ok_int(flag, VARIANT_FALSE, "value");
    end(&bench);
}

TEST_MAIN(TEST_CASE(objects_obey_the_rules_of_com), TEST_CASE(null_out_pointers_are_refused),
          TEST_CASE(use_is_kept_and_the_recorder_given_back), TEST_CASE(kinds_suit_their_discs),
          TEST_CASE(addresses_are_those_of_the_writer), TEST_CASE(finished_disc_takes_no_session),
          TEST_CASE(without_a_recorder_nothing_is_known), TEST_CASE(empty_drive_says_so))
