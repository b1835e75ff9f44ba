/* What a careful host does about each sense: one table, the first row that fits counts. */
#include "mmc_room.h"

#define ANY (-1)
#define EACH ANY, ANY                   /* every ASCQ */
#define ONE(ascq) ascq, ascq

static const struct mmc_sense_rule rules[] =
{
    /* key, ASC, first and last ASCQ, action, status in the end, text */
    { 0x0, 0x00, ONE(0x00), MMC_ACTION_GO_ON, OI_OK, "no sense" },
    { 0x0, 0x00, EACH, MMC_ACTION_GO_ON, OI_OK, "no sense" },
    { ANY, 0x02, ONE(0x06), MMC_ACTION_FAIL, OI_SENSE, "medium upside down" },
    { 0x1, 0x73, ONE(0x01), MMC_ACTION_GO_ON, OI_OK, "power calibration area almost full" },
    { ANY, 0x73, ONE(0x03), MMC_ACTION_RETRY_SLOWER, OI_SENSE, "power calibration error" },
    { ANY, 0x73, ONE(0x06), MMC_ACTION_GO_ON, OI_OK, "recording management area almost full" },
    { 0x1, ANY, EACH, MMC_ACTION_GO_ON, OI_OK, "recovered error" },

    { 0x2, 0x04, ONE(0x00), MMC_ACTION_POLL, OI_SENSE, "not ready" },
    { 0x2, 0x04, ONE(0x01), MMC_ACTION_POLL, OI_SENSE, "becoming ready" },
    { 0x2, 0x04, ONE(0x02), MMC_ACTION_START, OI_SENSE, "start command required" },
    { 0x2, 0x04, ONE(0x03), MMC_ACTION_FAIL, OI_SENSE, "manual intervention required" },
    { 0x2, 0x04, ONE(0x04), MMC_ACTION_POLL, OI_SENSE, "format in progress" },
    { 0x2, 0x04, ONE(0x07), MMC_ACTION_POLL, OI_SENSE, "operation in progress" },
    { 0x2, 0x04, ONE(0x08), MMC_ACTION_REPEAT, OI_SENSE, "long write in progress" },
    { 0x2, 0x04, EACH, MMC_ACTION_POLL, OI_SENSE, "not ready" },
    { 0x2, 0x30, EACH, MMC_ACTION_FAIL, OI_SENSE, "incompatible medium" },
    { 0x2, 0x3A, EACH, MMC_ACTION_FAIL, OI_NO_MEDIUM, "no medium" },
    { 0x2, 0x3E, ONE(0x00), MMC_ACTION_RETRY, OI_SENSE, "not self-configured" },
    { ANY, 0x3E, 0x01, 0x02, MMC_ACTION_RETRY, OI_SENSE, "logical unit failure or timeout" },

    { 0x3, 0x0C, ONE(0x09), MMC_ACTION_RESYNC, OI_LOSS_OF_STREAMING, "loss of streaming" },
    { 0x3, 0x0C, ONE(0x0D), MMC_ACTION_GO_ON, OI_OK, "defects in the error window" },
    { 0x3, 0x0C, EACH, MMC_ACTION_RESYNC, OI_SENSE, "write error" },
    { 0x3, 0x02, EACH, MMC_ACTION_RETRY_SLOWER, OI_SENSE, "no seek complete" },
    { 0x3, 0x06, EACH, MMC_ACTION_RETRY_SLOWER, OI_SENSE, "no reference position" },
    { 0x3, 0x09, EACH, MMC_ACTION_RETRY_SLOWER, OI_SENSE, "tracking or focus lost" },
    { 0x3, 0x11, EACH, MMC_ACTION_RETRY_SLOWER, OI_SENSE, "unrecovered read error" },
    { 0x3, 0x15, EACH, MMC_ACTION_RETRY_SLOWER, OI_SENSE, "positioning error" },
    { 0x3, 0x31, EACH, MMC_ACTION_FORMAT, OI_MEDIUM_NOT_FORMATTED, "medium format corrupted" },
    { 0x3, 0x32, EACH, MMC_ACTION_FAIL, OI_SENSE, "no spare left" },
    { 0x3, 0x51, EACH, MMC_ACTION_FAIL, OI_SENSE, "erase failure" },
    { ANY, 0x57, EACH, MMC_ACTION_FAIL, OI_SENSE, "unable to recover table of contents" },
    { ANY, 0x72, 0x00, 0x02, MMC_ACTION_RETRY, OI_SENSE, "session fixation error" },
    { ANY, 0x72, ONE(0x03), MMC_ACTION_CLOSE_TRACK, OI_SENSE, "incomplete track in session" },
    { ANY, 0x72, 0x04, 0x05, MMC_ACTION_CLOSE_TRACK, OI_SENSE, "reserved track, or no more reservations" },
    { ANY, 0x73, ONE(0x02), MMC_ACTION_FAIL, OI_SENSE, "power calibration area full" },
    { ANY, 0x73, 0x04, 0x05, MMC_ACTION_FINALIZE, OI_SENSE, "program memory area failed or full" },

    { 0x4, 0x09, EACH, MMC_ACTION_FAIL, OI_SENSE, "focus or servo failure" },
    { 0x4, 0x1B, EACH, MMC_ACTION_RETRY, OI_SENSE, "data transfer error" },
    { 0x4, ANY, EACH, MMC_ACTION_RETRY, OI_SENSE, "hardware error" },

    { 0x5, 0x1A, EACH, MMC_ACTION_ANOTHER_PARAMETER, OI_SENSE, "parameter list length error" },
    { 0x5, 0x20, EACH, MMC_ACTION_ANOTHER_WAY, OI_SENSE, "invalid command" },
    { 0x5, 0x21, ONE(0x02), MMC_ACTION_RESYNC, OI_SENSE, "invalid address for write" },
    { 0x5, 0x21, EACH, MMC_ACTION_FAIL, OI_SENSE, "address out of range" },
    { 0x5, 0x24, EACH, MMC_ACTION_ANOTHER_WAY, OI_SENSE, "invalid field in the command" },
    { 0x5, 0x26, EACH, MMC_ACTION_ANOTHER_PARAMETER, OI_SENSE, "invalid parameter" },
    { 0x5, 0x27, EACH, MMC_ACTION_FAIL, OI_MEDIUM_PROTECTED, "write protected" },
    { 0x5, 0x2B, EACH, MMC_ACTION_RETRY, OI_SENSE, "copy cannot execute" },
    { 0x5, 0x2C, EACH, MMC_ACTION_FLUSH_AND_RETRY, OI_SENSE, "command sequence error" },
    { 0x5, 0x30, 0x00, 0x03, MMC_ACTION_FAIL, OI_SENSE, "incompatible medium" },
    { 0x5, 0x30, 0x04, 0x06, MMC_ACTION_FAIL, OI_SENSE, "cannot write or format this medium" },
    { 0x5, 0x30, ONE(0x09), MMC_ACTION_CLOSE_SESSION, OI_SENSE, "session not fixated" },
    { 0x5, 0x30, ONE(0x0A), MMC_ACTION_FORMAT, OI_MEDIUM_NOT_FORMATTED, "medium not formatted" },
    { 0x5, 0x30, ONE(0x10), MMC_ACTION_FORMAT, OI_MEDIUM_NOT_FORMATTED, "medium not formatted" },
    { 0x5, 0x53, EACH, MMC_ACTION_ALLOW, OI_LOCKED, "medium removal prevented" },
    { 0x5, 0x55, EACH, MMC_ACTION_RETRY, OI_SENSE, "resource failure" },
    { 0x5, 0x63, EACH, MMC_ACTION_FAIL, OI_TOO_LARGE, "end of user area" },
    { 0x5, 0x64, EACH, MMC_ACTION_ANOTHER_PARAMETER, OI_SENSE, "illegal mode for this track" },
    { 0x5, ANY, EACH, MMC_ACTION_FAIL, OI_SENSE, "illegal request" },

    { 0x6, 0x28, EACH, MMC_ACTION_MEDIUM_CHANGED, OI_SENSE, "medium may have changed" },
    { 0x6, 0x29, EACH, MMC_ACTION_MEDIUM_CHANGED, OI_SENSE, "power on or reset" },
    { 0x6, 0x2E, EACH, MMC_ACTION_POLL, OI_SENSE, "insufficient time for operation" },
    { 0x6, ANY, EACH, MMC_ACTION_RETRY, OI_SENSE, "unit attention" },
    { 0x7, ANY, EACH, MMC_ACTION_FAIL, OI_MEDIUM_PROTECTED, "data protect" },
    { 0x8, ANY, EACH, MMC_ACTION_FAIL, OI_SENSE, "blank check" },
    { 0xB, 0x04, EACH, MMC_ACTION_POLL, OI_SENSE, "busy behind a bridge" },
    { 0xB, ANY, EACH, MMC_ACTION_RETRY, OI_SENSE, "aborted command" },
    { 0xA, ANY, EACH, MMC_ACTION_RETRY, OI_SENSE, "copy aborted" },
    { 0xD, ANY, EACH, MMC_ACTION_FAIL, OI_TOO_LARGE, "volume overflow" },
    { ANY, ANY, EACH, MMC_ACTION_FAIL, OI_SENSE, "unknown error" },
};

const struct mmc_sense_rule *mmc_sense_rule(const struct mmc_sense *sense)
{
    const struct mmc_sense_rule *rule = rules;

    for (;; rule++)
    {
        if (rule->key != ANY && rule->key != sense->key) continue;
        if (rule->asc != ANY && rule->asc != sense->asc) continue;
        if (rule->ascq_first == ANY) return rule;
        if (sense->ascq >= rule->ascq_first && sense->ascq <= rule->ascq_last) return rule;
    }
}
