// SPDX-License-Identifier: MIT
/*
 * Stepping.
 *
 * A task is a kept thread: idle, or making one call. The control thread hands a call over through `state` and then
 * waits until every task is idle or asleep in the kernel. A call that cannot sleep is made by the control thread
 * itself: threads share all that a call can see, and a hand-over costs more than most calls. Idle is known from
 * `state`. Asleep is read from /proc: `syscall` tells that the kernel took the thread off the processor, `status`
 * gives its state and its context switches, `schedstat` how often it has run. If in two passes over all busy tasks
 * each is asleep and has not run meanwhile, then all were asleep at the same time, and nothing but a new call or a
 * signal can wake them. What a task showed when the last call had settled counts as a pass.
 *
 * All threads stay on one processor while a frame is run: one of them runs at a time, and to hand a call over is then
 * a switch and not a wait for another processor that may be busy; what is sent on loopback arrives there, too.
 * State D may be a wait that ends by itself: it must last (locks_patience_ns()).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "locks.h"
#include "proc.h"
#include "sandbox.h"
#include "syscalls.h"
#include "tcp.h"
#include "threads.h"
#include "uring.h"
#include "wire.h"

#define STACK_BYTES (256 << 10)
/* Most calls return within a few microseconds: step aside so often before asking /proc. */
#define YIELDS 4
#define INTERRUPT_MS 1000

enum { TASK_IDLE, TASK_BUSY };

struct task {
	_Atomic uint32_t state;
	_Atomic uint32_t waits; /* it may be asleep until `state` changes */
	pid_t tid;
	int status_fd, syscall_fd, schedstat_fd; /* -1: this kernel has no such file */
	struct call *call;
	void *buffer;
	size_t buffer_bytes;
	/* What the last pass saw. */
	char asleep; /* its state, S or D; 0 if it was not asleep */
	uint64_t switches;
	uint64_t runs;
	uint64_t asleep_since_ns;
};

static struct task tasks[THREADS_MAX];
static uint32_t task_count;
/* Where the control thread may run when it is not gathered; empty before the first time. */
static cpu_set_t allowed;
static struct program *current;

static bool busy(const struct task *t)
{
	return atomic_load_explicit(&t->state, memory_order_acquire) == TASK_BUSY;
}

