/*
 * The COM kit: one implementation of IUnknown, IDispatch, ISupportErrorInfo, IProvideClassInfo2, IMarshal and
 * IConnectionPointContainer for every class of the three DLLs. It knows nothing of IMAPI. Beside this header:
 * com/values.h (texts, arrays, enumerators) and com/stream.h (IStream over a source, a source over IStream).
 *
 * Every interface pointer handed out points at a slot: the vtable and the way back to the object. So one
 * function serves all interfaces of all classes, driven by the class's table. A class is written like this:
 *
 *     struct disc_master
 *     {
 *         struct com_object base;                     first, so that a slot leads here
 *         struct host_drives drives;
 *     };
 *
 *     static HRESULT STDMETHODCALLTYPE disc_master_get_Item(IDiscMaster2 *iface, LONG index, BSTR *value)
 *     {
 *         struct disc_master *self = COM_SELF(struct disc_master, iface);
 *
 *         COM_TRACE(iface, "%ld, %p", index, value);
 *         if (!value) return com_fail(iface, E_POINTER);
 *         *value = NULL;
 *         if (index < 0 || (size_t)index >= self->drives.count) return com_fail(iface, E_INVALIDARG);
 *         return com_return_text(self->drives.items[index].id, value);
 *     }
 *
 *     static const IDiscMaster2Vtbl disc_master_vtbl =
 *     {
 *         COM_DISPATCH(IDiscMaster2),                 IUnknown and IDispatch, from the kit
 *         disc_master_get__NewEnum,
 *         disc_master_get_Item,
 *         ...
 *     };
 *
 *     static const struct com_iface disc_master_ifaces[] =
 *     {
 *         { &IID_IDiscMaster2, &disc_master_vtbl },   row 0: the default interface and the identity
 *         { &IID_IBaseOfIt, NULL },                   no vtable: answered by the slot of the row above
 *         COM_STANDARD_IFACES,
 *         COM_EVENT_IFACES,                           only for classes with .events
 *     };
 *
 *     static const IID *const disc_master_events[] = { &IID_DDiscMaster2Events, NULL };
 *
 *     const struct com_class disc_master_class =
 *     {
 *         .clsid = &CLSID_MsftDiscMaster2, .progid = L"IMAPI2.MsftDiscMaster2", .version = 1,
 *         .size = sizeof(struct disc_master), .init = disc_master_init, .destroy = disc_master_destroy,
 *         .ifaces = disc_master_ifaces, .iface_count = COM_COUNT(disc_master_ifaces),
 *         .events = disc_master_events,
 *     };
 *
 * Methods check and clear their out parameters first; then arguments; then state; then they work. Objects are
 * free-threaded: a method may be called on any thread, by several at once.
 */
#ifndef OPENIMAPI_COM_H
#define OPENIMAPI_COM_H

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>
#include <ole2.h>
#include <oleauto.h>
#include <ocidl.h>

#include "openimapi/log.h"

struct com_class;
struct com_object;

#define COM_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- objects -------------------------------------------------------------------------------------------- */

/* One row of a class: an interface that it answers. A row without a vtable is answered by the slot of the row
   above: a base interface of it. A vtable that starts with COM_DISPATCH makes the slot an IDispatch too. */
struct com_iface
{
    const IID *iid;
    const void *vtbl;
};

/* What an interface pointer points at. */
struct com_slot
{
    const void *vtbl;
    struct com_object *object;
    const struct com_iface *row;        /* the row with this vtable */
};

struct com_events;

/* First member of every object. Fields are the kit's, but for lock. */
struct com_object
{
    const struct com_class *class;
    LONG references;
    SRWLOCK lock;                       /* the class's own, not recursive; see com_lock */
    IUnknown *marshaler;                /* the free-threaded one, made when first asked for */
    struct com_events *events;          /* NULL until the first sink comes */
    struct com_slot *slots;             /* one for each row; those of rows without vtable are unused */
};

struct com_class
{
    const CLSID *clsid;                 /* NULL: no coclass (event arguments); then no IProvideClassInfo */
    const WCHAR *progid;                /* without version, "IMAPI2.MsftDiscMaster2"; NULL: none */
    const WCHAR *alias;                 /* a second ProgID for the same class, or NULL */
    unsigned version;                   /* of the ProgID: 1 gives "IMAPI2.MsftDiscMaster2.1" */
    BOOL noncreatable;                  /* comes from another object only: no factory, not registered */
    size_t size;                        /* of the whole struct */

