/* Reads the lines of a fault script: which commands, an arrow, what becomes of them. */
#include "transport_room.h"

#include <stdlib.h>
#include <string.h>

/* What is left of a line. */
struct cursor
{
    const char *at, *end;
};

static int is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }
static int is_digit(char c) { return c >= '0' && c <= '9'; }
static int is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 0x20) : c; }

static void skip_spaces(struct cursor *cursor)
{
    while (cursor->at < cursor->end && is_space(*cursor->at)) cursor->at++;
}

static int at_end(struct cursor *cursor)
{
    skip_spaces(cursor);
    return cursor->at == cursor->end;
}

/* Takes a whole word, in any letter case. */
static int take_word(struct cursor *cursor, const char *word)
{
    const char *at;

    skip_spaces(cursor);
    for (at = cursor->at; *word; word++, at++)
    {
        if (at == cursor->end || lower(*at) != *word) return 0;
    }
    if (at < cursor->end && is_word(*at)) return 0;
    cursor->at = at;
    return 1;
}

static int take_char(struct cursor *cursor, char c)
{
    if (cursor->at == cursor->end || *cursor->at != c) return 0;
    cursor->at++;
    return 1;
}

static int take_number(struct cursor *cursor, uint64_t *number)
{
    const char *start;

    skip_spaces(cursor);
    start = cursor->at;
    *number = 0;
    for (; cursor->at < cursor->end && is_digit(*cursor->at); cursor->at++)
    {
        uint64_t digit = (uint64_t)(*cursor->at - '0');

        if (*number > (UINT64_MAX - digit) / 10) return 0;
        *number = *number * 10 + digit;
    }
    return cursor->at > start;
}

