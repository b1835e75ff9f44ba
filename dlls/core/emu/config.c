/*
 * The configuration of virtual recorders: single values, and the text of a whole file.
 */
#include "emu_room.h"

#include <stdlib.h>
#include <string.h>

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static int same(const char *a, const char *b)
{
    while (*a && upper(*a) == upper(*b))
    {
        ++a;
        ++b;
    }
    return upper(*a) == upper(*b);
}

static enum oi_status replace(char **text, const char *value)
{
    size_t size = strlen(value) + 1;
    char *copy = NULL;

    if (size > 1)
    {
        copy = malloc(size);
        if (!copy) return OI_NO_MEMORY;
        memcpy(copy, value, size);
    }
    free(*text);
    *text = copy;
    return OI_OK;
}

static enum oi_status set_speed(struct emu_recorder_config *config, const char *value)
{
    uint32_t speed = 0;

    if (!*value) return OI_INVALID_ARGUMENT;
    for (; *value >= '0' && *value <= '9' && speed < 1000; ++value)
        speed = speed * 10 + (uint32_t)(*value - '0');
    if (*value == 'x' || *value == 'X') ++value;
    if (*value || speed > 100) return OI_INVALID_ARGUMENT;
    config->speed = speed;
    return OI_OK;
}

static enum oi_status set_letter(struct emu_recorder_config *config, const char *value)
{
    char letter = upper(value[0]);

    if (!letter)
    {
        config->letter = 0;
        return OI_OK;
    }
    if (letter < 'A' || letter > 'Z') return OI_INVALID_ARGUMENT;
    if (value[1] && (value[1] != ':' || (value[2] && (value[2] != '\\' || value[3]))))
        return OI_INVALID_ARGUMENT;
    config->letter = letter;
    return OI_OK;
}

enum oi_status emu_config_set(struct emu_recorder_config *config, const char *key, const char *value)
{
    enum oi_status status;

    if (same(key, "Medium"))
    {
        status = emu_medium_parse(value, NULL, NULL);
        return status ? status : replace(&config->medium, value);
    }
    if (same(key, "Disc")) return replace(&config->disc, value);
    if (same(key, "Faults")) return replace(&config->faults, value);
    if (same(key, "Speed")) return set_speed(config, value);
    if (same(key, "Letter")) return set_letter(config, value);
    return OI_NOT_FOUND;
}

enum oi_status emu_config_check(const struct emu_recorder_config *config)
{
    const char *name = "none";

    if (config->medium) TRY(emu_medium_parse(config->medium, &name, NULL));
    return strcmp(name, "none") && !config->disc ? OI_INVALID_ARGUMENT : OI_OK;
}

void emu_config_clear(struct emu_recorder_config *config)
{
    free(config->name);
    free(config->medium);
    free(config->disc);
    free(config->faults);
    memset(config, 0, sizeof(*config));
}

void emu_config_free(struct emu_recorder_config *configs, size_t count)
{
    for (size_t i = 0; i < count; ++i) emu_config_clear(&configs[i]);
    free(configs);
}

/* --- the text of a file -------------------------------------------------------------------------------- */

struct parser
{
    struct emu_recorder_config *configs;
    size_t count;
};

static int is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* Cuts spaces off both ends; the text is changed. */
static char *trim(char *text)
{
    size_t length;

    while (is_space(*text)) ++text;
    length = strlen(text);
    while (length && is_space(text[length - 1])) --length;
    text[length] = 0;
    return text;
}

static enum oi_status begin_recorder(struct parser *parser, char *line)
{
    struct emu_recorder_config *larger;
    size_t length = strlen(line);

    if (line[length - 1] != ']') return OI_INVALID_ARGUMENT;
    line[length - 1] = 0;
    line = trim(line + 1);
    if (!*line) return OI_INVALID_ARGUMENT;
    for (size_t i = 0; i < parser->count; ++i)
    {
        if (same(parser->configs[i].name, line)) return OI_INVALID_ARGUMENT;
    }
    larger = realloc(parser->configs, (parser->count + 1) * sizeof(*larger));
    if (!larger) return OI_NO_MEMORY;
    parser->configs = larger;
    memset(&larger[parser->count], 0, sizeof(*larger));
    TRY(replace(&larger[parser->count].name, line));
    parser->count++;
    return OI_OK;
}

static enum oi_status set_value(struct parser *parser, char *line)
{
    struct emu_recorder_config *config;
    char *value = strchr(line, '=');
    enum oi_status status;

    if (!value || !parser->count) return OI_INVALID_ARGUMENT;
    config = &parser->configs[parser->count - 1];
    *value++ = 0;
    status = emu_config_set(config, trim(line), trim(value));
    for (size_t i = 0; !status && config->letter && i + 1 < parser->count; ++i)
    {
        if (parser->configs[i].letter == config->letter) status = OI_INVALID_ARGUMENT;
    }
    return status == OI_NO_MEMORY || !status ? status : OI_INVALID_ARGUMENT;
}

static enum oi_status parse_line(struct parser *parser, char *line)
{
    line = trim(line);
    if (!*line || *line == ';' || *line == '#') return OI_OK;
    if (*line != '[') return set_value(parser, line);
    if (parser->count) TRY(emu_config_check(&parser->configs[parser->count - 1]));
    return begin_recorder(parser, line);
}

enum oi_status emu_config_parse(const char *text, size_t size, struct emu_recorder_config **out,
                                size_t *count, size_t *line)
{
    struct parser parser = { NULL, 0 };
    enum oi_status status = OI_OK;
    size_t number = 0, at = 0;
    char *copy;

    *out = NULL;
    *count = 0;
    if (memchr(text, 0, size))
    {
        if (line) *line = 1;
        return OI_INVALID_ARGUMENT;
    }
    copy = malloc(size + 1);
    if (!copy) return OI_NO_MEMORY;
    memcpy(copy, text, size);
    copy[size] = 0;
    if (size >= 3 && !memcmp(copy, "\xEF\xBB\xBF", 3)) at = 3;

    while (!status && at < size)
    {
        size_t length = strcspn(copy + at, "\r\n");
        char end = copy[at + length];

        copy[at + length] = 0;
        ++number;
        status = parse_line(&parser, copy + at);
        at += length + 1;
        if (end == '\r' && copy[at] == '\n') ++at;
    }
    if (!status && parser.count) status = emu_config_check(&parser.configs[parser.count - 1]);
    free(copy);
    if (status)
    {
        emu_config_free(parser.configs, parser.count);
        if (line) *line = number;
        return status == OI_NO_MEMORY ? status : OI_INVALID_ARGUMENT;
    }
    *out = parser.configs;
    *count = parser.count;
    return OI_OK;
}
