/* GET CONFIGURATION, MMC-5 6.6: the current profile and the feature descriptors. */
#include "mmc_room.h"

#include "openimapi/bytes.h"

#include <stdlib.h>
#include <string.h>

#define CONFIGURATION_HEADER 8
#define FEATURE_HEADER 4
#define CONFIGURATION_LIMIT 4096        /* real drives stay far below; more is garbage */

enum request_type
{
    REQUEST_ALL = 0,
    REQUEST_CURRENT = 1,
    REQUEST_ONE = 2,
};

static enum oi_status get_configuration(struct mmc_drive *drive, enum request_type type, uint16_t start,
                                        struct mmc_reply *reply)
{
    struct mmc_question question =
    {
        .cdb = { MMC_GET_CONFIGURATION, (uint8_t)type }, .cdb_size = 10, .allocation = 7,
        .length = LENGTH_32_AT_0, .header = CONFIGURATION_HEADER, .limit = CONFIGURATION_LIMIT,
        .timeout = TIMEOUT_QUICK,
    };
    enum oi_status status;

    put_be16(question.cdb + 2, start);
    status = mmc_ask(drive, &question, reply);
    if (status == OI_SENSE && mmc_sense_code(&drive->failure.sense) == MMC_SENSE(5, 0x20, 0))
    {
        return OI_NO_GET_CONFIGURATION;
    }
    TRY(status);
    if (reply->size >= CONFIGURATION_HEADER) return OI_OK;
    mmc_reply_free(reply);
    return mmc_fail(drive, MMC_GET_CONFIGURATION, OI_INVALID_RESPONSE);
}

enum oi_status mmc_read_configuration(struct mmc_drive *drive, bool current_only,
                                      struct mmc_configuration *configuration)
{
    memset(configuration, 0, sizeof(*configuration));
    TRY(get_configuration(drive, current_only ? REQUEST_CURRENT : REQUEST_ALL, 0, &configuration->reply));
    configuration->profile = get_be16(configuration->reply.bytes + 6);
    return OI_OK;
}

void mmc_configuration_free(struct mmc_configuration *configuration)
{
    mmc_reply_free(&configuration->reply);
    configuration->profile = 0;
}

bool mmc_next_feature(const struct mmc_configuration *configuration, uint32_t *position,
                      struct mmc_feature_info *feature)
{
    const struct mmc_reply *reply = &configuration->reply;
    uint32_t offset = *position ? *position : CONFIGURATION_HEADER;
    const uint8_t *bytes;

    if (!reply->bytes || offset > reply->size || reply->size - offset < FEATURE_HEADER) return false;
    bytes = reply->bytes + offset;
    if (reply->size - offset - FEATURE_HEADER < bytes[3]) return false;
    feature->code = get_be16(bytes);
    feature->version = bytes[2] >> 2 & 0x0F;
    feature->persistent = bytes[2] & 0x02;
    feature->current = bytes[2] & 0x01;
    feature->size = bytes[3];
    feature->data = bytes + FEATURE_HEADER;
    *position = offset + FEATURE_HEADER + feature->size;
    return true;
}

bool mmc_find_feature(const struct mmc_configuration *configuration, uint16_t code,
                      struct mmc_feature_info *feature)
{
    uint32_t position = 0;

    while (mmc_next_feature(configuration, &position, feature))
    {
        if (feature->code == code) return true;
    }
    return false;
}

bool mmc_feature_is_current(const struct mmc_configuration *configuration, uint16_t code)
{
    struct mmc_feature_info feature;

    return mmc_find_feature(configuration, code, &feature) && feature.current;
}

enum oi_status mmc_read_feature(struct mmc_drive *drive, uint16_t code, bool current_only,
                                struct mmc_reply *descriptor)
{
    struct mmc_configuration configuration = { 0 };
    struct mmc_feature_info feature;
    uint32_t position = 0;
    enum oi_status status;

    descriptor->bytes = NULL;
    descriptor->size = 0;
    TRY(get_configuration(drive, REQUEST_ONE, code, &configuration.reply));
    if (configuration.reply.size == CONFIGURATION_HEADER) status = OI_NO_FEATURE;
    else if (!mmc_next_feature(&configuration, &position, &feature)) status = OI_INVALID_RESPONSE;
    else if (feature.code != code) status = OI_NO_FEATURE;
    else if (current_only && !feature.current) status = OI_FEATURE_NOT_CURRENT;
    else status = OI_OK;

    if (status == OI_INVALID_RESPONSE) mmc_fail(drive, MMC_GET_CONFIGURATION, status);
    if (!status)
    {
        descriptor->size = (uint32_t)FEATURE_HEADER + feature.size;
        descriptor->bytes = malloc(descriptor->size);
        if (descriptor->bytes) memcpy(descriptor->bytes, feature.data - FEATURE_HEADER, descriptor->size);
        else status = OI_NO_MEMORY;
        if (status) descriptor->size = 0;
    }
    mmc_configuration_free(&configuration);
    return status;
}

enum oi_status mmc_list_features(struct mmc_drive *drive, bool current_only, uint16_t **codes, size_t *count)
{
    struct mmc_configuration configuration;
    struct mmc_feature_info feature;
    uint32_t position = 0;
    enum oi_status status;

    *codes = NULL;
    *count = 0;
    status = mmc_read_configuration(drive, current_only, &configuration);
    if (status) return status;
    /* A descriptor takes at least 4 bytes, so this always has room. */
    *codes = malloc((configuration.reply.size / FEATURE_HEADER + 1) * sizeof(**codes));
    while (*codes && mmc_next_feature(&configuration, &position, &feature))
    {
        /* Drives exist that answer with all features when asked for the current ones. */
        if (feature.current || !current_only) (*codes)[(*count)++] = feature.code;
    }
    mmc_configuration_free(&configuration);
    return *codes ? OI_OK : OI_NO_MEMORY;
}

enum oi_status mmc_list_profiles(struct mmc_drive *drive, bool current_only, uint16_t **codes, size_t *count)
{
    struct mmc_reply reply;
    enum oi_status status;

    *codes = NULL;
    *count = 0;
    status = mmc_read_feature(drive, MMC_FEATURE_PROFILE_LIST, false, &reply);
    if (status) return status;
    *codes = malloc((reply.size / 4 + 1) * sizeof(**codes));
    for (uint32_t offset = FEATURE_HEADER; *codes && offset + 4 <= reply.size; offset += 4)
    {
        if (current_only && !(reply.bytes[offset + 2] & 0x01)) continue;
        (*codes)[(*count)++] = get_be16(reply.bytes + offset);
    }
    mmc_reply_free(&reply);
    return *codes ? OI_OK : OI_NO_MEMORY;
}
