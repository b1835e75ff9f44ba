/* What the files of kit.dll share, and what its tests know of it. */
#ifndef WINE_TESTS_KIT_ROOM_H
#define WINE_TESTS_KIT_ROOM_H

#include "com/com.h"
#include "com/stream.h"
#include "com/values.h"

#include "kit.h"

/* Result codes of messages.mc. */
#define KIT_E_PLAIN ((HRESULT)0xC7FF0001)
#define KIT_E_INSERTS ((HRESULT)0xC7FF0002)
#define KIT_E_CAUSE ((HRESULT)0xC7FF0003)
#define KIT_E_FAR ((HRESULT)0xC7FF0010)
#define KIT_E_NO_TEXT ((HRESULT)0xC7FF0999)

/* Functions of the kit that no COM call reaches, for tests: by KitTool, the DLL's fifth export. */
struct kit_tool
{
    HRESULT (*message)(HRESULT hr, LANGID language, HRESULT cause, const struct com_insert *inserts,
                       size_t count,
                       BSTR *out);
    LONG (*live)(void);
    HRESULT (*array_of_texts)(const WCHAR *const *texts, size_t count, SAFEARRAY **out);
    HRESULT (*array_of_longs)(const LONG *values, size_t count, SAFEARRAY **out);
    HRESULT (*array_of_ulongs)(const ULONG *values, size_t count, SAFEARRAY **out);
    HRESULT (*array_of_objects)(void *const *objects, size_t count, SAFEARRAY **out);
    HRESULT (*array_read_objects)(SAFEARRAY *array, REFIID iid, void ***objects, size_t *count);
    void (*free_objects)(void **objects, size_t count);
    HRESULT (*enum_variant)(const VARIANT *items, size_t count, IEnumVARIANT **out);
    HRESULT (*enum_texts)(const WCHAR *const *texts, size_t count, IEnumVARIANT **out);
    HRESULT (*enum_objects)(void *const *objects, size_t count, IEnumVARIANT **out);
    HRESULT (*enum_things)(void *const *objects, size_t count, IEnumKitThings **out);
    HRESULT (*part)(LONG number, IKitBase **out);           /* a class that is not creatable */
    HRESULT (*anonymous)(IKitBase **out);                   /* a class without CLSID and ProgID */
    HRESULT (*failing_init)(HRESULT hr, IKitBase **out);
    struct com_object *(*own_thing)(void *iface);           /* com_own_object with the class of KitThing */
    /* A stream of size bytes, byte i being (i * 7) & 0xFF, that fails from fail_at on. plain: of the kit's
       class; else of one with IKitPlain on it. *released becomes 1 with the last stream. */
    HRESULT (*stream)(ULONGLONG size, ULONGLONG fail_at, const WCHAR *name, BOOL plain, LONG *released,
                      IStream **out);
    HRESULT (*stream_over)(struct source *source, IStream **out);
    HRESULT (*stream_in)(IStream *stream, struct source **out);
    void (*set_exclusive)(struct source *source);
    enum oi_status (*source_read)(struct source *source, uint64_t offset, void *buffer, size_t size);
    HRESULT (*source_error)(struct source *source);
    HRESULT (*source_stream)(struct source *source, IStream **out);
    void (*source_unref)(struct source *source);
    void (*fail_allocation)(LONG nth);                      /* of the DLL's own: 1 the next; 0 none */
    LONG (*allocations)(void);                              /* asked for since fail_allocation was called */
    void (*set_log)(log_sink *sink, void *context, enum log_level level);
};

extern const struct com_class kit_thing_class, kit_loose_class, kit_part_class;

HRESULT kit_part_create(LONG number, IKitBase **out);
HRESULT kit_anonymous_create(IKitBase **out);
HRESULT kit_failing_init_create(HRESULT hr, IKitBase **out);
HRESULT kit_stream_create(ULONGLONG size, ULONGLONG fail_at, const WCHAR *name, BOOL plain, LONG *released,
                          IStream **out);
HRESULT kit_enum_things(void *const *objects, size_t count, IEnumKitThings **out);
void kit_fail_allocation(LONG nth);
LONG kit_allocations(void);

#endif
