/* SPDX-License-Identifier: MIT */
/* Requests of io_uring: a ring for each thread that hands chains over, through raw system calls. */
#ifndef URING_H
#define URING_H

#include <stdbool.h>

#include "program.h"

/* Whether this kernel has it, and lets this user have it. */
bool uring_is_there(void);
/* Makes the rings that a program needs. Returns NULL, or why there are none. */
const char *uring_prepare(const struct program *p);
/* After fork: the rings stayed behind. */
void uring_forget(void);
/* Hands a call's chains over. Returns how many requests they are, or -1 with errno. */
long uring_enter(struct program *p, const struct call *call);
/* Notes which requests have started and completed by the end of a round; `next`: of each thread, its first call that has not. Returns
 * whether one has completed. */
bool uring_note(struct program *p, uint32_t *next, int32_t round);
/* Whether a notification has not come. */
bool uring_to_notify(struct program *p);
/* Whether a request has not completed. */
bool uring_in_flight(void);
/*
 * Whether nothing is in flight, or all workers of io_uring were asleep at this look and at the one before. To be asked when
 * all tasks are asleep.
 */
bool uring_quiet(const struct program *p);
/* Cancels what is in flight: a worker may have to wait for a task that is still in a call. */
void uring_cancel(const struct program *p);
/* Waits until no worker has a request, if something was in flight. Returns 0, or -1: one is stuck. */
int uring_await_cancelled(void);

#endif
