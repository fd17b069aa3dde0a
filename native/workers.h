/* SPDX-License-Identifier: MIT */
/* The workers of io_uring (io-wq): kernel threads of this process that make the requests. */
#ifndef WORKERS_H
#define WORKERS_H

#include <stdbool.h>

/* Starts the thread that looks at them, if it is not there. */
void workers_watch(void);
/* After fork: it stayed behind. */
void workers_forget(void);
/* Whether all were asleep at this look and at the one before. To be asked when all tasks are asleep. `locked`: one may wait for a
 * lock that a sleeper has; else who cannot be interrupted waits for the disk. */
bool workers_quiet(bool locked);
/* Waits until none has a request. Returns 0, or -1: one is stuck. */
int workers_await_idle(void);

#endif
