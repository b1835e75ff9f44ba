/* Decorator that logs each command, what went over with it, how it ended and how long it took. */
#include "transport_room.h"

#include "openimapi/log.h"

#include <stdlib.h>

struct trace
{
    struct transport base;
    struct transport *inner;
};

static enum oi_status trace_execute(struct transport *transport, struct transport_command *command)
{
    struct trace *trace = (struct trace *)transport;
    const char *name = command_name(command->cdb[0]);
    enum oi_status status;
    uint64_t start;

    if (!log_enabled(LOG_TRACE)) return transport_execute(trace->inner, command);

    log_bytes(LOG_TRACE, name ? name : "unknown command", command->cdb, command->cdb_size);
    if (command->direction == TRANSPORT_DATA_OUT)
    {
        log_bytes(LOG_TRACE, "  out", command->data, command->data_size);
    }
    start = clock_now(transport->clock);
    status = transport_execute(trace->inner, command);
    log_trace("  %s, %u of %u bytes, %u ms", status_name(status), (unsigned int)command->transferred,
              (unsigned int)command->data_size, (unsigned int)(clock_now(transport->clock) - start));
    if (command->direction == TRANSPORT_DATA_IN && command->transferred)
    {
        log_bytes(LOG_TRACE, "  in", command->data, command->transferred);
    }
    if (status == OI_SENSE) log_bytes(LOG_TRACE, "  sense", command->sense, command->sense_size);
    return status;
}

static void trace_close(struct transport *transport)
{
    transport_close(((struct trace *)transport)->inner);
    free(transport);
}

static const struct transport_ops trace_ops = { trace_execute, trace_close };

enum oi_status transport_trace_create(struct transport *inner, struct transport **out)
{
    struct trace *trace = malloc(sizeof(*trace));

    if (!trace)
    {
        transport_close(inner);
        return OI_NO_MEMORY;
    }
    trace->base = *inner;
    trace->base.ops = &trace_ops;
    trace->inner = inner;
    *out = &trace->base;
    return OI_OK;
}
