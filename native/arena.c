// SPDX-License-Identifier: MIT
/* See arena.h. */
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>

#include "arena.h"

/* Keep this much resident between programs. */
#define ARENA_KEEP_BYTES ((size_t)8 << 20)
#define ALIGN_BYTES ((size_t)4096)

static uint8_t *base;
static atomic_size_t used;

/* Pieces of memory, each with as much behind it that is not mapped. */
static uint8_t *guarded;
static uint32_t guarded_used;

int arena_init(void)
{
	base = mmap(NULL, ARENA_BYTES, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (base == MAP_FAILED)
		return -1;
	guarded = mmap(NULL, GUARDED_MAX * 2 * GUARDED_BYTES, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (guarded == MAP_FAILED)
		return -1;
	for (size_t i = 0; i < GUARDED_MAX; i++)
		if (mprotect(guarded + i * 2 * GUARDED_BYTES, GUARDED_BYTES, PROT_READ | PROT_WRITE))
			return -1;
	return 0;
}

void *arena_guarded(size_t bytes, size_t behind)
{
	if (bytes > GUARDED_BYTES || behind > GUARDED_BYTES || guarded_used >= GUARDED_MAX)
		return NULL;
	return guarded + guarded_used++ * 2 * GUARDED_BYTES + GUARDED_BYTES - bytes;
}

void arena_reset(void)
{
	size_t was = atomic_exchange(&used, 0);

	guarded_used = 0;
	if (was > ARENA_BYTES)
		was = ARENA_BYTES;
	if (was > ARENA_KEEP_BYTES)
		madvise(base + ARENA_KEEP_BYTES, was - ARENA_KEEP_BYTES, MADV_DONTNEED);
}

void *arena_take(size_t bytes)
{
	size_t at;

	if (bytes > ARENA_BYTES)
		return NULL;
	bytes = (bytes + ALIGN_BYTES - 1) & ~(ALIGN_BYTES - 1);
	at = atomic_fetch_add(&used, bytes);
	if (at > ARENA_BYTES - bytes)
		return NULL;
	return base + at;
}

void *arena_reserve(size_t *bytes)
{
	for (; *bytes >= ALIGN_BYTES; *bytes /= 2) {
		void *at = mmap(NULL, *bytes, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (at != MAP_FAILED)
			return at;
	}
	return NULL;
}
