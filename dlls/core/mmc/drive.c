/* A drive handle: runs commands over its transport and remembers how the last one failed. */
#include "mmc_room.h"

#include "openimapi/bytes.h"
#include "openimapi/log.h"

#include <stdlib.h>
#include <string.h>

#define UNIT_ATTENTIONS_MAX 4           /* power on, medium changed, mode changed, and one more */
#define LATE_NEWS_MAX 3                 /* deferred errors that are none, one after the other */

void mmc_drive_init(struct mmc_drive *drive, struct transport *transport)
{
    memset(drive, 0, sizeof(*drive));
    drive->transport = transport;
}

const char *mmc_opcode_name(uint8_t opcode)
{
    switch (opcode)
    {
#define X(name, value, text) case value: return text;
        MMC_OPCODE_LIST(X)
#undef X
    default: return "command";
    }
}

/* Some host adapters only take data at certain addresses; such buffers go through a copy. */
static enum oi_status execute_aligned(struct mmc_drive *drive, struct transport_command *command)
{
    uintptr_t mask = drive->transport->alignment_mask;
    uint8_t *data = command->data, *memory;
    enum oi_status status;

    if (!command->data_size || !data || !((uintptr_t)data & mask))
    {
        return transport_execute(drive->transport, command);
    }
    memory = malloc((size_t)command->data_size + mask);
    if (!memory) return OI_NO_MEMORY;
    command->data = (uint8_t *)(((uintptr_t)memory + mask) & ~mask);
    if (command->direction == TRANSPORT_DATA_OUT) memcpy(command->data, data, command->data_size);
    status = transport_execute(drive->transport, command);
    if (command->direction == TRANSPORT_DATA_IN) memcpy(data, command->data, command->transferred);
    command->data = data;
    free(memory);
    return status;
}

enum oi_status mmc_execute(struct mmc_drive *drive, struct transport_command *command)
{
    enum oi_status status = execute_aligned(drive, command);
    struct mmc_failure *failure = &drive->failure;

    memset(failure, 0, sizeof(*failure));
    failure->opcode = command->cdb[0];
    failure->status = status;
    if (status == OI_SENSE)
    {
        failure->size = command->sense_size;
        memcpy(failure->bytes, command->sense, sizeof(failure->bytes));
        mmc_sense_parse(command->sense, command->sense_size, &failure->sense);
    }
    return status;
}

enum oi_status mmc_execute_cdb(struct mmc_drive *drive, const uint8_t *cdb, size_t cdb_size,
                               enum transport_direction direction, void *data, uint32_t data_size,
                               uint32_t timeout, uint32_t *transferred)
{
    struct transport_command command = { .direction = direction, .data = data, .data_size = data_size,
                                         .timeout = timeout };
    enum oi_status status;

    if (transferred) *transferred = 0;
    if (!cdb_size || cdb_size > TRANSPORT_CDB_MAX) return OI_INVALID_ARGUMENT;
    memcpy(command.cdb, cdb, cdb_size);
    command.cdb_size = (uint8_t)cdb_size;
    status = mmc_execute(drive, &command);
    if (transferred) *transferred = command.transferred;
    return status;
}

enum oi_status mmc_fail(struct mmc_drive *drive, uint8_t opcode, enum oi_status status)
{
    memset(&drive->failure, 0, sizeof(drive->failure));
    drive->failure.opcode = opcode;
    drive->failure.status = status;
    log_warning("%s: %s", mmc_opcode_name(opcode), status_text(status));
    return status;
}

enum oi_status mmc_run(struct mmc_drive *drive, const uint8_t *cdb, size_t cdb_size,
                       enum transport_direction direction, void *data, uint32_t data_size, uint32_t timeout,
                       uint32_t *transferred)
{
    const struct mmc_sense *sense = &drive->failure.sense;

    for (int i = 0;; i++)
    {
        enum oi_status status = mmc_execute_cdb(drive, cdb, cdb_size, direction, data, data_size, timeout,
                                                transferred);
        const struct mmc_sense_rule *rule;

        /* CHECK CONDITION without sense data tells nothing, certainly not that all is well. */
        if (status != OI_SENSE || !drive->failure.size) return status;
        rule = mmc_sense_rule(sense);
        if (rule->action != MMC_ACTION_GO_ON) return status;
        log_info("%s: %X/%02X/%02X, %s", mmc_opcode_name(cdb[0]), sense->key, sense->asc, sense->ascq,
                 rule->text);
        if (!sense->deferred) break;
        /* Told late, SPC-3 4.5.7: no error, but this command was not executed. */
        if (i == LATE_NEWS_MAX) return status;
    }
    drive->failure.status = OI_OK;
    return OI_OK;
}

