// SPDX-License-Identifier: MIT
/*
 * Decoding a program. Whatever the words are, the answer is a program or a reason.
 */
#include <string.h>

#include "arena.h"
#include "flags.h"
#include "program.h"
#include "sandbox.h"
#include "syscalls.h"
#include "wire.h"

/* Takes `count` records of `words` each off the front; NULL if there are not so many. */
static const uint32_t *section(const uint32_t **at, uint64_t *left, uint64_t count, uint64_t words)
{
	const uint32_t *start = *at;

	if (count * words > *left)
		return NULL;
	*at += count * words;
	*left -= count * words;
	return start;
}

static const char *decode_threads(struct program *p, const uint32_t *words)
{
	uint32_t next = 0;

	for (uint32_t i = 0; i < p->threads; i++, words += THREAD_WORDS) {
		struct thread *t = &p->thread[i];

		t->first = next;
		t->count = words[1];
		t->flags = words[2];
		if (t->count > p->calls - next)
			return "a thread has more calls than there are";
		if (t->count && words[0] != next)
			return "the calls of the threads are not in order";
		next += t->count;
	}
	return next == p->calls ? NULL : "a call belongs to no thread";
}

static const char *decode_buffers(const struct program *p, uint64_t first, uint64_t count)
{
	if (count > SEGMENTS_MAX)
		return "a vector has more than 16 segments";
	if (first + count > p->buffers)
		return "an operand names a buffer that is not there";
	for (uint64_t i = first; i < first + count; i++)
		if (p->buffer[i].holes)
			return "a hole cannot be written by a call";
	return NULL;
}

static const char *decode_operand(const struct program *p, const struct operand *op)
{
	switch (op->kind) {
	case OPERAND_INT:
	case OPERAND_NULL:
	case OPERAND_POINTER:
		return NULL;
	case OPERAND_RESULT:
	case OPERAND_READ_END:
	case OPERAND_WRITE_END:
		return op->value < p->calls ? NULL : "an operand names a call that is not there";
	case OPERAND_BUFFER:
		return op->value < p->buffers ? decode_buffers(p, op->value, 1)
					      : "an operand names a buffer that is not there";
	case OPERAND_VECTOR:
		return decode_buffers(p, (uint32_t)op->value, op->value >> 32);
	case OPERAND_CHAIN:
		return op->value < p->threads && p->thread[op->value].flags
			       ? NULL
			       : "an operand names a chain that is not there";
	case OPERAND_NAME:
		if (op->value < p->names || (op->value >= NAME_ZERO && op->value <= NAME_DIRECTORY))
			return NULL;
		return "an operand names a file that is not there";
	default:
		return "unknown kind of operand";
	}
}

static const char *decode_call(const struct program *p, struct call *call, const uint32_t *words)
{
	memset(call, 0, sizeof(*call));
	call->code = words[0];
	call->after_first = words[1];
	call->after_count = words[2];
	call->status = WIRE_NOT_STARTED;
	call->started_at = -1;
	call->returned_at = -1;
	if ((uint64_t)words[1] + words[2] > p->afters)
		return "a call waits for calls that are not listed";
	if (words[3] >> (4 * OPERANDS_MAX))
		return "a call has more operands than there can be";
	for (int i = 0; i < OPERANDS_MAX; i++) {
		struct operand *op = &call->operand[i];
		const uint32_t *value = words + CALL_OPERANDS + 2 * i;
		const char *why;

		op->kind = words[3] >> (4 * i) & 0xf;
		op->value = value[0] | (uint64_t)value[1] << 32;
		why = decode_operand(p, op);
		if (why)
			return why;
	}
	return syscall_check(call);
}

bool call_transfers(const struct call *call)
{
	return call->code >= CALL_READ && call->code <= CALL_PWRITE;
}

bool call_sends(const struct call *call)
{
	return call->code == CALL_SEND || call->code == CALL_SENDMSG;
}

bool call_is_polled(const struct call *call)
{
	return call_transfers(call) || call_sends(call);
}

static bool call_is_request(const struct call *call)
{
	return call_is_polled(call) || call->code == CALL_SPLICE || call->code == CALL_TEE;
}

