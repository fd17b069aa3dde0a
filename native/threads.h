/* SPDX-License-Identifier: MIT */
/* Kept threads, and running a program on them call by call. */
#ifndef THREADS_H
#define THREADS_H

#include <sched.h>
#include <stdint.h>
#include <time.h>

#include "program.h"

/* Makes threads until there are `count`. Returns 0, or -1 with errno. */
int threads_ensure(uint32_t count);
/*
 * Keeps all threads on the processor that the caller runs on, until they are scattered. Only one of
 * them runs at a time, and a call is handed over fastest on the spot. Where the system does not allow
 * it, programs run all the same.
 */
void threads_gather(void);
void threads_scatter(void);
/* After fork: the threads stayed behind. */
void threads_forget(void);
/* Bytes of the smallest read buffer. */
uint64_t threads_buffer_bytes(void);

/*
 * Runs the program by the picks, then in the order of the threads. Returns 0 when no call can be
 * started any more, -1 when the time is up. Afterwards every thread is idle or asleep in its call.
 * They are so too whenever `settled` is called, after each round; NULL: it is not.
 */
int threads_run(struct program *p, const uint8_t *picks, uint32_t count, uint32_t timeout_ms,
		void (*settled)(void));
/*
 * Interrupts the calls that are asleep; they stay WIRE_BLOCKED. Returns 0, or -1: one is stuck. Unless `all` is
 * asked for, they sleep on while one of them may have locked a pipe: what others would do once they have
 * the lock is no part of the outcome.
 */
int threads_interrupt(bool all);

/* Nanoseconds since some moment. */
static inline uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/*
 * Gives way, the nth time in one wait: first to who is ready here, later to everybody. A thread that only yields can keep a
 * processor from the kernel's own threads for seconds, and from what it waits for.
 */
static inline void give_way(uint32_t nth)
{
	const struct timespec moment = { .tv_nsec = 100000 };

	if (nth < 64)
		sched_yield();
	else
		nanosleep(&moment, NULL);
}

#endif
