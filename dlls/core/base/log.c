/* Messages for the person who looks for a fault: where they go and whether they are written at all. */
#include "openimapi/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The one mutable global of the core. */
static struct
{
    int ready;                          /* the environment has been read */
    int level;
    FILE *file;
    log_sink *sink;
    void *context;
} state;

static const char *const level_names[] = { "error", "warning", "info", "trace" };

static int level_by_name(const char *name)
{
    for (int i = LOG_ERROR; i <= LOG_TRACE; i++)
    {
        if (!strcmp(name, level_names[i])) return i;
    }
    return LOG_ERROR;
}

/* Only the first caller reads; a second thread that comes meanwhile sees the defaults. */
static void read_environment(void)
{
    const char *level, *path;

    if (__atomic_exchange_n(&state.ready, 1, __ATOMIC_ACQ_REL)) return;
    level = getenv("OPENIMAPI_LOG");
    path = getenv("OPENIMAPI_LOG_FILE");
    if (level) __atomic_store_n(&state.level, level_by_name(level), __ATOMIC_RELAXED);
    if (path && *path) state.file = fopen(path, "a");
}

int log_enabled(enum log_level level)
{
    if (!__atomic_load_n(&state.ready, __ATOMIC_ACQUIRE)) read_environment();
    return (int)level <= __atomic_load_n(&state.level, __ATOMIC_RELAXED);
}

void log_set_level(enum log_level level)
{
    /* First the environment, so that it does not overrule the program later. */
    read_environment();
    __atomic_store_n(&state.level, (int)level, __ATOMIC_RELAXED);
}

void log_set_sink(log_sink *sink, void *context)
{
    state.sink = sink;
    state.context = context;
}

static void put_line(enum log_level level, const char *line)
{
    FILE *file = state.file ? state.file : stderr;

    if (state.sink)
    {
        state.sink(state.context, level, line);
        return;
    }
    fprintf(file, "openimapi %s: %s\n", level_names[level], line);
    fflush(file);
}

void log_write(enum log_level level, const char *format, ...)
{
    char line[1024];
    va_list args;
    int length;

    if (!log_enabled(level)) return;
    va_start(args, format);
    length = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    if (length < 0) return;
    if ((size_t)length >= sizeof(line)) memcpy(line + sizeof(line) - 4, "...", 4);
    put_line(level, line);
}

void log_bytes(enum log_level level, const char *label, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    char text[64 * 3 + 1];
    size_t shown = size < 64 ? size : 64;
    char *at = text;

    if (!log_enabled(level)) return;
    for (size_t i = 0; i < shown; i++)
    {
        *at++ = ' ';
        *at++ = digits[bytes[i] >> 4];
        *at++ = digits[bytes[i] & 0xF];
    }
    *at = 0;
    log_write(level, "%s:%s%s", label, text, shown < size ? " ..." : "");
}
