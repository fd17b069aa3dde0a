/* SPDX-License-Identifier: MIT */
/* Calls as requests of io_uring. */
#ifndef REQUEST_H
#define REQUEST_H

#include <linux/io_uring.h>

#include "program.h"

/* Fills an empty entry of the submission queue: all but what says how requests are linked. A read gets memory, `call->data`. */
void request_fill(struct io_uring_sqe *sqe, const struct program *p, struct call *call);

#endif