static void *task_main(void *arg)
{
	struct task *t = arg;

	__atomic_store_n(&t->tid, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
	for (;;) {
		while (!busy(t)) {
			atomic_store(&t->waits, 1);
			if (atomic_load(&t->state) == TASK_IDLE)
				syscall(SYS_futex, &t->state, FUTEX_WAIT_PRIVATE, TASK_IDLE, NULL);
			atomic_store(&t->waits, 0);
		}
		syscall_make(current, t->call, t->buffer, t->buffer_bytes);
		atomic_store_explicit(&t->state, TASK_IDLE, memory_order_release);
	}
	return NULL;
}

static int task_start(struct task *t, int fd_at)
{
	pthread_attr_t attr;
	pthread_t thread;
	char byte;
	int error;

	if (!t->buffer) {
		t->buffer_bytes = READ_BUFFER_BYTES;
		t->buffer = arena_reserve(&t->buffer_bytes);
		if (!t->buffer)
			return -1;
	}
	atomic_store(&t->state, TASK_IDLE);
	t->tid = 0;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	error = pthread_create(&thread, &attr, task_main, t);
	pthread_attr_destroy(&attr);
	if (error) {
		errno = error;
		return -1;
	}
	while (!__atomic_load_n(&t->tid, __ATOMIC_ACQUIRE))
		sched_yield();
	t->status_fd = proc_open(t->tid, "status", fd_at);
	t->syscall_fd = proc_open(t->tid, "syscall", fd_at + 1);
	t->schedstat_fd = proc_open(t->tid, "schedstat", fd_at + 2);
	/* The file may be there and still give an error. */
	if (t->syscall_fd >= 0 && pread(t->syscall_fd, &byte, 1, 0) < 1)
		t->syscall_fd = -1;
	return t->status_fd < 0 ? -1 : 0;
}

int threads_ensure(uint32_t count)
{
	for (; task_count < count; task_count++)
		if (task_start(&tasks[task_count], FD_TASKS + 3 * (int)task_count))
			return -1;
	return 0;
}

void threads_gather(void)
{
	int here = sched_getcpu();
	cpu_set_t one;

	if (here < 0 || here >= CPU_SETSIZE || sched_getaffinity(0, sizeof(allowed), &allowed))
		return;
	CPU_ZERO(&one);
	CPU_SET(here, &one);
	sched_setaffinity(0, sizeof(one), &one);
	for (uint32_t i = 0; i < task_count; i++)
		sched_setaffinity(tasks[i].tid, sizeof(one), &one);
}

/* Only the caller: the others are idle, and follow it when they are gathered again. */
void threads_scatter(void)
{
	if (CPU_COUNT(&allowed))
		sched_setaffinity(0, sizeof(allowed), &allowed);
}

void threads_forget(void)
{
	task_count = 0;
}

uint64_t threads_buffer_bytes(void)
{
	uint64_t least = READ_BUFFER_BYTES;

	for (uint32_t i = 0; i < task_count; i++)
		if (tasks[i].buffer_bytes < least)
			least = tasks[i].buffer_bytes;
	return least;
}

/*
 * Looks at one busy task. Returns whether it is asleep and was so at the last look. Only `status` tells
 * a sleeper from one that is being woken on another processor: that one is off its own, but shows R.
 */
static bool still_asleep(struct task *t)
{
	uint64_t runs, switches = 0;
	bool same;
	char state;

	if (!proc_off_processor(t->syscall_fd)) {
		t->asleep = 0;
		return false;
	}
	runs = proc_times_run(t->schedstat_fd);
	state = proc_status(t->status_fd, &switches);
	if (state != 'S' && state != 'D')
		state = 0;
	same = state && state == t->asleep && switches == t->switches && runs == t->runs;
	if (!same)
		t->asleep_since_ns = now_ns();
	t->asleep = state;
	t->switches = switches;
	t->runs = runs;
	return same && (state == 'S' || now_ns() - t->asleep_since_ns >
						locks_patience_ns(t->call->code));
}

/* One pass over the tasks that are busy. Returns whether all is quiet. */
static bool quiet(void)
{
	bool all = true, was[THREADS_MAX];

	for (uint32_t i = 0; i < task_count; i++)
		was[i] = busy(&tasks[i]);
	for (uint32_t i = 0; i < task_count; i++) {
		if (!was[i])
			continue;
		/* It returned meanwhile and may have woken one that was looked at before. */
		if (!still_asleep(&tasks[i]) || !busy(&tasks[i]))
			all = false;
	}
	return all && uring_quiet(current);
}

/* Waits until nothing moves. Returns 0, or -1 when the time is up. */
static int settle(const struct task *started, uint64_t deadline_ns)
{
	for (int i = 0; i < YIELDS && busy(started); i++)
		sched_yield();
	for (uint32_t nth = 0; !quiet(); nth++) {
		if (now_ns() > deadline_ns)
			return -1;
		give_way(nth);
	}
	return 0;
}

struct progress {
	uint32_t next[THREADS_MAX];
	int32_t round;
	uint64_t deadline_ns;
	void (*settled)(void);
};

/* Notes which calls have returned. Returns whether there was one. */
static bool note_returned(struct program *p, struct progress *g, int32_t round)
{
	bool some = false;


	for (uint32_t i = 0; i < p->threads; i++)
		if (tasks[i].call && tasks[i].call->status == WIRE_BLOCKED && !busy(&tasks[i])) {
			tasks[i].call->status = WIRE_RETURNED;
			tasks[i].call->returned_at = round;
			some = true;
		}
	return uring_note(p, g->next, round) || some;
}

/* Waits until nothing moves, and notes it. Returns 0, or -1: time is up. */
static int end_round(struct program *p, struct progress *g, const struct task *started)
{
	int result = settle(started, g->deadline_ns) || now_ns() > g->deadline_ns;

	tcp_settle(p);
	note_returned(p, g, g->round++);
	return result ? -1 : 0;
}

/* A timer of TCP may have woken somebody since the last round: then he was woken in that. */
static void note_late(struct program *p, struct progress *g)
{
	if (!note_returned(p, g, g->round - 1))
		return;
	settle(tasks, g->deadline_ns);
	note_returned(p, g, g->round - 1);
}

/* Starts the next call of a thread and waits. Returns 1, 0 if it cannot start, -1: time is up. */
static int step(struct program *p, struct progress *g, uint32_t thread)
{
	struct task *t;
	struct call *call;

	/* Requests start by themselves. */
	if (thread >= p->threads || p->thread[thread].flags)
		return 0;
	note_late(p, g);
	t = &tasks[thread];
	if ((t->call && t->call->status == WIRE_BLOCKED) || g->next[thread] == p->thread[thread].count)
		return 0;
	call = &p->call[p->thread[thread].first + g->next[thread]];
	if (!call_may_start(p, call))
		return 0;
	g->next[thread]++;
	syscall_resolve(p, call);
	call->status = WIRE_BLOCKED;
	call->started_at = g->round;
	t->call = call;
	t->asleep = 0;
	locks_note(call);
	if (syscall_may_sleep(call) || locks_held(p)) {
		atomic_store(&t->state, TASK_BUSY);
		if (atomic_load(&t->waits))
			syscall(SYS_futex, &t->state, FUTEX_WAKE_PRIVATE, 1);
	} else {
		syscall_make(p, call, t->buffer, t->buffer_bytes);
	}
	if (end_round(p, g, t))
		return -1;
	if (g->settled)
		g->settled();
	return 1;
}

/* Starts calls, the lowest thread's first, until none can start. Returns 0, or -1: time is up. */
static int run_rest(struct program *p, struct progress *g)
{
	for (uint32_t thread = 0; thread < p->threads;) {
		int result = step(p, g, thread);

		if (result < 0)
			return -1;
		thread = result ? 0 : thread + 1;
	}
	return 0;
}

/* Whether a call or a request has not returned: it may have what the program has closed. */
static bool someone_waits(void)
{
	for (uint32_t i = 0; i < task_count; i++)
		if (busy(&tasks[i]))
			return true;
	return uring_in_flight();
}

int threads_run(struct program *p, const uint8_t *picks, uint32_t count, uint32_t timeout_ms,
		void (*settled)(void))
{
	struct progress g = {
		.deadline_ns = now_ns() + (uint64_t)timeout_ms * 1000000u,
		.settled = settled,
	};
	bool waited = false;

	current = p;
	for (uint32_t i = 0; i < task_count; i++)
		tasks[i].call = NULL;
	for (uint32_t i = 0; i < count; i++)
		if (step(p, &g, picks[i]) < 0)
			return -1;
	while (!run_rest(p, &g)) {
		if (!tcp_flush(p)) {
			if (waited || !someone_waits() || !tcp_wait_unasked(p))
				return 0;
			waited = true;
		}
		if (end_round(p, &g, tasks))
			break;
	}
	return -1;
}

int threads_interrupt(bool all)
{
	uint64_t deadline_ns = now_ns() + INTERRUPT_MS * 1000000u;
	bool left = false;

	for (uint32_t i = 0; i < task_count; i++)
		if (busy(&tasks[i]))
			left = true;
	if (!all && locks_held(current))
		return 0;
	uring_cancel(current);
	for (uint32_t nth = 0; left; nth++) {
		left = false;
		for (uint32_t i = 0; i < task_count; i++)
			if (busy(&tasks[i])) {
				left = true;
				syscall(SYS_tgkill, getpid(), tasks[i].tid, SIGUSR1);
			}
		give_way(nth);
		if (left && now_ns() > deadline_ns)
			return -1;
	}
	return uring_await_cancelled();
}
