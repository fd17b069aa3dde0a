// SPDX-License-Identifier: MIT
/* See request.h. */
#include <linux/io_uring.h>
#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "memory.h"
#include "request.h"
#include "sandbox.h"

/* The longest file, and more than a pipe or socket ever gives. */
#define READ_BYTES_MAX (17u << 20)

static uint64_t offset_of(const struct call *call, int operand)
{
	return call->operand[operand].kind == OPERAND_POINTER ? call->arg[operand] : (uint64_t)-1;
}

/* Where a read stores, or what a write takes; the length goes to `*len`. NULL: there is no memory. */
static uint8_t *memory_of(const struct program *p, struct call *call, uint32_t *len)
{
	const struct buffer *b = &p->buffer[(uint32_t)call->operand[1].value];

	if (call->operand[1].kind == OPERAND_BUFFER) {
		*len = b->len_bytes;
		return b->bytes;
	}
	*len = (uint32_t)call->arg[1];
	/* No file is longer. */
	return arena_take(*len < READ_BYTES_MAX ? *len : READ_BYTES_MAX);
}

/*
 * IOSQE_ASYNC: a worker takes it up as it does a splice, and nobody else waits. Where a pipe or a socket would have it wait, io_uring
 * polls, and a worker tries again.
 */
static void fill_transfer(struct io_uring_sqe *sqe, const struct program *p, struct call *call)
{
	bool reads = call->code == CALL_READ || call->code == CALL_PREAD;
	uint8_t *memory = memory_of(p, call, &sqe->len);

	if (!memory)
		die("memory of a request");
	call->data = reads ? memory : NULL;
	sqe->opcode = reads ? IORING_OP_READ : IORING_OP_WRITE;
	sqe->flags = IOSQE_ASYNC;
	sqe->fd = (int)call->arg[0];
	sqe->addr = (uint64_t)(uintptr_t)memory;
	sqe->off = call->code == CALL_PREAD || call->code == CALL_PWRITE ? call->arg[2]
									 : (uint64_t)-1;
}

static void fill_move(struct io_uring_sqe *sqe, const struct call *call)
{
	bool tees = call->code == CALL_TEE;

	sqe->opcode = tees ? IORING_OP_TEE : IORING_OP_SPLICE;
	sqe->splice_fd_in = (int)call->arg[0];
	sqe->fd = (int)call->arg[tees ? 1 : 2];
	sqe->splice_off_in = tees ? 0 : offset_of(call, 1);
	sqe->off = tees ? 0 : offset_of(call, 3);
	sqe->len = (uint32_t)call->arg[tees ? 2 : 4];
	sqe->splice_flags = (uint32_t)call->arg[tees ? 3 : 5];
}

/* Both have two completions, the second one, with IORING_CQE_F_NOTIF, when nothing refers to the memory any more. */
static void fill_send(struct io_uring_sqe *sqe, const struct program *p, const struct call *call)
{
	bool bytes = call->code == CALL_SEND;
	const struct buffer *b = &p->buffer[(uint32_t)call->operand[1].value];
	const void *memory = bytes ? (const void *)b->bytes : memory_message(call);

	if (!memory)
		die("memory of a request");
	sqe->opcode = bytes ? IORING_OP_SEND_ZC : IORING_OP_SENDMSG_ZC;
	sqe->flags = IOSQE_ASYNC;
	sqe->fd = (int)call->arg[0];
	sqe->addr = (uint64_t)(uintptr_t)memory;
	sqe->len = bytes ? b->len_bytes : 1;
	sqe->msg_flags = (uint32_t)call->arg[bytes ? 2 : 4];
}

void request_fill(struct io_uring_sqe *sqe, const struct program *p, struct call *call)
{
	if (call_transfers(call))
		fill_transfer(sqe, p, call);
	else if (call_sends(call))
		fill_send(sqe, p, call);
	else
		fill_move(sqe, call);
}
