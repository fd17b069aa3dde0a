// SPDX-License-Identifier: MIT
/*
 * See uring.h.
 *
 * The control thread hands all chains over, so that all workers are its own, and it is never asleep in a call when io_uring
 * has work for it. A request that sleeps is seen by its worker (workers.c).
 * What is in flight at the end is cancelled by closing its ring: what was drained never starts then. Behind a hard link the next
 * request would; its descriptor is hidden meanwhile, so that it is not found when its turn comes. A request that io_uring polls for
 * has no worker; it is cancelled first, and what that may start finds no descriptor.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "locks.h"
#include "request.h"
#include "ring.h"
#include "sandbox.h"
#include "syscalls.h"
#include "uring.h"
#include "wire.h"
#include "workers.h"

/* Names the cancellation of a request, which is no call. */
#define CANCELS ((uint64_t)-1)
/* The name of a request: its call, and above it which program that is of. */
#define CALL_MASK ((uint64_t)CALLS_MAX - 1)

static struct ring rings[THREADS_MAX];

/* Rings were closed with something in flight. */
static bool cancelling;
static int hidden[HIDDEN_MAX];
static uint32_t hidden_count;
static uint64_t program_number;

static int ring_fd(const struct ring *r)
{
	return FD_RINGS + (int)(r - rings);
}