static int hex_value(char c)
{
    c = lower(c);
    if (is_digit(c)) return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One or two hexadecimal digits. */
static int take_hex_byte(struct cursor *cursor, uint8_t *byte)
{
    int value, count = 0;

    *byte = 0;
    for (; count < 2 && cursor->at < cursor->end && (value = hex_value(*cursor->at)) >= 0;
         count++, cursor->at++)
    {
        *byte = (uint8_t)(*byte << 4 | value);
    }
    return count > 0;
}

static int take_milliseconds(struct cursor *cursor, uint64_t *milliseconds)
{
    uint64_t factor;

    if (!take_number(cursor, milliseconds)) return 0;
    if (take_word(cursor, "ms")) factor = 1;
    else if (take_word(cursor, "s")) factor = 1000;
    else return 0;
    if (*milliseconds > UINT32_MAX / factor) return 0;
    *milliseconds *= factor;
    return 1;
}

static int take_size(struct cursor *cursor, uint64_t *size)
{
    unsigned int shift = 0;

    if (!take_number(cursor, size)) return 0;
    if (take_word(cursor, "kib")) shift = 10;
    else if (take_word(cursor, "mib")) shift = 20;
    else if (take_word(cursor, "gib")) shift = 30;
    else take_word(cursor, "bytes");
    if (*size > UINT64_MAX >> shift) return 0;
    *size <<= shift;
    return 1;
}

/* Sense data in fixed format (SPC-4 4.5.3), for response codes 72h and 73h in descriptor format (4.5.2). */
static int make_sense(struct fault_rule *rule, uint8_t response, const uint8_t *codes)
{
    int descriptor = response == 0x72 || response == 0x73;

    if ((response != 0x70 && response != 0x71 && !descriptor) || codes[0] > 0xF) return 0;
    rule->size = descriptor ? 8 : 18;
    if (!(rule->bytes = calloc(1, rule->size))) return 0;
    rule->bytes[0] = response;
    if (descriptor) memcpy(rule->bytes + 1, codes, 3);
    else
    {
        rule->bytes[2] = codes[0];      /* SENSE KEY */
        rule->bytes[7] = 10;            /* ADDITIONAL SENSE LENGTH */
        rule->bytes[12] = codes[1];
        rule->bytes[13] = codes[2];
    }
    return 1;
}

static int take_sense(struct cursor *cursor, struct fault_rule *rule)
{
    uint8_t numbers[4];
    int count = 0;

    skip_spaces(cursor);
    do
    {
        if (count == 4 || !take_hex_byte(cursor, &numbers[count++])) return 0;
    } while (take_char(cursor, '/'));
    rule->outcome = FAULT_SENSE;
    if (count == 3) return make_sense(rule, 0x70, numbers);
    return count == 4 && make_sense(rule, numbers[0], numbers + 1);
}

static int take_data(struct cursor *cursor, struct fault_rule *rule)
{
    skip_spaces(cursor);
    rule->outcome = FAULT_DATA;
    if (!(rule->bytes = malloc((size_t)(cursor->end - cursor->at) / 2 + 1))) return 0;
    while (!at_end(cursor))
    {
        const char *start = cursor->at;

        if (!take_hex_byte(cursor, &rule->bytes[rule->size++]) || cursor->at - start != 2) return 0;
    }
    return rule->size > 0;
}

static int take_status(struct cursor *cursor, struct fault_rule *rule)
{
    static const struct
    {
        const char *word;
        enum oi_status status;
    } words[] =
    {
        { "timeout", OI_TIMEOUT }, { "gone", OI_DEVICE_GONE }, { "handle", OI_DEVICE_HANDLE },
        { "locked", OI_LOCKED }, { "io", OI_IO },
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
    {
        if (!take_word(cursor, words[i].word)) continue;
        rule->outcome = FAULT_STATUS;
        rule->status = words[i].status;
        return 1;
    }
    return 0;
}

static int take_outcome(struct cursor *cursor, struct fault_rule *rule)
{
    if (take_status(cursor, rule)) return 1;
    if (take_word(cursor, "removed"))
    {
        rule->outcome = FAULT_REMOVED;
        return 1;
    }
    if (rule->after_bytes) return 0;
    if (take_word(cursor, "garbage"))
    {
        rule->outcome = FAULT_GARBAGE;
        return 1;
    }
    if (take_word(cursor, "short"))
    {
        rule->outcome = FAULT_SHORT;
        return take_number(cursor, &rule->number);
    }
    if (take_word(cursor, "busy"))
    {
        rule->outcome = FAULT_BUSY;
        return take_milliseconds(cursor, &rule->number);
    }
    if (take_word(cursor, "delay"))
    {
        rule->outcome = FAULT_DELAY;
        return take_milliseconds(cursor, &rule->number);
    }
    if (take_word(cursor, "data")) return take_data(cursor, rule);
    return take_sense(cursor, rule);
}

/* A name of the standard, an opcode as 0x and two digits, or "any". It ends before "lba", '#' or the end. */
static int take_command(struct cursor *cursor, struct fault_rule *rule)
{
    const char *stop, *end;
    uint8_t byte;

    skip_spaces(cursor);
    for (stop = cursor->at; stop < cursor->end && *stop != '#'; stop++)
    {
        struct cursor word = { stop, cursor->end };

        if (stop > cursor->at && is_space(stop[-1]) && take_word(&word, "lba")) break;
    }
    for (end = stop; end > cursor->at && is_space(end[-1]);) end--;

    if (end - cursor->at == 3 && take_word(cursor, "any")) rule->opcode = FAULT_ANY_COMMAND;
    else if (end - cursor->at == 4 && cursor->at[0] == '0' && lower(cursor->at[1]) == 'x')
    {
        cursor->at += 2;
        if (!take_hex_byte(cursor, &byte) || cursor->at != end) return 0;
        rule->opcode = byte;
    }
    else if ((rule->opcode = command_opcode(cursor->at, (size_t)(end - cursor->at))) < 0) return 0;
    cursor->at = stop;
    return 1;
}

static int take_selector(struct cursor *cursor, struct fault_rule *rule)
{
    uint64_t lba;

    rule->from = 1;
    rule->to = UINT64_MAX;
    if (take_word(cursor, "after"))
    {
        rule->after_bytes = 1;
        rule->opcode = FAULT_ANY_COMMAND;
        return take_size(cursor, &rule->from) && at_end(cursor);
    }
    if (!take_command(cursor, rule)) return 0;
    if (take_word(cursor, "lba"))
    {
        if (!take_number(cursor, &lba) || lba > UINT32_MAX) return 0;
        if (rule->opcode != FAULT_ANY_COMMAND && !command_has_range((uint8_t)rule->opcode)) return 0;
        rule->has_lba = 1;
        rule->lba = (uint32_t)lba;
    }
    skip_spaces(cursor);
    if (take_char(cursor, '#'))
    {
        if (!take_number(cursor, &rule->from) || !rule->from) return 0;
        if (!take_char(cursor, '.')) rule->to = rule->from;
        else if (!take_char(cursor, '.')) return 0;
    }
    return at_end(cursor);
}

enum oi_status fault_rule_parse(const char *text, size_t length, struct fault_rule *rule, int *used)
{
    struct cursor left = { text, text + length }, right;
    const char *arrow = NULL;

    *used = 0;
    memset(rule, 0, sizeof(*rule));
    skip_spaces(&left);
    if (left.at == left.end || *left.at == '#') return OI_OK;
    for (const char *at = left.at; at + 1 < left.end && !arrow; at++)
    {
        if (at[0] == '-' && at[1] == '>') arrow = at;
    }
    if (!arrow) return OI_INVALID_ARGUMENT;

    right.at = arrow + 2;
    /* Left of the arrow '#' counts commands, right of it it starts a comment. */
    for (right.end = right.at; right.end < left.end && *right.end != '#';) right.end++;
    left.end = arrow;
    if (take_selector(&left, rule) && take_outcome(&right, rule) && at_end(&right))
    {
        *used = 1;
        return OI_OK;
    }
    free(rule->bytes);
    rule->bytes = NULL;
    return OI_INVALID_ARGUMENT;
}