    /* Fills the struct, which arrives zeroed with one reference and with its slots working. args is what
       com_create was given, NULL from a class factory. On failure undoes what it did (destroy is not called)
       and returns the code. NULL: nothing to do. */
    HRESULT (*init)(struct com_object *object, void *args);
    /* The last reference is gone: release what the struct holds, not the struct. NULL: nothing to do. */
    void (*destroy)(struct com_object *object);

    const struct com_iface *ifaces;     /* row 0 is the default interface */
    unsigned iface_count;
    const IID *const *events;           /* outgoing dispinterfaces, default first, NULL at the end; or NULL */
};

/* Makes an object and asks it for an interface. iid may be any that the class answers. *out is cleared on
   failure: E_POINTER, E_OUTOFMEMORY, E_NOINTERFACE, or what init said. Aggregation does not exist. */
HRESULT com_create(const struct com_class *class, void *args, REFIID iid, void **out);

/* The same for use inside the DLL: the object itself, with one reference. */
HRESULT com_new(const struct com_class *class, void *args, struct com_object **out);

ULONG com_addref(struct com_object *object);
ULONG com_release(struct com_object *object);

/* From an interface pointer that is known to be ours (the first argument of a method). */
#define COM_OBJECT(iface) (((struct com_slot *)(iface))->object)
#define COM_SELF(type, iface) ((type *)COM_OBJECT(iface))

/* The interface of a row with a vtable, not counted: COM_IFACE(IDiscRecorder2, &self->base, 0). */
#define COM_IFACE(type, object, row) ((type *)&(object)->slots[row])

/* The object behind an interface pointer from outside when it is one of that class in this DLL, else NULL (a
   proxy, a wrapper, somebody else's). Counts nothing. iface may be NULL. */
struct com_object *com_own_object(void *iface, const struct com_class *class);

/* The object's lock, for its fields. Short: never held while a drive works or a client's object is called (a
   stream, a storage, a sink; AddRef and Release of one count as calls). */
static inline void com_lock(struct com_object *object) { AcquireSRWLockExclusive(&object->lock); }
static inline void com_unlock(struct com_object *object) { ReleaseSRWLockExclusive(&object->lock); }

/* --- vtables -------------------------------------------------------------------------------------------- */

HRESULT STDMETHODCALLTYPE com_QueryInterface(IUnknown *iface, REFIID iid, void **out);
ULONG STDMETHODCALLTYPE com_AddRef(IUnknown *iface);
ULONG STDMETHODCALLTYPE com_Release(IUnknown *iface);
HRESULT STDMETHODCALLTYPE com_GetTypeInfoCount(IDispatch *iface, UINT *count);
HRESULT STDMETHODCALLTYPE com_GetTypeInfo(IDispatch *iface, UINT index, LCID lcid, ITypeInfo **out);
HRESULT STDMETHODCALLTYPE com_GetIDsOfNames(IDispatch *iface, REFIID iid, LPOLESTR *names, UINT count,
                                            LCID lcid, DISPID *ids);
HRESULT STDMETHODCALLTYPE com_Invoke(IDispatch *iface, DISPID id, REFIID iid, LCID lcid, WORD flags,
                                     DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad);

/* The first three entries of a vtable of interface I. */
#define COM_UNKNOWN(I)                                                                                       \
    (HRESULT(STDMETHODCALLTYPE *)(I *, REFIID, void **))com_QueryInterface,                                  \
    (ULONG(STDMETHODCALLTYPE *)(I *))com_AddRef,                                                             \
    (ULONG(STDMETHODCALLTYPE *)(I *))com_Release

/* The first seven: for dual interfaces and others derived from IDispatch. The type information is the one
   that the DLL's own type library has for the row's IID. */
#define COM_DISPATCH(I)                                                                                      \
    COM_UNKNOWN(I),                                                                                          \
    (HRESULT(STDMETHODCALLTYPE *)(I *, UINT *))com_GetTypeInfoCount,                                         \
    (HRESULT(STDMETHODCALLTYPE *)(I *, UINT, LCID, ITypeInfo **))com_GetTypeInfo,                            \
    (HRESULT(STDMETHODCALLTYPE *)(I *, REFIID, LPOLESTR *, UINT, LCID, DISPID *))com_GetIDsOfNames,          \
    (HRESULT(STDMETHODCALLTYPE *)(I *, DISPID, REFIID, LCID, WORD, DISPPARAMS *, VARIANT *, EXCEPINFO *,     \
                                  UINT *))com_Invoke

