// SPDX-License-Identifier: MIT
/*
 * The golden bytes of the wire format, from the side of C.
 *
 *   wire_test FOLDER
 *
 * request.hex must decode into the program that test/kernel/golden.ts builds, and every prefix and
 * every single changed word of it into a program or a reason. reply.hex must be what reply.c writes
 * for the results below; with -w it is printed.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "program.h"
#include "reply.h"
#include "sandbox.h"
#include "wire.h"

static struct program program;

#define CHECK(what)                                                              \
	do {                                                                     \
		if (!(what)) {                                                   \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what); \
			exit(1);                                                 \
		}                                                                \
	} while (0)

void die(const char *what)
{
	fprintf(stderr, "%s\n", what);
	exit(1);
}

/* No program runs here. */
void fd_place(int fd, int at)
{
	(void)fd;
	(void)at;
}

static size_t read_golden(const char *folder, const char *name, uint8_t *to, size_t max)
{
	char path[512], line[512];
	size_t used = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "r");
	CHECK(f);
	while (fgets(line, sizeof(line), f)) {
		unsigned int byte;
		int taken;

		*strchrnul(line, '#') = 0;
		for (char *at = line; sscanf(at, "%2x%n", &byte, &taken) == 1; at += taken) {
			CHECK(used < max);
			to[used++] = (uint8_t)byte;
		}
	}
	fclose(f);
	return used;
}

static void check_program(const uint32_t *words, uint32_t count)
{
	const struct call *call = program.call;

	arena_reset();
	CHECK(!program_decode(&program, words, count));
	CHECK(program.names == 1 && program.files == 1 && program.pipes == 1);
	CHECK(program.sockets == 1 && program.socket[0] == 0x800);
	CHECK(program.threads == 2 && program.thread[1].first == 2 && program.thread[1].count == 1);
	CHECK(program.calls == 3 && call[0].code == CALL_SPLICE && call[1].code == CALL_READ);
	CHECK(call[0].operand[1].kind == OPERAND_POINTER && call[0].operand[3].kind == OPERAND_NULL);
	CHECK(call[0].operand[4].value == 8192);
	CHECK(call[2].code == CALL_PWRITE && call[2].operand[2].value == (uint64_t)-1);
	CHECK(program.buffer[0].holes && program.buffer[0].bytes[4096] == 0x1f);
	CHECK(program.buffer[1].bytes[4095] == 0xf0 && program.buffer[1].len_bytes == 4096);
}

/* Whatever is changed, the decoder answers; what it accepts stays within the words. */
static void check_damage(const uint32_t *words, uint32_t count)
{
	static const uint32_t odd[] = { 0, 1, 2, 0xff, 256, 257, 0x7fffffff, 0x80000000, 0xffffffff };
	uint32_t *copy = malloc(4 * (size_t)count);

	CHECK(copy);
	for (uint32_t i = 0; i < count; i++) {
		arena_reset();
		memcpy(copy, words, 4 * (size_t)count);
		CHECK(program_decode(&program, copy, i));
		for (size_t k = 0; k < sizeof(odd) / sizeof(*odd); k++) {
			arena_reset();
			memcpy(copy, words, 4 * (size_t)count);
			copy[i] = odd[k];
			program_decode(&program, copy, count);
		}
	}
	free(copy);
}

static void check_request(const uint8_t *bytes, size_t count)
{
	const struct wire_frame *frame = (const void *)bytes;
	const struct wire_batch *batch = (const void *)(frame + 1);
	const uint8_t *at = (const uint8_t *)(batch + 1), *picks;
	const uint32_t *words = (const void *)(at + sizeof(struct wire_job));
	struct wire_job job;

	memcpy(&job, at, sizeof(job));
	picks = (const uint8_t *)(words + job.words);
	CHECK(frame->magic == WIRE_MAGIC_REQUEST && frame->kind == WIRE_RUN);
	CHECK(frame->bytes == count - sizeof(*frame) && frame->sequence == 7 && batch->count == 2);
	CHECK(job.picks == 3 && job.flags == 0 && job.timeout_ms == 5000);
	CHECK(picks[0] == 0 && picks[1] == 1 && picks[2] == 0);
	check_program(words, job.words);
	check_damage(words, job.words);
	at = picks + 4;
	memcpy(&job, at, sizeof(job));
	CHECK(job.flags == (WIRE_JOB_FRESH | WIRE_JOB_LIMIT) && job.picks == 0);
	CHECK(job.file_size_limit == 0x100000001 && job.timeout_ms == 100);
	words = (const void *)(at + sizeof(job));
	CHECK((const uint8_t *)(words + job.words) == bytes + count);
	CHECK(!program_decode(&program, words, job.words) && program.calls == 0);
}

/* The outcomes that test/kernel/wire.test.ts expects. */
static size_t make_reply(uint8_t *to, size_t max)
{
	static uint8_t content[8192 + 3];
	struct wire_batch done = { .count = 2, .flags = WIRE_BATCH_LEAVING };
	struct wire_outcome counts = { .verdict = WIRE_OK, .calls = 3, .files = 2, .pipes = 1 };
	struct call calls[3] = {
		{ .status = WIRE_RETURNED, .ret = 4096, .data = content, .data_bytes = 4096,
		  .has_out = true, .out = 12288, .started_at = 0, .returned_at = 1 },
		{ .status = WIRE_BLOCKED, .ret = 5, .sigpipe = true, .started_at = 1,
		  .returned_at = -1 },
		{ .status = WIRE_RETURNED, .ret = -1, .error = 32, .sigpipe = true,
		  .started_at = 2, .returned_at = 2 },
	};
	struct reply reply = { .base = to, .max = max };
	size_t at;

	memset(content, 0x1f, 8192);
	memcpy(content + 8192, "abc", 3);
	reply_bytes(&reply, &done, sizeof(done));
	at = reply_outcome(&reply);
	for (uint32_t i = 0; i < 3; i++)
		reply_result(&reply, i, &calls[i]);
	reply_content(&reply, 0, WIRE_KEY_NAME, content, sizeof(content));
	reply_content(&reply, 5, WIRE_KEY_FD, content, 0);
	reply_content(&reply, 4, WIRE_KEY_FD, content + 8191, 4);
	reply_outcome_end(&reply, at, &counts);
	reply_failure(&reply, reply.used, WIRE_TIMED_OUT, "the time is up");
	CHECK(!reply.overflow);
	return reply.used;
}

int main(int argc, char **argv)
{
	static uint8_t bytes[1 << 16] __attribute__((aligned(8)));
	static uint8_t golden[1 << 16] __attribute__((aligned(8)));
	size_t count, made = make_reply(bytes, sizeof(bytes));

	if (argc == 2 && !strcmp(argv[1], "-w")) {
		for (size_t i = 0; i < made; i++)
			printf("%02x%c", bytes[i], i % 16 == 15 || i + 1 == made ? '\n' : ' ');
		return 0;
	}
	CHECK(argc == 2 && arena_init() == 0);
	count = read_golden(argv[1], "request.hex", golden, sizeof(golden));
	check_request(golden, count);
	count = read_golden(argv[1], "reply.hex", golden, sizeof(golden));
	CHECK(count == made && !memcmp(golden, bytes, made));
	puts("wire: request.hex and reply.hex agree");
	return 0;
}
