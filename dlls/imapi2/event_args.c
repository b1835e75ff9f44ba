/*
 * What an Update event of the data writer carries: the numbers of one moment, which do not change while a
 * sink keeps the object.
 */
#include "imapi2_room.h"

struct event_args
{
    struct com_object base;
    struct data_progress progress;
};

static const struct data_progress *progress_of(void *iface)
{
    return &COM_SELF(struct event_args, iface)->progress;
}

#define GETTER(type, member, field)                                                                          \
    static HRESULT STDMETHODCALLTYPE event_args_get_##member(IDiscFormat2DataEventArgs *iface, type *value)  \
    {                                                                                                        \
        COM_TRACE(iface, "%p", value);                                                                       \
        if (!value) return com_fail(iface, E_POINTER);                                                       \
        *value = progress_of(iface)->field;                                                                  \
        return S_OK;                                                                                         \
    }

GETTER(LONG, StartLba, start_lba)
GETTER(LONG, SectorCount, sector_count)
GETTER(LONG, LastReadLba, last_read_lba)
GETTER(LONG, LastWrittenLba, last_written_lba)
GETTER(LONG, TotalSystemBuffer, buffer_total)
GETTER(LONG, UsedSystemBuffer, buffer_used)
GETTER(LONG, FreeSystemBuffer, buffer_free)
GETTER(LONG, ElapsedTime, elapsed)
GETTER(LONG, RemainingTime, remaining)
GETTER(LONG, TotalTime, total)
GETTER(IMAPI_FORMAT2_DATA_WRITE_ACTION, CurrentAction, action)

static const IDiscFormat2DataEventArgsVtbl event_args_vtbl =
{
    COM_DISPATCH(IDiscFormat2DataEventArgs),
    /* IWriteEngine2EventArgs */
    event_args_get_StartLba,
    event_args_get_SectorCount,
    event_args_get_LastReadLba,
    event_args_get_LastWrittenLba,
    event_args_get_TotalSystemBuffer,
    event_args_get_UsedSystemBuffer,
    event_args_get_FreeSystemBuffer,
    /* IDiscFormat2DataEventArgs */
    event_args_get_ElapsedTime,
    event_args_get_RemainingTime,
    event_args_get_TotalTime,
    event_args_get_CurrentAction,
};

static HRESULT event_args_init(struct com_object *object, void *args)
{
    struct event_args *self = (struct event_args *)object;

    self->progress = *(const struct data_progress *)args;
    return S_OK;
}

static const struct com_iface event_args_ifaces[] =
{
    { &IID_IDiscFormat2DataEventArgs, &event_args_vtbl },
    { &IID_IWriteEngine2EventArgs, NULL },
    COM_STANDARD_IFACES,
};

const struct com_class data_event_args_class =
{
    .size = sizeof(struct event_args),
    .init = event_args_init,
    .ifaces = event_args_ifaces,
    .iface_count = COM_COUNT(event_args_ifaces),
};