extern const ISupportErrorInfoVtbl com_error_info_vtbl;
extern const IProvideClassInfo2Vtbl com_class_info_vtbl;
extern const IConnectionPointContainerVtbl com_container_vtbl;

/* Rows for the end of a table. IMarshal (free-threaded) and IAgileObject are answered without a row. */
#define COM_STANDARD_IFACES                                                                                  \
    { &IID_ISupportErrorInfo, &com_error_info_vtbl },                                                        \
    { &IID_IProvideClassInfo2, &com_class_info_vtbl },                                                       \
    { &IID_IProvideClassInfo, NULL }
#define COM_EVENT_IFACES { &IID_IConnectionPointContainer, &com_container_vtbl }

/* --- errors --------------------------------------------------------------------------------------------- */

/* A value for %1, %2 ... of a message text. */
struct com_insert
{
    const WCHAR *text;                  /* NULL: the number counts */
    LONGLONG number;
};

static inline struct com_insert com_insert_text(const WCHAR *text)
{
    return (struct com_insert){ .text = text ? text : L"" };
}

#define COM_TEXT(value) com_insert_text(value)
#define COM_NUMBER(value) ((struct com_insert){ .number = (LONGLONG)(value) })

/*
 * Methods end a failure with one of these. They set the thread's IErrorInfo and return hr: the interface's
 * IID, the class's ProgID as source, and as text that of the DLL's message table in the user's language, else
 * in English, else the system's text for hr. iface is the method's own first argument.
 *
 *     return com_fail(iface, E_IMAPI_RECORDER_REQUIRED);
 *     return com_fail_with(iface, IMAPI_E_IMAGE_SIZE_LIMIT, COM_TEXT(path));
 *     return com_fail_with(iface, IMAPI_E_WORKING_DIRECTORY_SPACE, COM_TEXT(path), COM_NUMBER(bytes_free),
 *                          COM_NUMBER(bytes_needed));
 *     return com_fail_cause(iface, IMAPI_E_DIRECTORY_READ_FAILURE, HRESULT_FROM_WIN32(error),
 *                           COM_TEXT(path));
 *
 * com_fail_cause appends the system's text of the cause, for texts that end with a colon. A success code is
 * returned as it is, with nothing set. The inserts are shown as the text says (%1!s!, %2!I64d!, %3!08X!); a
 * missing one leaves its "%1" in the text.
 */
HRESULT com_fail(void *iface, HRESULT hr);
HRESULT com_fail_args(void *iface, HRESULT hr, HRESULT cause, const struct com_insert *inserts, size_t count);

#define com_fail_with(iface, hr, ...) com_fail_cause(iface, hr, S_OK, __VA_ARGS__)
#define com_fail_cause(iface, hr, cause, ...)                                                                \
    com_fail_args(iface, hr, cause, (const struct com_insert[]){ __VA_ARGS__ },                              \
                  COM_COUNT(((const struct com_insert[]){ __VA_ARGS__ })))

/* Passes on a failure that somebody else's object returned, keeping the IErrorInfo it left, or setting the
   text of com_fail when it left none. */
HRESULT com_forward(void *iface, HRESULT hr);

/* The text alone, as com_fail would set it; language 0: the user's. NULL when memory is out; free with
   SysFreeString. */
BSTR com_message(HRESULT hr, LANGID language, HRESULT cause, const struct com_insert *inserts, size_t count);

/* --- events --------------------------------------------------------------------------------------------- */

/*
 * Calls every sink of one outgoing interface, on this thread, through IDispatch::Invoke, with no lock held.
 * args are in declared order and stay the caller's. A sink may unadvise, advise and call back into the object
 * while it runs; what it returns does not matter. Sinks of another apartment are called through their proxy.
 *
 *     VARIANT args[2] = { COM_ARG_DISPATCH(iface), COM_ARG_DISPATCH(progress) };
 *
 *     com_fire(&self->base, &IID_DDiscFormat2DataEvents, 0x200, args, 2);
 */
void com_fire(struct com_object *object, const IID *event, DISPID id, const VARIANT *args, unsigned count);

