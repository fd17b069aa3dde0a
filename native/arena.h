/* SPDX-License-Identifier: MIT */
/*
 * All memory of a program, from one mapping made at start: so that the size of the address space
 * after a program can be compared with the size before it.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

/* Content that one program may hold in all: buffers, bytes read, final files and pipes. */
#define ARENA_BYTES ((size_t)512 << 20)

/* Maps the arena. Returns 0, or -1 with errno. */
int arena_init(void);
/* Forgets everything, and gives memory back if there was much. */
void arena_reset(void);
/* Page-aligned bytes, safe from any thread; NULL when the arena is used up. */
void *arena_take(size_t bytes);
/* Reserves address space for `bytes`, or for less where the system wants it all backed. */
void *arena_reserve(size_t *bytes);

#endif
