/* The front door of every transport: what is checked before and after a command, whoever executes it. */
#include "openimapi/transport.h"

#include <string.h>

static int command_is_valid(const struct transport *transport, const struct transport_command *command)
{
    if (command->cdb_size < 6 || command->cdb_size > TRANSPORT_CDB_MAX) return 0;
    switch (command->direction)
    {
    case TRANSPORT_NO_DATA: return !command->data_size;
    case TRANSPORT_DATA_IN:
    case TRANSPORT_DATA_OUT: break;
    default: return 0;
    }
    if (!command->data_size) return 1;
    if (!command->data || command->data_size > transport->max_transfer) return 0;
    return !((uintptr_t)command->data & transport->alignment_mask);
}

enum oi_status transport_execute(struct transport *transport, struct transport_command *command)
{
    enum oi_status status;

    command->transferred = 0;
    command->sense_size = 0;
    memset(command->sense, 0, sizeof(command->sense));
    if (!command_is_valid(transport, command)) return OI_INVALID_ARGUMENT;
    status = transport->ops->execute(transport, command);
    if (command->transferred > command->data_size) command->transferred = command->data_size;
    if (command->sense_size > sizeof(command->sense)) command->sense_size = sizeof(command->sense);
    return status;
}

void transport_close(struct transport *transport)
{
    if (transport) transport->ops->close(transport);
}