/* False when nobody listens: then the arguments need not be built. */
BOOL com_has_sinks(struct com_object *object, const IID *event);

#define COM_ARG_DISPATCH(value) ((VARIANT){ .vt = VT_DISPATCH, .pdispVal = (IDispatch *)(value) })
#define COM_ARG_LONG(value) ((VARIANT){ .vt = VT_I4, .lVal = (value) })
#define COM_ARG_BSTR(value) ((VARIANT){ .vt = VT_BSTR, .bstrVal = (value) })

/* --- pointers to clients' objects ----------------------------------------------------------------------- */

/*
 * A counted pointer to somebody's object that is kept beyond the call and used on whatever thread comes later
 * (a sink, a stream, a recorder): a free-threaded object may not call such a pointer from another apartment.
 * Holds it through the global interface table, unless it is agile or has no way to be marshalled.
 */
struct com_ref
{
    IUnknown *direct;                   /* counted when cookie is 0, else kept alive by the table */
    ULONG_PTR context;                  /* where direct may be called without a proxy */
    DWORD cookie;                       /* of the global interface table; 0: none */
    IID iid;
};

/* Takes pointer, an interface of that iid, into a zeroed struct. At worst it is kept as it is. */
void com_ref_set(struct com_ref *ref, void *pointer, REFIID iid);

/* A counted pointer that may be called on this thread. RPC_E_* when the object's apartment is gone. E_POINTER
   when nothing is held. */
HRESULT com_ref_get(const struct com_ref *ref, void **out);

/* Lets go; afterwards nothing is held. Harmless on a zeroed struct. */
void com_ref_clear(struct com_ref *ref);

/* --- taking turns --------------------------------------------------------------------------------------- */

/*
 * What several threads want to do and one at a time may, when it calls clients' objects or takes long, so
 * that no lock may be held (see com_lock). Whoever waits lets calls of other apartments in meanwhile, for the
 * holder may need them; so a method that waits may be entered again on its own thread.
 */
struct com_turn
{
    SRWLOCK lock;
    HANDLE idle;
    DWORD holder;                       /* its thread; 0: nobody's turn */
    unsigned waiting;                   /* threads: the event is set for them only */
};

/* Fails with E_OUTOFMEMORY; com_turn_clear is harmless then, and on a zeroed struct. */
HRESULT com_turn_init(struct com_turn *turn);
void com_turn_clear(struct com_turn *turn);

/* Waits until it is this thread's turn. FALSE, with nothing taken: it was already, further up the stack. */
BOOL com_turn_take(struct com_turn *turn);
void com_turn_give(struct com_turn *turn);

/* --- the DLL -------------------------------------------------------------------------------------------- */

/* Each DLL defines exactly one, named com_dll, in its classes.c. Class factory, registration and type
   information are driven by it; DllMain and the four other exports come from the kit. */
struct com_dll
{
    const WCHAR *name;                  /* "IMAPI2": of the AppID; error source of classes without ProgID */
    const GUID *libid;                  /* type library in the DLL's own resource; NULL: none to speak of */
    WORD major, minor;                  /* its version */
    const GUID *appid;                  /* names the surrogate that serves local-server-only callers */
    const struct com_class *const *classes; /* all, creatable or not; NULL at the end */
};

extern const struct com_dll com_dll;

/* The module that holds this code. */
HMODULE com_module(void);

/* Objects and factory locks alive: DllCanUnloadNow says S_OK at 0. */
LONG com_live_count(void);

/* Type information of an interface or coclass in the DLL's type library, counted. TYPE_E_ELEMENTNOTFOUND. */
HRESULT com_type_info(REFGUID guid, ITypeInfo **out);

/* --- trace ---------------------------------------------------------------------------------------------- */

/* First line of a method: COM_TRACE(iface, "%ld, %p", index, value), or COM_ENTER(iface) if there is nothing
   to show. Costs one test when tracing is off. Wide text goes through com_trace_text, four in a line. */
#define COM_TRACE(iface, ...) (log_enabled(LOG_TRACE) ? com_trace(iface, __func__, __VA_ARGS__) : (void)0)
#define COM_ENTER(iface) COM_TRACE(iface, "%s", "")
void com_trace(void *iface, const char *method, const char *format, ...)
    __attribute__((format(gnu_printf, 3, 4)));
const char *com_trace_text(const WCHAR *text);

#endif
