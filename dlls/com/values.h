/*
 * Values that cross the COM boundary: texts, SAFEARRAYs of VARIANT, enumerators. Every function that returns
 * through a pointer clears it first and needs it non-NULL: methods check their own out parameters.
 */
#ifndef OPENIMAPI_COM_VALUES_H
#define OPENIMAPI_COM_VALUES_H

#include "com/com.h"

static inline VARIANT_BOOL com_bool(int value) { return value ? VARIANT_TRUE : VARIANT_FALSE; }

/* A new BSTR; NULL text gives "". E_OUTOFMEMORY. Length is in units and may hide zeroes. */
HRESULT com_return_text(const WCHAR *text, BSTR *out);
HRESULT com_return_text_n(const WCHAR *text, size_t length, BSTR *out);

/* A counted pointer, or NULL for NULL: *out = pointer after AddRef. Always S_OK. */
HRESULT com_return_object(void *pointer, void *out);

/* --- arrays --------------------------------------------------------------------------------------------- */

/* A new SAFEARRAY of VARIANT, one dimension, lower bound 0, for the caller of a method to free. count 0 gives
   an array without elements. Objects are interfaces derived from IDispatch. E_OUTOFMEMORY. */
HRESULT com_array_of_texts(const WCHAR *const *texts, size_t count, SAFEARRAY **out);   /* VT_BSTR */
HRESULT com_array_of_longs(const LONG *values, size_t count, SAFEARRAY **out);          /* VT_I4 */
HRESULT com_array_of_ulongs(const ULONG *values, size_t count, SAFEARRAY **out);        /* VT_UI4 */
HRESULT com_array_of_objects(void *const *objects, size_t count, SAFEARRAY **out);      /* VT_DISPATCH */

/*
 * The objects in an array that a client hands in: VARIANTs with VT_DISPATCH or VT_UNKNOWN, by value or by
 * reference, or an array of those types themselves; any lower bound. Each is asked for iid. *objects is
 * new (free with com_free_objects), NULL when there are none.
 * E_POINTER: no array. E_INVALIDARG: not one dimension, or an element that is no object (Empty, NULL, text).
 * E_NOINTERFACE: an object of another kind. E_OUTOFMEMORY.
 */
HRESULT com_array_read_objects(SAFEARRAY *array, REFIID iid, void ***objects, size_t *count);
void com_free_objects(void **objects, size_t count);

/* --- enumerators ---------------------------------------------------------------------------------------- */

/* IEnumVARIANT over copies of the items, taken now. E_OUTOFMEMORY. */
HRESULT com_enum_variant_create(const VARIANT *items, size_t count, IEnumVARIANT **out);

/* The same over texts (VT_BSTR), and over objects (VT_DISPATCH), each an IDispatch. */
HRESULT com_enum_texts_create(const WCHAR *const *texts, size_t count, IEnumVARIANT **out);
HRESULT com_enum_objects_create(void *const *objects, size_t count, IEnumVARIANT **out);

/*
 * Interfaces with Next, Skip, Reset and Clone over interface pointers, which differ in their IID only:
 *
 *     COM_ENUM_CLASS(enum_fsi_items_class, &CLSID_EnumFsiItems, &IID_IEnumFsiItems);
 *     ...
 *     return com_enum_create(&enum_fsi_items_class, items, count, (void **)out);
 *
 * where items are counted pointers to what Next hands out (IFsiItem for IEnumFsiItems); each is counted once
 * more. E_OUTOFMEMORY.
 */
HRESULT com_enum_create(const struct com_class *class, void *const *items, size_t count, void **out);

struct com_enum
{
    struct com_object base;
    struct com_enum_items *items;       /* shared by clones, never changed */
    size_t position;
};

extern const IEnumUnknownVtbl com_enum_vtbl;
HRESULT com_enum_init(struct com_object *object, void *args);
void com_enum_destroy(struct com_object *object);

#define COM_ENUM_CLASS(name, clsid_, iid_)                                                                   \
    static const struct com_iface name##_ifaces[] = { { iid_, &com_enum_vtbl } };                            \
    static const struct com_class name =                                                                     \
    {                                                                                                        \
        .clsid = clsid_, .noncreatable = TRUE, .size = sizeof(struct com_enum), .init = com_enum_init,       \
        .destroy = com_enum_destroy, .ifaces = name##_ifaces, .iface_count = 1,                              \
    }

#endif
