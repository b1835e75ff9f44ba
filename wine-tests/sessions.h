/*
 * A client's own multi-session object: says of a disc whatever the test wants, and reads it through a
 * recorder of ours or none.
 */
#ifndef WINE_TESTS_SESSIONS_H
#define WINE_TESTS_SESSIONS_H

#include "recorders.h"

enum test_session_kind
{
    TEST_SESSION_SEQUENTIAL,            /* IMultisessionSequential */
    TEST_SESSION_OTHER,                 /* IMultisession alone: a kind that nobody knows */
};

/* Zero it, test_session_init, then set fields. Counted from 1; the memory is the test's. */
struct test_session
{
    IMultisessionSequential iface;
    LONG references;
    enum test_session_kind kind;
    IDiscRecorder2 *recorder;           /* borrowed; NULL: get_ImportRecorder gives NULL */
    VARIANT_BOOL supported, in_use, first;
    LONG start, last, next, unit, total_free;
    /* What the members answer instead, when it is a failure. */
    HRESULT supported_result, in_use_result, recorder_result, address_result, last_result;
};

/* Supported, not in use, a session from 0 to last, then 16 blocks for nobody. */
void test_session_init(struct test_session *session, IDiscRecorder2 *recorder, LONG last);

/* A SAFEARRAY of VT_DISPATCH over objects. */
SAFEARRAY *test_array(void *const *objects, ULONG count);

#endif
