/* Private to the kit: what its files share with each other. */
#ifndef OPENIMAPI_COM_ROOM_H
#define OPENIMAPI_COM_ROOM_H

#include "com/com.h"

#include <stdlib.h>

/* IID_IAgileObject, which older headers lack. */
extern const IID com_iid_agile;

/* Counting for DllCanUnloadNow. */
void com_live_add(void);
void com_live_remove(void);

/* Drops the type information, at DLL_PROCESS_DETACH. */
void com_types_release(void);

/* True when the vtable starts with COM_DISPATCH. */
BOOL com_is_dispatch(const void *vtbl);

/* Frees the sinks; NULL is allowed. Called with nobody else on the object. */
void com_events_free(struct com_events *events);

/* The free-threaded marshaler of outer, made once and kept in *kept, asked for iid. */
HRESULT com_marshaler(IUnknown *outer, IUnknown **kept, REFIID iid, void **out);

/* One line at level info for a failure that leaves the DLL. */
void com_log_failure(const struct com_slot *slot, HRESULT hr, const WCHAR *text);

/* An enumerator over count elements that are copied; see enumerators.c. */
struct com_enum_ops
{
    size_t size;                        /* bytes of one element */
    BOOL fetched_optional;              /* Next may leave out the count for more than one element */
    HRESULT (*copy)(void *to, const void *from);
    void (*clear)(void *element);       /* also takes a zeroed one */
};

HRESULT com_enum_make(const struct com_class *class, const struct com_enum_ops *ops, const void *elements,
                      size_t count, void **out);

/* Writes to the registry all that register.c says the DLL needs, or takes away what is there of it. */
HRESULT com_register(void);
HRESULT com_unregister(void);

/* {xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx} */
#define COM_GUID_TEXT 39

#endif
