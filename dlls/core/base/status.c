/* The names and the English texts of the results of core functions. */
#include "openimapi/status.h"

static const char *const names[] =
{
#define X(name, text) #name,
    OI_STATUS_LIST(X)
#undef X
};

static const char *const texts[] =
{
#define X(name, text) text,
    OI_STATUS_LIST(X)
#undef X
};

const char *status_text(enum oi_status status)
{
    if ((unsigned int)status >= OI_STATUS_COUNT) return "unknown status";
    return texts[status];
}

const char *status_name(enum oi_status status)
{
    if ((unsigned int)status >= OI_STATUS_COUNT) return "unknown status";
    return names[status];
}
