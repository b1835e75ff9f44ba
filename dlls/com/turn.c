/* Taking turns: one caller at a time does something slow that may call clients' objects; no lock is held. */
#include "com/com_room.h"

HRESULT com_turn_init(struct com_turn *turn)
{
    turn->holder = 0;
    turn->waiting = 0;
    InitializeSRWLock(&turn->lock);
    turn->idle = CreateEventW(NULL, FALSE, FALSE, NULL);
    return turn->idle ? S_OK : E_OUTOFMEMORY;
}

void com_turn_clear(struct com_turn *turn)
{
    if (turn->idle) CloseHandle(turn->idle);
    turn->idle = NULL;
}

/* Calls from other apartments go through meanwhile: the holder may need a client's object that lives in the
   apartment that waits here. */
static void wait_idle(struct com_turn *turn)
{
    DWORD index;

    if (FAILED(CoWaitForMultipleHandles(0, INFINITE, 1, &turn->idle, &index)))
        WaitForSingleObject(turn->idle, INFINITE);
}

BOOL com_turn_take(struct com_turn *turn)
{
    DWORD self = GetCurrentThreadId();
    BOOL good;

    AcquireSRWLockExclusive(&turn->lock);
    while (turn->holder && turn->holder != self)
    {
        turn->waiting++;
        ReleaseSRWLockExclusive(&turn->lock);
        wait_idle(turn);
        AcquireSRWLockExclusive(&turn->lock);
        turn->waiting--;
    }
    good = !turn->holder;
    if (good) turn->holder = self;
    ReleaseSRWLockExclusive(&turn->lock);
    return good;
}

/* The event wakes one of those that wait; when another was quicker, that one sets it again. Where nobody
   waits it is left alone: under Wine each setting goes to another process. */
void com_turn_give(struct com_turn *turn)
{
    BOOL wake;

    AcquireSRWLockExclusive(&turn->lock);
    turn->holder = 0;
    wake = turn->waiting != 0;
    ReleaseSRWLockExclusive(&turn->lock);
    if (wake) SetEvent(turn->idle);
}
