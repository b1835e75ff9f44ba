/* Texts and arrays that cross the COM boundary, and enumerators over them. */
#include "com/values.h"
#include "com/com_room.h"

#include <string.h>

HRESULT com_return_text_n(const WCHAR *text, size_t length, BSTR *out)
{
    if (length > 0x3FFFFFFF) *out = NULL;
    else *out = SysAllocStringLen(text, (UINT)length);
    return *out ? S_OK : E_OUTOFMEMORY;
}

HRESULT com_return_text(const WCHAR *text, BSTR *out)
{
    return com_return_text_n(text, text ? wcslen(text) : 0, out);
}

HRESULT com_return_object(void *pointer, void *out)
{
    if (pointer) IUnknown_AddRef((IUnknown *)pointer);
    *(void **)out = pointer;
    return S_OK;
}

/* --- arrays handed out ---------------------------------------------------------------------------------- */

/* What element i of values becomes; counted or copied, so that VariantClear may follow. */
typedef HRESULT make_element(const void *values, size_t i, VARIANT *element);

static HRESULT make_text(const void *values, size_t i, VARIANT *element)
{
    element->vt = VT_BSTR;
    return com_return_text(((const WCHAR *const *)values)[i], &element->bstrVal);
}

static HRESULT make_long(const void *values, size_t i, VARIANT *element)
{
    element->vt = VT_I4;
    element->lVal = ((const LONG *)values)[i];
    return S_OK;
}

static HRESULT make_ulong(const void *values, size_t i, VARIANT *element)
{
    element->vt = VT_UI4;
    element->ulVal = ((const ULONG *)values)[i];
    return S_OK;
}

static HRESULT make_object(const void *values, size_t i, VARIANT *element)
{
    element->vt = VT_DISPATCH;
    return com_return_object(((void *const *)values)[i], &element->pdispVal);
}

static HRESULT make_array(const void *values, size_t count, make_element *make, SAFEARRAY **out)
{
    VARIANT *elements;
    SAFEARRAY *array;
    HRESULT hr = S_OK;
    size_t i;

    *out = NULL;
    if (count > 0x7FFFFFFF) return E_OUTOFMEMORY;
    if (!(array = SafeArrayCreateVector(VT_VARIANT, 0, (ULONG)count))) return E_OUTOFMEMORY;
    if (SUCCEEDED(hr = SafeArrayAccessData(array, (void **)&elements)))
    {
        for (i = 0; i < count && SUCCEEDED(hr); i++) hr = make(values, i, &elements[i]);
        SafeArrayUnaccessData(array);
    }
    if (FAILED(hr)) SafeArrayDestroy(array);
    else *out = array;
    return hr;
}

HRESULT com_array_of_texts(const WCHAR *const *texts, size_t count, SAFEARRAY **out)
{
    return make_array(texts, count, make_text, out);
}

HRESULT com_array_of_longs(const LONG *values, size_t count, SAFEARRAY **out)
{
    return make_array(values, count, make_long, out);
}

HRESULT com_array_of_ulongs(const ULONG *values, size_t count, SAFEARRAY **out)
{
    return make_array(values, count, make_ulong, out);
}

HRESULT com_array_of_objects(void *const *objects, size_t count, SAFEARRAY **out)
{
    return make_array(objects, count, make_object, out);
}

/* --- arrays handed in ----------------------------------------------------------------------------------- */

/* The object in a VARIANT, not counted; NULL when it holds none. */
static IUnknown *variant_object(const VARIANT *value)
{
    unsigned depth;

    for (depth = 0; depth < 4 && value && value->vt == (VT_BYREF | VT_VARIANT); depth++)
        value = value->pvarVal;
    if (!value) return NULL;
    if (value->vt == VT_DISPATCH || value->vt == VT_UNKNOWN) return value->punkVal;
    if (value->vt == (VT_BYREF | VT_DISPATCH) || value->vt == (VT_BYREF | VT_UNKNOWN))
        return value->ppunkVal ? *value->ppunkVal : NULL;
    return NULL;
}

void com_free_objects(void **objects, size_t count)
{
    while (objects && count)
        if (objects[--count]) IUnknown_Release((IUnknown *)objects[count]);
    free(objects);
}

static HRESULT read_elements(const void *data, BOOL variants, size_t count, REFIID iid, void **objects)
{
    IUnknown *object;
    size_t i;

    for (i = 0; i < count; i++)
    {
        object = variants ? variant_object((const VARIANT *)data + i) : ((IUnknown *const *)data)[i];
        if (!object) return E_INVALIDARG;
        if (FAILED(IUnknown_QueryInterface(object, iid, &objects[i])))
        {
            objects[i] = NULL;
            return E_NOINTERFACE;
        }
    }
    return S_OK;
}

HRESULT com_array_read_objects(SAFEARRAY *array, REFIID iid, void ***objects, size_t *count)
{
    VARTYPE type = VT_EMPTY;
    size_t elements;
    void **list;
    void *data;
    HRESULT hr;

    *objects = NULL;
    *count = 0;
    if (!array) return E_POINTER;
    if (SafeArrayGetDim(array) != 1) return E_INVALIDARG;
    if (array->fFeatures & FADF_VARIANT) type = VT_VARIANT;
    else if (array->fFeatures & (FADF_UNKNOWN | FADF_DISPATCH)) type = VT_UNKNOWN;
    else return E_INVALIDARG;
    if (!(elements = array->rgsabound[0].cElements)) return S_OK;

    if (!(list = calloc(elements, sizeof(*list)))) return E_OUTOFMEMORY;
    if (SUCCEEDED(hr = SafeArrayAccessData(array, &data)))
    {
        /* An array that its maker never gave data. */
        hr = data ? read_elements(data, type == VT_VARIANT, elements, iid, list) : E_INVALIDARG;
        SafeArrayUnaccessData(array);
    }
    if (FAILED(hr))
    {
        com_free_objects(list, elements);
        return hr;
    }
    *objects = list;
    *count = elements;
    return S_OK;
}

/* --- enumerators ---------------------------------------------------------------------------------------- */

static HRESULT make_enum(const void *values, size_t count, make_element *make, IEnumVARIANT **out)
{
    VARIANT *elements = calloc(count ? count : 1, sizeof(*elements));
    HRESULT hr = S_OK;
    size_t i;

    *out = NULL;
    if (!elements) return E_OUTOFMEMORY;
    for (i = 0; i < count && SUCCEEDED(hr); i++) hr = make(values, i, &elements[i]);
    if (SUCCEEDED(hr)) hr = com_enum_variant_create(elements, count, out);
    for (i = 0; i < count; i++) VariantClear(&elements[i]);
    free(elements);
    return hr;
}

HRESULT com_enum_texts_create(const WCHAR *const *texts, size_t count, IEnumVARIANT **out)
{
    return make_enum(texts, count, make_text, out);
}

HRESULT com_enum_objects_create(void *const *objects, size_t count, IEnumVARIANT **out)
{
    return make_enum(objects, count, make_object, out);
}
