/* Lines for the log: methods as they are entered, failures as they leave. */
#include "com/com_room.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *class_name(const struct com_class *class)
{
    return com_trace_text(class->progid ? class->progid : com_dll.name);
}

/* A ring shared by all threads, long enough that a line is written before its texts come round again. */
const char *com_trace_text(const WCHAR *text)
{
    static char buffers[64][300];
    static LONG next;
    char *buffer = buffers[(ULONG)InterlockedIncrement(&next) % ARRAYSIZE(buffers)];

    int size;

    if (!text) return "(null)";
    size = WideCharToMultiByte(CP_UTF8, 0, text, (int)wcsnlen(text, 96), buffer, sizeof(buffers[0]) - 1, NULL,
                               NULL);
    buffer[size] = 0;
    return buffer;
}

void com_trace(void *iface, const char *method, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    log_write(LOG_TRACE, "%s %p %s(%s)", class_name(COM_OBJECT(iface)->class), iface, method, text);
}

void com_log_failure(const struct com_slot *slot, HRESULT hr, const WCHAR *text)
{
    log_write(LOG_INFO, "%s %p failed with 0x%08lX: %s", class_name(slot->object->class), (const void *)slot,
              (unsigned long)hr, com_trace_text(text));
}
