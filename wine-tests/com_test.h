/*
 * What tests of COM classes share: loading a DLL by path, the rules every object obeys, result codes with
 * their IErrorInfo, calls by name as scripts make them, and a sink that records. The DLLs come from the
 * folder in OPENIMAPI_DLL_DIR, else from the one above the program's; nothing need be registered.
 */
#ifndef WINE_TESTS_COM_TEST_H
#define WINE_TESTS_COM_TEST_H

#include "test.h"

#include <ole2.h>
#include <oleauto.h>
#include <ocidl.h>

/* --- objects -------------------------------------------------------------------------------------------- */

/* Loads a DLL once ("imapi2.dll"), or NULL and a failed check. */
HMODULE com_test_dll(const char *name);

/* Through DllGetClassObject and its factory. */
HRESULT com_test_create(const char *dll, REFCLSID clsid, REFIID iid, void **out);

/* DllCanUnloadNow. */
HRESULT com_test_can_unload(const char *dll);

/* Interfaces, ended by NULL, that the object has, and that it lacks (E_NOINTERFACE, pointer cleared). */
#define check_interfaces(object, has, lacks) test_interfaces(__FILE__, __LINE__, object, has, lacks)
void test_interfaces(const char *file, int line, void *object, const IID *const *has,
                     const IID *const *lacks);

/* The rules of identity over these interfaces: one IUnknown, from each to each and back, stable,
   QueryInterface with NULL is E_POINTER, and no reference is left over. */
#define check_identity(object, interfaces) test_identity(__FILE__, __LINE__, object, interfaces)
void test_identity(const char *file, int line, void *object, const IID *const *interfaces);

/* Release that must be the last one. */
#define check_last_release(object) test_last_release(__FILE__, __LINE__, object)
void test_last_release(const char *file, int line, void *object);

/* --- result codes --------------------------------------------------------------------------------------- */

/* A result code. When it is the expected one, "interface<TAB>method<TAB>0xvalue" is appended to the file that
   OPENIMAPI_PAIRS names, in the spelling of returns.tsv: L"IDiscFormat2Data", L"get_Recorder". */
#define check_pair(hr, interface_, method, expected)                                                         \
    test_pair(__FILE__, __LINE__, hr, interface_, method, expected)
int test_pair(const char *file, int line, HRESULT hr, const WCHAR *interface_, const WCHAR *method,
              HRESULT expected);

/* The thread's IErrorInfo, which a failed call just left: from this interface, this source (NULL: any), with
   a text that contains the part (NULL: any text that is not empty). Takes it away. */
#define check_error_info(iid, source, part) test_error_info(__FILE__, __LINE__, iid, source, part)
int test_error_info(const char *file, int line, REFIID iid, const WCHAR *source, const WCHAR *part);

/* Both in one, for a failure. */
#define check_error(hr, expected, iid, part) test_error(__FILE__, __LINE__, hr, expected, iid, part)
int test_error(const char *file, int line, HRESULT hr, HRESULT expected, REFIID iid, const WCHAR *part);

/* No IErrorInfo is set. */
#define check_no_error_info() test_no_error_info(__FILE__, __LINE__)
int test_no_error_info(const char *file, int line);

/* --- calls by name -------------------------------------------------------------------------------------- */

/*
 * As a script does it: GetIDsOfNames, then Invoke. flags are DISPATCH_METHOD, DISPATCH_PROPERTYGET,
 * DISPATCH_PROPERTYPUT, DISPATCH_PROPERTYPUTREF. args are in declared order and stay the caller's; for puts
 * the last one is the value. *result (NULL allowed) is VT_EMPTY on failure. The plain form gives Invoke's
 * code, or that of the method when it is DISP_E_EXCEPTION; test_invoke_ex shows both.
 */
HRESULT test_invoke(void *object, const WCHAR *name, WORD flags, VARIANT *args, UINT count, VARIANT *result);
HRESULT test_invoke_ex(void *object, DISPID id, WORD flags, VARIANT *args, UINT count, VARIANT *result,
                       EXCEPINFO *exception, UINT *bad);

HRESULT test_get(void *object, const WCHAR *name, VARIANT *result);     /* METHOD|PROPERTYGET, no arguments */
HRESULT test_put(void *object, const WCHAR *name, VARIANT value);       /* PROPERTYPUT */
HRESULT test_putref(void *object, const WCHAR *name, VARIANT value);    /* PROPERTYPUTREF, as Set does */

static inline VARIANT test_v_i4(LONG value) { return (VARIANT){ .vt = VT_I4, .lVal = value }; }
static inline VARIANT test_v_i2(SHORT value) { return (VARIANT){ .vt = VT_I2, .iVal = value }; }
static inline VARIANT test_v_bool(int value) { return (VARIANT){ .vt = VT_BOOL, .boolVal = value ? -1 : 0 }; }
static inline VARIANT test_v_bstr(BSTR value) { return (VARIANT){ .vt = VT_BSTR, .bstrVal = value }; }
static inline VARIANT test_v_unknown(void *value) { return (VARIANT){ .vt = VT_UNKNOWN, .punkVal = value }; }
static inline VARIANT test_v_disp(void *value) { return (VARIANT){ .vt = VT_DISPATCH, .pdispVal = value }; }

/* --- sinks ---------------------------------------------------------------------------------------------- */

#define TEST_SINK_ARGS 8
#define TEST_SINK_CALLS 512

struct test_call
{
    DISPID id;
    WORD flags;
    UINT count;                         /* of args */
    VARIANT args[TEST_SINK_ARGS];       /* in declared order, copied */
    DWORD thread;
};

/* A client's sink with seven vtable entries: IUnknown and IDispatch, of which only Invoke does something.
   Zero it, set the fields, test_sink_init. The memory is the test's; references counts from 1. */
struct test_sink
{
    IDispatch iface;
    LONG references;
    const IID *event;                   /* answered beside IUnknown and IDispatch; NULL: nothing more */
    BOOL no_dispatch;                   /* IDispatch is not answered */
    HRESULT (*on_call)(struct test_sink *sink, const struct test_call *call);   /* NULL: S_OK */
    void *context;                      /* for on_call */
    HRESULT result;                     /* what Invoke returns without on_call */
    LONG total;                         /* calls in all; the first TEST_SINK_CALLS are kept */
    struct test_call calls[TEST_SINK_CALLS];
};

void test_sink_init(struct test_sink *sink);

/* Forgets the calls. */
void test_sink_clear(struct test_sink *sink);

HRESULT test_advise(void *object, REFIID event, void *sink, DWORD *cookie);
HRESULT test_unadvise(void *object, REFIID event, DWORD cookie);

#endif
