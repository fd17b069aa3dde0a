/* SPDX-License-Identifier: MIT */
/*
 * The frames on standard input and output: docs/wire.md.
 *
 * Little-endian, no padding inside a record; variable parts are padded to 4 bytes. Golden bytes:
 * test/fixtures/wire/, checked by native/test/wire_test.c and test/kernel/wire.test.ts.
 */
#ifndef WIRE_H
#define WIRE_H

#include <assert.h>
#include <stdint.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "frames are little-endian and so must be the machine"
#endif

#define WIRE_VERSION 1
#define WIRE_MAGIC_REQUEST 0x51314c53 /* "SL1Q" */
#define WIRE_MAGIC_REPLY 0x52314c53   /* "SL1R" */

/* A request above this is refused and ends the executor. */
#define WIRE_REQUEST_BYTES_MAX (64u << 20)
/* A reply never gets longer; a program whose outcome would not fit is reported as failed. */
#define WIRE_REPLY_BYTES_MAX (256u << 20)

enum wire_kind {
	WIRE_HELLO = 1, /* executor to host, once: struct wire_hello */
	WIRE_RUN = 2,	/* both ways: struct wire_batch, then jobs or outcomes */
	WIRE_ERROR = 3, /* executor to host: text; the frame made no sense */
};

/* Every frame begins so. 16 bytes. */
struct wire_frame {
	uint32_t magic;
	uint32_t kind;
	uint32_t bytes;	   /* of what follows this record */
	uint32_t sequence; /* the reply repeats the request's */
};

/* 40 bytes. */
struct wire_hello {
	uint32_t version;
	uint32_t pid;
	uint32_t uid;	       /* of the scenario's calls, after root was dropped */
	uint32_t page_bytes;
	uint64_t capabilities; /* the effective set of the same user, as bits */
	uint64_t buffer_bytes; /* a read gets a buffer of at most so much */
	uint64_t features;     /* bits: what this kernel has */
};
#define WIRE_HAS_URING 1 /* io_uring, since 5.18 */

/* 8 bytes. */
struct wire_batch {
	uint32_t count;
	uint32_t flags;
};
#define WIRE_BATCH_LEAVING 1 /* reply: the executor ends after this frame */

/* One program to run: then `words` words, then `picks` bytes, padded to 4. 24 bytes. */
struct wire_job {
	uint32_t words;
	uint32_t picks;
	uint32_t flags;
	uint32_t timeout_ms;
	uint64_t file_size_limit; /* RLIMIT_FSIZE in bytes, with WIRE_JOB_LIMIT */
};
#define WIRE_JOB_FRESH 1 /* in a process of its own */
#define WIRE_JOB_LIMIT 2 /* set RLIMIT_FSIZE; needs WIRE_JOB_FRESH */
#define WIRE_JOB_SNAPSHOTS 4 /* look into the kernel between the calls; not with WIRE_JOB_FRESH */

enum wire_verdict {
	WIRE_OK = 0,
	WIRE_REFUSED = 1,   /* the words are not a valid program */
	WIRE_TIMED_OUT = 2,
	WIRE_FAILED = 3,    /* it could not be set up, or its outcome not be read */
	WIRE_DIED = 4,	    /* its own process was ended by a signal */
};

/* One outcome: then the message, the results, files, pipes and, if asked for, snapshots. 24 bytes. */
struct wire_outcome {
	uint32_t verdict;
	uint32_t message_bytes; /* why, unless WIRE_OK */
	uint32_t calls;
	uint32_t files;
	uint32_t pipes;
	uint32_t bytes; /* of what follows this record */
};

enum wire_status {
	WIRE_NOT_STARTED = 0,
	WIRE_BLOCKED = 1,
	WIRE_RETURNED = 2,
};

/* One call: then a struct wire_content with the bytes it read. 40 bytes. */
struct wire_result {
	uint32_t status;
	int32_t error;	     /* errno with ret -1, else 0 */
	int64_t ret;
	int64_t out;
	uint32_t flags;
	int32_t started_at;  /* stepping rounds, -1 for never */
	int32_t returned_at;
	uint32_t reserved;
};
#define WIRE_RESULT_OUT 1
#define WIRE_RESULT_SIGPIPE 2

/* Bytes, as chunks: `chunks` records, each literal one followed by its bytes. 16 bytes. */
struct wire_content {
	uint32_t key;	   /* call, name, or descriptor */
	uint32_t key_kind;
	uint32_t bytes;
	uint32_t chunks;
};
enum wire_key {
	WIRE_KEY_CALL = 0,
	WIRE_KEY_NAME = 1,
	WIRE_KEY_FD = 2,
};

/* 8 bytes. */
struct wire_chunk {
	uint32_t what; /* a byte value that fills the chunk, or WIRE_LITERAL */
	uint32_t bytes;
};
#define WIRE_LITERAL 256

static_assert(sizeof(struct wire_frame) == 16, "wire_frame has padding");
static_assert(sizeof(struct wire_hello) == 40, "wire_hello has padding");
static_assert(sizeof(struct wire_batch) == 8, "wire_batch has padding");
static_assert(sizeof(struct wire_job) == 24, "wire_job has padding");
static_assert(sizeof(struct wire_outcome) == 24, "wire_outcome has padding");
static_assert(sizeof(struct wire_result) == 40, "wire_result has padding");
static_assert(sizeof(struct wire_content) == 16, "wire_content has padding");
static_assert(sizeof(struct wire_chunk) == 8, "wire_chunk has padding");

#endif
