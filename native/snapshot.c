// SPDX-License-Identifier: MIT
/*
 * See snapshot.h. The iterator is made from a link that root has opened (whitebox-loader.c); from then on no right is
 * needed. While it is read it has the lowest free descriptor, and none afterwards.
 *
 * Folios that wait in batches of this processor for their place in the lists of least recently used ones have a reference
 * for that. MADV_COLD has them put in place first, so that every reference that is seen is somebody's.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arena.h"
#include "sandbox.h"
#include "snapshot.h"

/* One before the first call, and one after each. */
#define SNAPSHOTS_MAX (CALLS_MAX + 1)
#define SNAPSHOT_BYTES_MAX (8 << 20)

static struct {
	const uint8_t *bytes;
	size_t count;
} taken[SNAPSHOTS_MAX];
static uint32_t taken_count;
/* A page for nothing but madvise(2). */
static uint8_t cold[4096] __attribute__((aligned(4096)));

bool snapshot_possible(void)
{
	return fcntl(FD_WHITEBOX, F_GETFD) >= 0;
}

void snapshot_reset(void)
{
	taken_count = 0;
}

/* Reads to the end. Returns the number of bytes, or -1. */
static ssize_t read_all(int fd, uint8_t *to, size_t max)
{
	size_t got = 0;

	for (;;) {
		ssize_t n = got < max ? read(fd, to + got, max - got) : -1;

		if (n < 0 && (errno == EINTR || errno == EAGAIN) && got < max)
			continue;
		if (n <= 0)
			return n < 0 ? -1 : (ssize_t)got;
		got += (size_t)n;
	}
}

int snapshot_take(void)
{
	static uint8_t buffer[SNAPSHOT_BYTES_MAX];
	union bpf_attr attr;
	uint8_t *kept;
	ssize_t count;
	int fd;

	if (taken_count == SNAPSHOTS_MAX)
		return -1;
	madvise(cold, sizeof(cold), MADV_COLD);
	memset(&attr, 0, sizeof(attr));
	attr.iter_create.link_fd = FD_WHITEBOX;
	fd = (int)syscall(SYS_bpf, BPF_ITER_CREATE, &attr, sizeof(attr));
	if (fd < 0)
		return -1;
	count = read_all(fd, buffer, sizeof(buffer));
	close(fd);
	kept = count < 0 ? NULL : arena_take((size_t)count + 1);
	if (!kept)
		return -1;
	memcpy(kept, buffer, (size_t)count);
	taken[taken_count].bytes = kept;
	taken[taken_count++].count = (size_t)count;
	return 0;
}

void snapshot_report(struct reply *r)
{
	reply_bytes(r, &taken_count, sizeof(taken_count));
	for (uint32_t i = 0; i < taken_count; i++) {
		uint32_t count = (uint32_t)taken[i].count;

		reply_bytes(r, &count, sizeof(count));
		reply_bytes(r, taken[i].bytes, count);
	}
}
