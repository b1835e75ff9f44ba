/* What the files of the medium probe share: what the drive has told so far. */
#ifndef OPENIMAPI_MEDIUM_ROOM_H
#define OPENIMAPI_MEDIUM_ROOM_H

#include "openimapi/mmc_medium.h"

#include "mmc_room.h"

struct medium_probe
{
    struct mmc_drive *drive;
    struct mmc_medium *medium;
    struct mmc_configuration configuration;
    bool disc_known;                    /* READ DISC INFORMATION answered */
};

/* How a medium takes data. */
enum medium_kind
{
    KIND_READ_ONLY,
    KIND_SEQUENTIAL,
    KIND_OVERWRITABLE,
    KIND_UNKNOWN,
};

struct medium_profile
{
    uint16_t profile;
    enum mmc_medium_type type;
    enum medium_kind kind;
    uint8_t write_unit;
};

/* The row of a profile; one of kind unknown for a number that is not in the table. Never NULL. */
const struct medium_profile *medium_profile(uint16_t profile);

/* The physical type behind a profile that hides it (a closed recordable disc shown as ROM). */
enum mmc_medium_type medium_physical_type(struct medium_probe *probe);

/* State, capacity and addresses. A status of the transport, never one of the medium. */
enum oi_status medium_read_sequential(struct medium_probe *probe);
enum oi_status medium_read_overwritable(struct medium_probe *probe);
enum oi_status medium_read_sessions(struct medium_probe *probe);

/* True for what ends the probe: no answer, a wrong one, a drive that is not ready. False for refusals, which
   only tell less about the medium. For the status of the drive's last command. */
bool medium_is_fatal(const struct mmc_drive *drive, enum oi_status status);

#endif
