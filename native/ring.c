// SPDX-License-Identifier: MIT
/* See ring.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "program.h"
#include "ring.h"
#include "sandbox.h"

const char *ring_make(struct ring *r, int place)
{
	struct io_uring_params params = { .flags = IORING_SETUP_SUBMIT_ALL };
	int fd = (int)syscall(SYS_io_uring_setup, CALLS_MAX, &params);

	if (fd < 0)
		return errno == EINVAL ? "io_uring is older than 5.18" : "there is no io_uring";
	fd_place(fd, place);
	if (!(params.features & IORING_FEAT_SINGLE_MMAP))
		return "io_uring is older than 5.18";
	r->queues_bytes = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
	if (r->queues_bytes < params.sq_off.array + params.sq_entries * sizeof(uint32_t))
		r->queues_bytes = params.sq_off.array + params.sq_entries * sizeof(uint32_t);
	r->entries_bytes = params.sq_entries * sizeof(struct io_uring_sqe);
	r->queues = mmap(NULL, r->queues_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, place,
			 IORING_OFF_SQ_RING);
	r->entries = mmap(NULL, r->entries_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, place,
			  IORING_OFF_SQES);
	if (r->queues == MAP_FAILED || r->entries == MAP_FAILED)
		die("the memory of a ring");
	/* A ring lives as long as it is mapped somewhere. */
	if (madvise(r->queues, r->queues_bytes, MADV_DONTFORK) ||
	    madvise(r->entries, r->entries_bytes, MADV_DONTFORK))
		die("keeping a ring from children");
	r->tail = (_Atomic uint32_t *)(r->queues + params.sq_off.tail);
	r->mask = *(uint32_t *)(r->queues + params.sq_off.ring_mask);
	r->array = (uint32_t *)(r->queues + params.sq_off.array);
	r->completed_head = (_Atomic uint32_t *)(r->queues + params.cq_off.head);
	r->completed_tail = (_Atomic uint32_t *)(r->queues + params.cq_off.tail);
	r->completed_mask = *(uint32_t *)(r->queues + params.cq_off.ring_mask);
	r->completions = (const struct io_uring_cqe *)(r->queues + params.cq_off.cqes);
	r->in_flight = 0;
	r->made = true;
	r->closed = false;
	r->drained = false;
	return NULL;
}

void ring_close(struct ring *r, int place)
{
	munmap(r->queues, r->queues_bytes);
	munmap(r->entries, r->entries_bytes);
	close(place);
	r->made = false;
	r->closed = true;
	r->in_flight = 0;
}

struct io_uring_sqe *ring_next_entry(struct ring *r)
{
	uint32_t at = atomic_load_explicit(r->tail, memory_order_relaxed);
	struct io_uring_sqe *sqe = &r->entries[at & r->mask];

	memset(sqe, 0, sizeof(*sqe));
	r->array[at & r->mask] = at & r->mask;
	atomic_store_explicit(r->tail, at + 1, memory_order_release);
	return sqe;
}
