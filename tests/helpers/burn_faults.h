/*
 * The fault loop: every command of a burn made to fail in turn, in every way in which commands fail. Whatever
 * happens, the burn ends in bounded time, with a status that says what happened, the tray unlocked, nothing
 * leaked (the sanitizer looks), and a disc in a state that a real one could have, onto which the next burn
 * goes.
 */
#ifndef TESTS_BURN_FAULTS_H
#define TESTS_BURN_FAULTS_H

/* Each command, in each way, once and from then on. OPENIMAPI_FAULTS=medium:outcome in the environment runs
   one alone. */
void burn_fail_each_command(const char *medium);

#endif
