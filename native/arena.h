/* SPDX-License-Identifier: MIT */
/*
 * All memory of a program, from mappings made at start: so that the size of the address space
 * after a program can be compared with the size before it.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

/* Content that one program may hold in all: buffers, bytes read, final files and pipes. */
#define ARENA_BYTES ((size_t)512 << 20)

/* Pieces of memory of one program behind which nothing is mapped, and their length at most. */
#define GUARDED_MAX 16
#define GUARDED_BYTES ((size_t)1 << 20)

/* Maps the arena. Returns 0, or -1 with errno. */
int arena_init(void);
/* Forgets everything, and gives memory back if there was much. */
void arena_reset(void);
/* Page-aligned bytes, safe from any thread; NULL when the arena is used up. */
void *arena_take(size_t bytes);
/* The bytes in front of `behind` bytes that are not mapped; NULL when there is no such place left. One thread. */
void *arena_guarded(size_t bytes, size_t behind);
/* Reserves address space for `bytes`, or for less where the system wants it all backed. */
void *arena_reserve(size_t *bytes);

#endif
