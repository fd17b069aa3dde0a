/* SPDX-License-Identifier: MIT */
/* One ring of io_uring: its descriptor and the memory that it shares with the kernel. */
#ifndef RING_H
#define RING_H

#include <linux/io_uring.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Since 5.18: a request that is refused does not keep the others from being handed over. */
#ifndef IORING_SETUP_SUBMIT_ALL
#define IORING_SETUP_SUBMIT_ALL (1U << 7)
#endif

struct ring {
	bool made;
	bool closed; /* to be made again */
	bool drained; /* a drained chain was handed over */
	uint32_t in_flight;
	uint32_t to_notify; /* of the present program */
	uint8_t *queues; /* both, in one mapping */
	size_t queues_bytes, entries_bytes;
	struct io_uring_sqe *entries;
	_Atomic uint32_t *tail, *completed_head, *completed_tail;
	uint32_t *array, mask, completed_mask;
	const struct io_uring_cqe *completions;
};

/* Makes it, at a descriptor of the executor's own. Returns NULL, or why there is none. */
const char *ring_make(struct ring *r, int place);
/* Closes it, with what is in flight. */
void ring_close(struct ring *r, int place);
/* Takes the next entry of the submission queue. */
struct io_uring_sqe *ring_next_entry(struct ring *r);

#endif
