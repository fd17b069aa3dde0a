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

int arena_init(void)
{
	base = mmap(NULL, ARENA_BYTES, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return base == MAP_FAILED ? -1 : 0;
}

void arena_reset(void)
{
	size_t was = atomic_exchange(&used, 0);

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
