/* SPDX-License-Identifier: MIT */
/*
 * A program, decoded and checked: after program_decode() every index in it is in range.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi.h"

/* Limits: small, and together below the first descriptor of the executor's own (OWN_FD_FIRST). */
#define NAMES_MAX 256
#define FILES_MAX 64
#define PIPES_MAX 64
#define SOCKETS_MAX 64
#define THREADS_MAX 16
#define CALLS_MAX 256
#define AFTERS_MAX 4096
#define BUFFERS_MAX 1024
#define ORDER_MAX 9
#define SEGMENTS_MAX 16
/* Content of all buffers together, in bytes. */
#define CONTENT_BYTES_MAX ((uint64_t)64 << 20)

struct operand {
	uint32_t kind;
	uint64_t value;
};

/* A call, and what it gave. The control thread writes everything above `ret`. */
struct call {
	uint32_t code;
	uint32_t after_first;
	uint32_t after_count;
	struct operand operand[OPERANDS_MAX];
	uint64_t arg[OPERANDS_MAX]; /* operands as numbers, resolved when the call starts */
	uint32_t status;	    /* enum wire_status */
	int32_t started_at;
	int32_t returned_at;

	int64_t ret;
	int32_t error;
	int64_t out;
	bool has_out;
	bool sigpipe;
	bool handed_over; /* a request that io_uring has got */
	bool completed;	  /* a request: `ret` and `error` are its completion */
	bool notified;	  /* a request that sends: its memory is no longer referred to */
	bool hard_linked; /* it was handed over in a chain of hard links */
	int32_t fds[2];
	/* It is a splice from a socket: while it sleeps it may have its pipe locked. */
	bool locks;
	/* The pipes that it may have locked once such a call sleeps; ino is 0 for none. */
	struct {
		uint64_t dev, ino;
	} pipe[2];
	const uint8_t *data;
	size_t data_bytes;
};

/* Bytes of a buffer, to write from or to read into; `holes` where some of them are never written, `faults` where its
 * end is not mapped. */
struct buffer {
	uint8_t *bytes;
	uint32_t len_bytes;
	uint32_t run_first;
	uint32_t run_count;
	bool holes;
	bool faults;
};

struct thread {
	uint32_t first;
	uint32_t count;
	uint32_t flags; /* ABI_IOSQE_* of a chain of requests, 0 of a thread */
};

struct program {
	uint32_t names, files, pipes, sockets, threads, calls, afters, buffers, runs;
	const uint32_t *file;  /* FILE_WORDS each */
	const uint32_t *pipe;  /* PIPE_WORDS each */
	const uint32_t *socket; /* SOCKET_WORDS each */
	const uint32_t *after; /* one word each */
	const uint32_t *run;   /* RUN_WORDS each */
	struct thread thread[THREADS_MAX];
	struct call call[CALLS_MAX];
	struct buffer buffer[BUFFERS_MAX];
};

/* Decodes `count` words. Returns NULL, or why they are not a program. Content goes to the arena. */
const char *program_decode(struct program *p, const uint32_t *words, uint32_t count);
/* Whether a call is a read, write, pread or pwrite. */
bool call_transfers(const struct call *call);
/* Whether it is a send or sendmsg. */
bool call_sends(const struct call *call);
/* Of requests: whether io_uring polls where it would wait; else a worker waits. */
bool call_is_polled(const struct call *call);
/* Whether all calls that a call waits for have returned, and been notified of. */
bool call_may_start(const struct program *p, const struct call *call);
/* Whether a socket of this kind is declared. */
bool program_has_socket(const struct program *p, uint32_t kind);
/* Descriptors are given out from the lowest: nothing from this one on can be open. */
int program_fd_end(const struct program *p);

#endif
