/*
 * Messages for the person who looks for a fault. OPENIMAPI_LOG names the level (error, warning, info,
 * trace; default error), OPENIMAPI_LOG_FILE a file to append to instead of standard error; both are read
 * once, at the first message. Errors are logged once, where they arise; layers between stay silent.
 */
#ifndef OPENIMAPI_LOG_H
#define OPENIMAPI_LOG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum log_level
{
    LOG_ERROR,
    LOG_WARNING,
    LOG_INFO,
    LOG_TRACE,
};

#if defined(__MINGW32__)
#define LOG_PRINTF __attribute__((format(gnu_printf, 2, 3)))
#elif defined(__GNUC__)
#define LOG_PRINTF __attribute__((format(printf, 2, 3)))
#else
#define LOG_PRINTF
#endif

/* One line, without the newline; text is UTF-8. */
typedef void log_sink(void *context, enum log_level level, const char *line);

/* True when a message of that level would be written: guard for arguments that cost something. */
int log_enabled(enum log_level level);

/* Level by program instead of by environment. */
void log_set_level(enum log_level level);

/* Takes the place of the file; NULL goes back to it. The context stays the caller's. Tests use it. */
void log_set_sink(log_sink *sink, void *context);

void log_write(enum log_level level, const char *format, ...) LOG_PRINTF;

/* Bytes in hexadecimal, at most 64 of them, after a label. */
void log_bytes(enum log_level level, const char *label, const uint8_t *bytes, size_t size);

#define log_error(...) log_write(LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_write(LOG_WARNING, __VA_ARGS__)
#define log_info(...) log_write(LOG_INFO, __VA_ARGS__)
#define log_trace(...) (log_enabled(LOG_TRACE) ? log_write(LOG_TRACE, __VA_ARGS__) : (void)0)

#ifdef __cplusplus
}
#endif

#endif
