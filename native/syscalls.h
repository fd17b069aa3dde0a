/* SPDX-License-Identifier: MIT */
/* The system calls, one case for each code of src/language/syscalls.ts. */
#ifndef SYSCALLS_H
#define SYSCALLS_H

#include <stdbool.h>
#include <stddef.h>

#include "program.h"

/* A read gets the real count as long as the buffer is as large as the kernel ever fills. */
#define READ_BUFFER_BYTES ((size_t)2 << 30)

/* Returns NULL, or why the executor will not make this call. Operands are known to be in range. */
const char *syscall_check(const struct call *call);
/* Turns the operands into numbers, as of now. Control thread. */
void syscall_resolve(const struct program *p, struct call *call);
/* Makes the call and stores what it gave. `buffer` takes what is read. Any thread. */
void syscall_make(struct program *p, struct call *call, void *buffer, size_t buffer_bytes);
/*
 * Whether the call may sleep for another one; false only where it surely does not: it has no wait, or
 * its descriptor is no pipe and no socket, or it asked not to wait. Operands are resolved. Control thread.
 */
bool syscall_may_sleep(const struct call *call);
/* Handlers for SIGPIPE, SIGXFSZ and the interrupting signal; SIGINT is ignored. */
int syscall_signals(void);

#endif
