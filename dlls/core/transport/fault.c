/* Decorator that makes commands fail as a text script says: every failure of a drive can be had on demand. */
#include "transport_room.h"

#include "openimapi/bytes.h"
#include "openimapi/log.h"
#include "openimapi/mmc_codes.h"

#include <stdlib.h>
#include <string.h>

struct fault
{
    struct transport base;
    struct transport *inner;
    uint64_t commands;                  /* seen so far */
    uint64_t written;                   /* bytes that went onto the medium */
    int removed;                        /* the medium is out */
    enum oi_status broken;              /* the device fails from now on, unless OI_OK */
    size_t count;
    struct fault_rule *rules;
};

static enum oi_status answer_sense(struct transport_command *command, const uint8_t *sense, size_t size)
{
    memcpy(command->sense, sense, size);
    command->sense_size = (uint8_t)size;
    return OI_SENSE;
}

static enum oi_status answer_codes(struct transport_command *command, uint32_t codes)
{
    uint8_t sense[18] = { 0x70 };

    sense[2] = (uint8_t)(codes >> 16);
    sense[7] = 10;
    sense[12] = (uint8_t)(codes >> 8);
    sense[13] = (uint8_t)codes;
    return answer_sense(command, sense, sizeof(sense));
}

/* Commands that a drive executes with nothing in it. */
static int works_without_medium(uint8_t opcode)
{
    switch (opcode)
    {
    case MMC_INQUIRY:
    case MMC_REQUEST_SENSE:
    case MMC_GET_CONFIGURATION:
    case MMC_GET_EVENT_STATUS:
    case MMC_MECHANISM_STATUS:
    case MMC_MODE_SENSE_10:
    case MMC_MODE_SELECT_10:
    case MMC_PREVENT_ALLOW_MEDIUM_REMOVAL:
    case MMC_START_STOP_UNIT:
    case MMC_LOAD_UNLOAD_MEDIUM:
    case MMC_SET_CD_SPEED: return 1;
    default: return 0;
    }
}

/* The medium is still in the drive below, but nobody may learn of it. */
static enum oi_status execute_removed(struct fault *fault, struct transport_command *command)
{
    enum oi_status status;

    if (!works_without_medium(command->cdb[0]))
    {
        return answer_codes(command, MMC_SENSE(MMC_KEY_NOT_READY, 0x3A, 0x02));
    }
    status = transport_execute(fault->inner, command);
    /* MMC-5 6.5: the current profile is 0 with no medium. */
    if (command->cdb[0] == MMC_GET_CONFIGURATION && command->transferred >= 8) put_be16(command->data + 6, 0);
    /* MMC-5 6.7: class 4 is the medium; event code, then tray open and no medium. */
    if (command->cdb[0] == MMC_GET_EVENT_STATUS && command->transferred >= 6 && (command->data[2] & 7) == 4)
    {
        command->data[5] = 1;
    }
    return status;
}

static int rule_names(const struct fault_rule *rule, const struct transport_command *command)
{
    uint32_t first, count;

    if (rule->opcode != FAULT_ANY_COMMAND && rule->opcode != command->cdb[0]) return 0;
    if (!rule->has_lba) return 1;
    return command_range(command->cdb, &first, &count) && rule->lba >= first && rule->lba - first < count;
}

/* Counts the command for this rule; true when the rule applies to it. */
static int rule_applies(const struct fault *fault, struct fault_rule *rule,
                        const struct transport_command *command)
{
    if (rule->after_bytes) return fault->written >= rule->from;
    if (!rule_names(rule, command)) return 0;
    rule->matched++;
    if (rule->outcome == FAULT_BUSY)
    {
        /* The wait begins once; then all commands of that name meet it. */
        if (!rule->busy && rule->matched < rule->from) return 0;
        return !rule->busy || clock_now(fault->base.clock) < rule->until;
    }
    return rule->matched >= rule->from && rule->matched <= rule->to;
}

static enum oi_status execute_inner(struct fault *fault, struct transport_command *command)
{
    enum oi_status status = transport_execute(fault->inner, command);

    if (!status && command_is_write(command->cdb[0])) fault->written += command->transferred;
    return status;
}

/* Bytes that no drive sends, the same at each run; a multiplier of Knuth's stirs them. */
static void spoil(uint8_t *data, uint32_t size, uint64_t seed)
{
    uint64_t state = seed;

    for (uint32_t i = 0; i < size; i++)
    {
        uint8_t wrong;

        state = state * 6364136223846793005u + 1442695040888963407u;
        wrong = (uint8_t)(state >> 56);
        data[i] = wrong == data[i] ? (uint8_t)~wrong : wrong;
    }
}