/* What a chain is made of, and that it is handed over once. */
static const char *check_chain(const struct program *p, uint32_t chain)
{
	const struct thread *t = &p->thread[chain];
	uint32_t links = t->flags & (ABI_IOSQE_IO_LINK | ABI_IOSQE_IO_HARDLINK), given = 0;

	if (t->flags & ~(uint32_t)(ABI_IOSQE_IO_DRAIN | links) || !links)
		return "a chain with a flag that is not known";
	for (const struct call *call = p->call + t->first; call < p->call + t->first + t->count; call++) {
		const struct operand *length;

		if (!call_is_request(call))
			return "a call that is no request";
		if (call_sends(call))
			continue;
		length = &call->operand[call_transfers(call) ? 1 : call->code == CALL_TEE ? 2 : 4];
		if (length->kind != OPERAND_BUFFER && length->value >> 32)
			return "the length of a request has more than 32 bits";
	}
	for (const struct call *call = p->call; call < p->call + p->calls; call++)
		for (int i = 0; i < OPERANDS_MAX; i++)
			given += call->operand[i].kind == OPERAND_CHAIN && call->operand[i].value == chain;
	return given > 1 ? "a chain is handed over twice" : NULL;
}

/* Bytes of a buffer that are not mapped: those of its last run, if it says so. */
static uint32_t fault_bytes(const struct program *p, const struct buffer *b)
{
	const uint32_t *last = p->run + RUN_WORDS * (b->run_first + b->run_count - 1);

	return b->run_count && last[0] == RUN_FAULT ? last[1] : 0;
}

/* Room for a buffer, the last run of which may not be mapped. */
static uint8_t *place(const struct program *p, const struct buffer *b)
{
	uint32_t behind = fault_bytes(p, b);

	if (!behind)
		return arena_take(b->len_bytes);
	return behind > b->len_bytes ? NULL : arena_guarded(b->len_bytes - behind, behind);
}

/* Writes the bytes of one buffer into the arena; `*total` counts them. */
static const char *decode_buffer(struct program *p, struct buffer *b, const uint32_t *words,
				 uint64_t *total)
{
	uint64_t len = 0;
	uint8_t *to;

	b->run_first = words[0];
	b->run_count = words[1];
	b->len_bytes = words[2];
	b->holes = false;
	b->faults = false;
	if ((uint64_t)words[0] + words[1] > p->runs)
		return "a buffer has runs that are not there";
	*total += b->len_bytes;
	if (*total > CONTENT_BYTES_MAX)
		return "the program holds more than 64 MiB";
	to = place(p, b);
	if (!to)
		return "the program does not fit into memory";
	b->bytes = to;
	for (uint32_t i = 0; i < b->run_count; i++) {
		const uint32_t *run = p->run + RUN_WORDS * (b->run_first + i);

		if (run[0] > RUN_FAULT || (run[0] == RUN_FAULT && i + 1 < b->run_count))
			return "a run has no byte value";
		if (!run[1] || len + run[1] > b->len_bytes)
			return "the runs of a buffer are not as long as the buffer";
		if (run[0] == RUN_HOLE)
			b->holes = true;
		else if (run[0] == RUN_FAULT)
			b->faults = true;
		else if (len + run[1] > b->len_bytes - fault_bytes(p, b))
			return "the runs of a buffer are not as long as the buffer";
		else
			memset(to + len, (int)run[0], run[1]);
		len += run[1];
	}
	return len == b->len_bytes ? NULL : "the runs of a buffer are not as long as the buffer";
}

static const char *decode_header(struct program *p, const uint32_t *words, uint32_t count)
{
	if (count < PROGRAM_HEADER_WORDS || words[0] != PROGRAM_MAGIC || words[1] != count)
		return "the words do not begin like a program";
	p->names = words[HEADER_NAMES];
	p->files = words[HEADER_FILES];
	p->pipes = words[HEADER_PIPES];
	p->sockets = words[HEADER_SOCKETS];
	p->threads = words[HEADER_THREADS];
	p->calls = words[HEADER_CALLS];
	p->afters = words[HEADER_AFTERS];
	p->buffers = words[HEADER_BUFFERS];
	p->runs = words[HEADER_RUNS];
	if (words[HEADER_WIRES])
		return "a wire runs on the model only";
	if (p->names > NAMES_MAX || p->files > FILES_MAX || p->pipes > PIPES_MAX ||
	    p->sockets > SOCKETS_MAX || p->threads > THREADS_MAX || p->calls > CALLS_MAX || p->afters > AFTERS_MAX ||
	    p->buffers > BUFFERS_MAX)
		return "the program is larger than the executor takes";
	/* What the kernel does in the background it does without being asked. */
	if (words[HEADER_BACKGROUND] & ~(BACKGROUND_WRITEBACK | BACKGROUND_RECLAIM))
		return "unknown background task";
	return p->files > p->names ? "a file has no name" : NULL;
}

