/* Leaf that plays prepared exchanges, for tests of whoever speaks to a drive. */
#include "openimapi/transport.h"

#include "openimapi/log.h"

#include <stdlib.h>
#include <string.h>

#define SCRIPT_MAX_TRANSFER (64u * 1024)

struct script
{
    struct transport base;
    const struct transport_exchange *exchanges;
    size_t count, next;
};

static enum oi_status unexpected(const struct script *script, const struct transport_command *command,
                                 const char *why)
{
    log_error("exchange %u of %u: %s", (unsigned int)script->next + 1, (unsigned int)script->count, why);
    log_bytes(LOG_ERROR, "  got", command->cdb, command->cdb_size);
    return OI_UNEXPECTED_RESPONSE;
}

static enum oi_status script_execute(struct transport *transport, struct transport_command *command)
{
    struct script *script = (struct script *)transport;
    const struct transport_exchange *exchange;

    if (script->next == script->count) return unexpected(script, command, "one command too many");
    exchange = &script->exchanges[script->next];
    if (exchange->cdb &&
        (exchange->cdb_size != command->cdb_size || memcmp(exchange->cdb, command->cdb, exchange->cdb_size)))
    {
        log_bytes(LOG_ERROR, "  expected", exchange->cdb, exchange->cdb_size);
        return unexpected(script, command, "another command");
    }
    if (exchange->out && command->direction != TRANSPORT_DATA_OUT)
    {
        return unexpected(script, command, "no data to the drive");
    }
    if (exchange->out && (exchange->out_size != command->data_size ||
                          memcmp(exchange->out, command->data, exchange->out_size)))
    {
        log_bytes(LOG_ERROR, "  expected data", exchange->out, exchange->out_size);
        log_bytes(LOG_ERROR, "  got data", command->data, command->data_size);
        return unexpected(script, command, "other data");
    }
    if (exchange->in && command->direction != TRANSPORT_DATA_IN)
    {
        return unexpected(script, command, "no room for data from the drive");
    }

    script->next++;
    if (exchange->in)
    {
        command->transferred = exchange->in_size < command->data_size ? (uint32_t)exchange->in_size
                                                                      : command->data_size;
        memcpy(command->data, exchange->in, command->transferred);
    }
    if (command->direction == TRANSPORT_DATA_OUT && exchange->status == OI_OK)
    {
        command->transferred = command->data_size;
    }
    if (exchange->sense)
    {
        command->sense_size =
            (uint8_t)(exchange->sense_size < sizeof(command->sense) ? exchange->sense_size
                                                                    : sizeof(command->sense));
        memcpy(command->sense, exchange->sense, command->sense_size);
    }
    return exchange->status;
}

static void script_close(struct transport *transport)
{
    free(transport);
}

static const struct transport_ops script_ops = { script_execute, script_close };

enum oi_status transport_script_create(const struct transport_exchange *exchanges, size_t count,
                                       struct clock *clock, struct transport **out)
{
    struct script *script = malloc(sizeof(*script));

    if (!script) return OI_NO_MEMORY;
    script->base.ops = &script_ops;
    script->base.clock = clock;
    script->base.max_transfer = SCRIPT_MAX_TRANSFER;
    script->base.alignment_mask = 0;
    script->exchanges = exchanges;
    script->count = count;
    script->next = 0;
    *out = &script->base;
    return OI_OK;
}

size_t transport_script_left(const struct transport *transport)
{
    const struct script *script = (const struct script *)transport;

    return script->count - script->next;
}
