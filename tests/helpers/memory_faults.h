/* Allocations that fail on demand, for programs linked with --wrap of malloc, calloc, realloc and free. */
#ifndef OPENIMAPI_TESTS_MEMORY_FAULTS_H
#define OPENIMAPI_TESTS_MEMORY_FAULTS_H

extern long memory_alive;               /* allocations that were not freed */

/* After so many successes one fails, and with alone 0 all that follow. */
void memory_arm(long successes, int alone);

/* None fails any more; returns how many did. */
int memory_disarm(void);

#endif