static enum oi_status execute_short(struct fault *fault, const struct fault_rule *rule,
                                    struct transport_command *command)
{
    enum oi_status status = execute_inner(fault, command);

    if (command->transferred <= rule->number) return status;
    /* What a drive did not send holds nothing; a reader that goes on reading shall notice. */
    if (command->direction == TRANSPORT_DATA_IN)
    {
        memset(command->data + rule->number, 0xA5, command->transferred - (size_t)rule->number);
    }
    command->transferred = (uint32_t)rule->number;
    return status;
}

static enum oi_status apply(struct fault *fault, struct fault_rule *rule, struct transport_command *command)
{
    enum oi_status status;

    switch (rule->outcome)
    {
    case FAULT_SENSE: return answer_sense(command, rule->bytes, rule->size);
    case FAULT_SHORT: return execute_short(fault, rule, command);
    case FAULT_GARBAGE:
        status = execute_inner(fault, command);
        if (command->direction == TRANSPORT_DATA_IN)
        {
            spoil(command->data, command->transferred, fault->commands);
        }
        return status;
    case FAULT_STATUS:
        if (rule->after_bytes) fault->broken = rule->status;
        return rule->status;
    case FAULT_DATA:
        if (command->direction != TRANSPORT_DATA_IN) return OI_OK;
        command->transferred = rule->size < command->data_size ? (uint32_t)rule->size : command->data_size;
        memcpy(command->data, rule->bytes, command->transferred);
        return OI_OK;
    case FAULT_BUSY:
        if (!rule->busy) rule->until = clock_now(fault->base.clock) + rule->number;
        rule->busy = 1;
        return answer_codes(command, MMC_SENSE(MMC_KEY_NOT_READY, 0x04, 0x07));
    case FAULT_DELAY:
        clock_sleep(fault->base.clock, (uint32_t)rule->number);
        return execute_inner(fault, command);
    case FAULT_REMOVED:
        fault->removed = 1;
        return execute_removed(fault, command);
    }
    return OI_INVALID_ARGUMENT;
}

static enum oi_status fault_execute(struct transport *transport, struct transport_command *command)
{
    struct fault *fault = (struct fault *)transport;
    struct fault_rule *rule = NULL;

    fault->commands++;
    /* All rules count, the first that applies decides. */
    for (size_t i = 0; i < fault->count; i++)
    {
        if (rule_applies(fault, &fault->rules[i], command) && !rule) rule = &fault->rules[i];
    }
    if (fault->broken) return fault->broken;
    if (fault->removed) return execute_removed(fault, command);
    return rule ? apply(fault, rule, command) : execute_inner(fault, command);
}

static void fault_close(struct transport *transport)
{
    struct fault *fault = (struct fault *)transport;

    transport_close(fault->inner);
    for (size_t i = 0; i < fault->count; i++) free(fault->rules[i].bytes);
    free(fault->rules);
    free(fault);
}

static const struct transport_ops fault_ops = { fault_execute, fault_close };

static enum oi_status read_script(struct fault *fault, const char *script, size_t *line)
{
    size_t lines = 1;

    for (const char *at = script; *at; at++) lines += *at == '\n';
    if (!(fault->rules = calloc(lines, sizeof(*fault->rules)))) return OI_NO_MEMORY;
    /* An editor may have put a byte order mark in front. */
    if (!strncmp(script, "\xEF\xBB\xBF", 3)) script += 3;
    for (*line = 1; *line <= lines; ++*line)
    {
        size_t length = strcspn(script, "\n");
        int used;

        TRY(fault_rule_parse(script, length, &fault->rules[fault->count], &used));
        fault->count += (size_t)used;
        script += length + (script[length] == '\n');
    }
    return OI_OK;
}

enum oi_status transport_fault_create(struct transport *inner, const char *script, size_t *line,
                                      struct transport **out)
{
    struct fault *fault = calloc(1, sizeof(*fault));
    enum oi_status status;
    size_t number = 0;

    if (!fault)
    {
        transport_close(inner);
        return OI_NO_MEMORY;
    }
    fault->base = *inner;
    fault->base.ops = &fault_ops;
    fault->inner = inner;
    if ((status = read_script(fault, script, &number)))
    {
        if (line) *line = number;
        log_error("fault script, line %u: %s", (unsigned int)number, status_text(status));
        fault_close(&fault->base);
        return status;
    }
    *out = &fault->base;
    return OI_OK;
}

uint64_t transport_fault_count(const struct transport *transport)
{
    return ((const struct fault *)transport)->commands;
}