bool uring_is_there(void)
{
	struct io_uring_params params = { .flags = IORING_SETUP_SUBMIT_ALL };
	int fd = (int)syscall(SYS_io_uring_setup, 1, &params);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static uint64_t name_of(const struct program *p, const struct call *call)
{
	return (uint64_t)(call - p->call) + program_number * CALLS_MAX;
}

/* What the chains are that a thread hands over. */
struct handed {
	bool some, drained, sends;
};

static struct handed handed_by(const struct program *p, const struct thread *t)
{
	struct handed all = { 0 };

	for (uint32_t i = t->first; i < t->first + t->count; i++) {
		all.some |= p->call[i].code == CALL_IO_URING_ENTER;
		for (int n = 0; n < OPERANDS_MAX; n++) {
			const struct operand *o = &p->call[i].operand[n];
			const struct thread *chain;

			if (o->kind != OPERAND_CHAIN)
				continue;
			chain = &p->thread[o->value];
			all.drained |= (chain->flags & IOSQE_IO_DRAIN) != 0;
			for (uint32_t k = 0; k < chain->count; k++)
				all.sends |= call_sends(&p->call[chain->first + k]);
		}
	}
	return all;
}

/*
 * A drained request waits for all notifications that are to come, and so does whatever is handed over next, be that the send that has the
 * notification. Kernels before 6.16 count a notification that has come as a request that has completed. So such a ring is not used again.
 */
static bool is_spoilt(const struct ring *r, struct handed now)
{
	bool notified = atomic_load_explicit(r->tail, memory_order_relaxed) !=
			atomic_load_explicit(r->completed_tail, memory_order_acquire);

	return (r->drained || now.drained) && (now.sends || r->to_notify || notified);
}

const char *uring_prepare(const struct program *p)
{
	program_number++;
	for (uint32_t i = 0; i < p->threads; i++) {
		struct handed now = handed_by(p, &p->thread[i]);
		const char *why = NULL;

		if (!now.some)
			continue;
		if (rings[i].made && is_spoilt(&rings[i], now))
			ring_close(&rings[i], ring_fd(&rings[i]));
		rings[i].to_notify = 0;
		if (!rings[i].made)
			why = ring_make(&rings[i], ring_fd(&rings[i]));
		if (why)
			return why;
		workers_watch();
	}
	return NULL;
}

void uring_forget(void)
{
	for (uint32_t i = 0; i < THREADS_MAX; i++)
		if (rings[i].made)
			close(ring_fd(&rings[i]));
	memset(rings, 0, sizeof(rings));
	workers_forget();
}

static void put(struct ring *r, const struct program *p, struct call *call, uint32_t flags)
{
	struct io_uring_sqe *sqe = ring_next_entry(r);

	request_fill(sqe, p, call);
	sqe->flags |= (uint8_t)flags;
	sqe->user_data = name_of(p, call);
	r->in_flight++;
	r->to_notify += call_sends(call);
}

long uring_enter(struct program *p, const struct call *call)
{
	uint32_t index = (uint32_t)(call - p->call), thread = 0, count = 0;
	struct ring *r;

	while (index >= p->thread[thread].first + p->thread[thread].count)
		thread++;
	r = &rings[thread];
	for (int n = 0; n < OPERANDS_MAX; n++) {
		const struct thread *chain = &p->thread[call->operand[n].value];

		if (call->operand[n].kind != OPERAND_CHAIN)
			continue;
		r->drained |= (chain->flags & IOSQE_IO_DRAIN) != 0;
		for (uint32_t i = 0; i < chain->count; i++, count++) {
			bool last = i + 1 == chain->count;
			uint32_t flags = i ? 0 : chain->flags & IOSQE_IO_DRAIN;

			syscall_resolve(p, &p->call[chain->first + i]);
			locks_note(&p->call[chain->first + i]);
			p->call[chain->first + i].handed_over = true;
			p->call[chain->first + i].hard_linked = chain->flags & IOSQE_IO_HARDLINK;
			put(r, p, &p->call[chain->first + i],
			    flags | (last ? 0 : chain->flags & ~IOSQE_IO_DRAIN));
		}
	}
	return syscall(SYS_io_uring_enter, ring_fd(r), count, 0, 0, NULL, 0);
}

/* Takes the completions that are there: each completes its call. */
static void reap(struct program *p)
{
	for (struct ring *r = rings; r < rings + THREADS_MAX; r++) {
		uint32_t head, tail;

		if (!r->in_flight && !r->to_notify)
			continue;
		head = atomic_load_explicit(r->completed_head, memory_order_relaxed);
		tail = atomic_load_explicit(r->completed_tail, memory_order_acquire);
		for (; head != tail; head++) {
			const struct io_uring_cqe *cqe = &r->completions[head & r->completed_mask];
			struct call *call = &p->call[cqe->user_data & CALL_MASK];

			/* A notification may come late, when another program is run. */
			if (cqe->user_data != name_of(p, call))
				continue;
			if (cqe->flags & IORING_CQE_F_NOTIF) {
				call->notified = true;
				r->to_notify--;
				continue;
			}
			r->in_flight--;
			call->ret = cqe->res < 0 ? -1 : cqe->res;
			call->error = cqe->res < 0 ? -cqe->res : 0;
			call->data_bytes = call->data && cqe->res > 0 ? (size_t)cqe->res : 0;
			call->completed = true;
		}
		atomic_store_explicit(r->completed_head, head, memory_order_release);
	}
}

/* Notes which requests of a chain have started and completed. Returns whether one has completed. */
static bool note_chain(struct program *p, const struct thread *chain, uint32_t *next, int32_t round)
{
	bool some = false;

	for (; *next < chain->count; (*next)++) {
		struct call *call = &p->call[chain->first + *next];

		if (!call_may_start(p, call))
			break;
		if (call->status == WIRE_NOT_STARTED) {
			call->status = WIRE_BLOCKED;
			call->started_at = round;
		}
		if (!call->completed)
			break;
		call->status = WIRE_RETURNED;
		call->returned_at = round;
		some = true;
	}
	return some;
}

bool uring_note(struct program *p, uint32_t *next, int32_t round)
{
	bool some = false;

	reap(p);
	/* A chain may wait for a later one. */
	for (bool again = true; again;) {
		again = false;
		for (uint32_t i = 0; i < p->threads; i++)
			if (p->thread[i].flags && note_chain(p, &p->thread[i], &next[i], round))
				some = again = true;
	}
	return some;
}

bool uring_in_flight(void)
{
	for (uint32_t i = 0; i < THREADS_MAX; i++)
		if (rings[i].in_flight)
			return true;
	return false;
}

static bool to_be_notified(void)
{
	for (uint32_t i = 0; i < THREADS_MAX; i++)
		if (rings[i].to_notify)
			return true;
	return false;
}

bool uring_to_notify(struct program *p)
{
	reap(p);
	return to_be_notified();
}

bool uring_quiet(const struct program *p)
{
	bool locked = false;

	/* A request that was polled for is handed to a worker when this thread returns from a call, in front of the look. */
	if (uring_in_flight() || to_be_notified())
		syscall(SYS_getppid);
	for (uint32_t i = 0; i < p->calls; i++)
		locked |= p->call[i].locks && p->call[i].status != WIRE_RETURNED;
	return !uring_in_flight() || workers_quiet(locked);
}

/* Hides what requests that have not completed, and may start when others are cancelled, would work on. */
static void hide(const struct program *p, bool all)
{
	for (const struct call *call = p->call; call < p->call + p->calls; call++) {
		int fd = (int)call->arg[call_is_polled(call) ? 0 : call->code == CALL_TEE ? 1 : 2];

		if (!call->handed_over || !(all || call->hard_linked) || call->completed ||
		    fd < FD_FIRST || fd >= OWN_FD_FIRST)
			continue;
		if (hidden_count == HIDDEN_MAX)
			die("more descriptors than can be hidden");
		if (dup3(fd, FD_HIDDEN + (int)hidden_count, O_CLOEXEC) < 0)
			continue; /* it is closed, or hidden */
		close(fd);
		hidden[hidden_count++] = fd;
	}
}

/* Cancels the requests of a ring that are polled for: they are over when this returns. */
static void cancel_polled(struct ring *r, const struct program *p)
{
	uint32_t count = 0;

	for (const struct call *call = p->call; call < p->call + p->calls; call++) {
		struct io_uring_sqe *sqe;

		if (!call->handed_over || call->completed || !call_is_polled(call))
			continue;
		sqe = ring_next_entry(r);
		sqe->opcode = IORING_OP_ASYNC_CANCEL;
		sqe->addr = name_of(p, call);
		sqe->user_data = CANCELS;
		count++;
	}
	if (count)
		syscall(SYS_io_uring_enter, ring_fd(r), count, 0, 0, NULL, 0);
}

static bool transfers_are_left(const struct program *p)
{
	for (const struct call *call = p->call; call < p->call + p->calls; call++)
		if (call->handed_over && !call->completed && call_is_polled(call))
			return true;
	return false;
}

static void show(void)
{
	for (; hidden_count; hidden_count--) {
		int at = FD_HIDDEN + (int)hidden_count - 1;

		if (dup2(at, hidden[hidden_count - 1]) < 0)
			die("showing a descriptor again");
		close(at);
	}
}

void uring_cancel(const struct program *p)
{
	cancelling = uring_in_flight();
	if (!cancelling)
		return;
	hide(p, transfers_are_left(p));
	for (uint32_t i = 0; i < THREADS_MAX; i++) {
		if (!rings[i].in_flight)
			continue;
		cancel_polled(&rings[i], p);
		ring_close(&rings[i], ring_fd(&rings[i]));
	}
}

int uring_await_cancelled(void)
{
	if (!cancelling)
		return 0;
	cancelling = false;
	if (workers_await_idle())
		return -1;
	show();
	/* The address space is to be as it was. */
	for (uint32_t i = 0; i < THREADS_MAX; i++)
		if (rings[i].closed && ring_make(&rings[i], ring_fd(&rings[i])))
			die("a ring");
	return 0;
}
