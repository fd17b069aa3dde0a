/* SPDX-License-Identifier: MIT */
/*
 * Mappings, and the two calls that are no system calls: load and store.
 *
 * Every mmap call of a program has a slot of address space, so that an access behind the end of a
 * mapping meets nothing but the kernel's refusal. Slots are numbered in the order of the calls.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdbool.h>

#include "program.h"

/* Lengths and offsets that programs may use. */
#define MAPPING_BYTES_MAX ((uint64_t)16 << 20)

/* Returns NULL, or why the executor will not make this call. */
const char *memory_check(const struct call *call);
/* Reserves address space for the mappings of a program. Returns NULL, or why it could not. */
const char *memory_prepare(const struct program *p);
/* Gives it back, with all that is still mapped in it. */
void memory_clean(void);
/* The slot that an mmap call has filled, for a fork that of the mapping it has copied; or -1. */
int64_t memory_slot(const struct program *p, uint32_t call);

/* The calls. They return what a system call returns: -1 and errno; EFAULT where a signal was met. */
long memory_map(const struct program *p, const struct call *call);
long memory_unmap(const struct call *call);
long memory_advise(const struct call *call);
long memory_sync(const struct call *call);
long memory_splice(const struct call *call);
long memory_send(const struct call *call);
/* What a sendmsg sends, for io_uring; NULL: there is no memory. */
struct msghdr *memory_message(const struct call *call);
long memory_load(const struct call *call, uint8_t *to);
long memory_store(const struct call *call, const struct buffer *from);
/* What the next fork copies of the mappings: the one in a slot; then all again. Return 0, or -1 and errno. */
int memory_fork_only(int64_t slot);
int memory_fork_all(void);
/* Handlers for SIGBUS and SIGSEGV. */
int memory_signals(void);

#endif