enum oi_status mmc_run_patiently(struct mmc_drive *drive, const uint8_t *cdb, size_t cdb_size,
                                 enum transport_direction direction, void *data, uint32_t data_size,
                                 uint32_t timeout, uint32_t *transferred)
{
    const struct mmc_wait *patience = drive->patience;
    struct clock *clock = drive->transport->clock;
    uint64_t start = clock_now(clock);

    for (;;)
    {
        enum oi_status status = mmc_run(drive, cdb, cdb_size, direction, data, data_size, timeout,
                                        transferred);
        enum mmc_action action = mmc_sense_rule(&drive->failure.sense)->action;

        if (status != OI_SENSE || !patience || !drive->failure.size) return status;
        if (action != MMC_ACTION_POLL && action != MMC_ACTION_REPEAT) return status;
        if (clock_now(clock) - start >= patience->limit) return status;
        if (patience->tick && !patience->tick(patience->context, -1)) return OI_CANCELLED;
        clock_sleep(clock, patience->period ? patience->period : 1);
    }
}

enum oi_status mmc_query(struct mmc_drive *drive, const uint8_t *cdb, size_t cdb_size, void *data,
                         uint32_t data_size, uint32_t timeout, uint32_t *transferred)
{
    enum transport_direction direction = data_size ? TRANSPORT_DATA_IN : TRANSPORT_NO_DATA;
    enum oi_status status = OI_OK;

    for (int i = 0; i <= UNIT_ATTENTIONS_MAX; i++)
    {
        status = mmc_run_patiently(drive, cdb, cdb_size, direction, data, data_size, timeout, transferred);
        if (status != OI_SENSE || drive->failure.sense.key != MMC_KEY_UNIT_ATTENTION) break;
    }
    return status;
}

static uint32_t announced_length(const struct mmc_question *question, const uint8_t *header)
{
    switch (question->length)
    {
    case LENGTH_32_AT_0:
    {
        uint32_t length = get_be32(header);

        return length > UINT32_MAX - 4 ? UINT32_MAX : length + 4;
    }
    case LENGTH_8_AT_3: return header[3] + 4u;
    default: return get_be16(header) + 2u;
    }
}

enum oi_status mmc_ask(struct mmc_drive *drive, const struct mmc_question *question, struct mmc_reply *reply)
{
    uint8_t header[16], cdb[12], opcode = question->cdb[0];
    uint32_t got, size;
    enum oi_status status;

    reply->bytes = NULL;
    reply->size = 0;
    memcpy(cdb, question->cdb, sizeof(cdb));
    put_be16(cdb + question->allocation, question->header);
    TRY(mmc_query(drive, cdb, question->cdb_size, header, question->header, question->timeout, &got));
    if (got < question->header) return mmc_fail(drive, opcode, OI_INVALID_RESPONSE);

    size = announced_length(question, header);
    if (size > question->limit) return mmc_fail(drive, opcode, OI_INVALID_RESPONSE);
    reply->bytes = malloc(size ? size : 1);
    if (!reply->bytes) return OI_NO_MEMORY;
    reply->size = size;
    if (size <= question->header)
    {
        memcpy(reply->bytes, header, size);
        return OI_OK;
    }
    put_be16(cdb + question->allocation, (uint16_t)size);
    status = mmc_query(drive, cdb, question->cdb_size, reply->bytes, size, question->timeout, &got);
    if (!status && got < size) status = mmc_fail(drive, opcode, OI_INVALID_RESPONSE);
    /* The reply may have become longer or shorter in between; what it says of itself now counts. */
    if (!status && announced_length(question, reply->bytes) < size)
    {
        reply->size = announced_length(question, reply->bytes);
    }
    if (status) mmc_reply_free(reply);
    return status;
}

void mmc_reply_free(struct mmc_reply *reply)
{
    free(reply->bytes);
    reply->bytes = NULL;
    reply->size = 0;
}