static const char *decode_files(const struct program *p)
{
	for (uint32_t i = 0; i < p->files; i++) {
		const uint32_t *file = p->file + FILE_WORDS * i;

		if (file[0] >= p->buffers)
			return "a file has content that is not there";
		if (p->buffer[file[0]].faults)
			return "a file has content that is not mapped";
		if (file[1] > ORDER_MAX && file[1] != ORDER_PER_PAGE)
			return "a file asks for folios larger than 2 MiB";
	}
	return NULL;
}

const char *program_decode(struct program *p, const uint32_t *words, uint32_t count)
{
	const uint32_t *at = words + PROGRAM_HEADER_WORDS, *threads, *calls, *buffers;
	const char *why = decode_header(p, words, count);
	uint64_t left = (uint64_t)count - PROGRAM_HEADER_WORDS, total = 0;

	if (why)
		return why;
	p->file = section(&at, &left, p->files, FILE_WORDS);
	p->pipe = section(&at, &left, p->pipes, PIPE_WORDS);
	p->socket = section(&at, &left, p->sockets, SOCKET_WORDS);
	threads = section(&at, &left, p->threads, THREAD_WORDS);
	calls = section(&at, &left, p->calls, CALL_WORDS);
	p->after = section(&at, &left, p->afters, 1);
	buffers = section(&at, &left, p->buffers, BUFFER_WORDS);
	p->run = section(&at, &left, p->runs, RUN_WORDS);
	if (!p->file || !p->pipe || !p->socket || !threads || !calls || !p->after || !buffers || !p->run || left)
		return "the words are not as many as the counts say";
	for (uint32_t i = 0; i < p->afters; i++)
		if ((p->after[i] & ~AFTER_NOTIFIED) >= p->calls)
			return "a call waits for a call that is not there";
	for (uint32_t i = 0; !why && i < p->buffers; i++)
		why = decode_buffer(p, &p->buffer[i], buffers + BUFFER_WORDS * i, &total);
	if (!why)
		why = decode_files(p);
	if (!why)
		why = decode_threads(p, threads);
	for (uint32_t i = 0; !why && i < p->pipes; i++)
		why = pipe_flags_check(p->pipe[PIPE_WORDS * i]);
	for (uint32_t i = 0; !why && i < p->sockets; i++)
		why = socket_flags_check(p->socket[SOCKET_WORDS * i]);
	for (uint32_t i = 0; !why && i < p->sockets; i++)
		why = socket_kind_check(p->socket[SOCKET_WORDS * i + 1]);
	for (uint32_t i = 0; !why && i < p->calls; i++)
		why = decode_call(p, &p->call[i], calls + CALL_WORDS * i);
	for (uint32_t i = 0; !why && i < p->threads; i++)
		if (p->thread[i].flags)
			why = check_chain(p, i);
	return why;
}

bool program_has_socket(const struct program *p, uint32_t kind)
{
	for (uint32_t i = 0; i < p->sockets; i++)
		if (p->socket[SOCKET_WORDS * i + 1] == kind)
			return true;
	return false;
}

int program_fd_end(const struct program *p)
{
	uint32_t end = FD_FIRST + p->files + 2 * p->pipes + 2 * p->sockets;

	for (uint32_t i = 0; i < p->calls; i++) {
		uint32_t code = p->call[i].code;

		end += code == CALL_PIPE2 ? 2 : 0;
		end += code == CALL_OPEN || code == CALL_DUP || code == CALL_MEMFD_CREATE;
	}
	return end < OWN_FD_FIRST ? (int)end : OWN_FD_FIRST;
}

bool call_may_start(const struct program *p, const struct call *call)
{
	for (uint32_t i = 0; i < call->after_count; i++) {
		uint32_t word = p->after[call->after_first + i];
		const struct call *after = &p->call[word & ~AFTER_NOTIFIED];

		if (after->status != WIRE_RETURNED || (word & AFTER_NOTIFIED && !after->notified))
			return false;
	}
	return true;
}
