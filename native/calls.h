/* SPDX-License-Identifier: MIT */
/* The calls that need more than their arguments: names, buffers, pointers. Part of syscalls.c. */
#ifndef CALLS_H
#define CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "syscalls.h"

/* Whether a name is /dev/null or /dev/zero. */
bool is_device(const struct operand *op);

long make_unlink(const struct call *call);
long make_rename(const struct call *call);
/* A FIFO of the folder is made; whether a name is one. */
long make_fifo(const struct call *call);
bool is_fifo(const struct call *call);
long make_open(const struct call *call);
long make_read(const struct program *p, struct call *call, void *buffer, size_t buffer_bytes);
/* Calls on segments of memory. */
long make_vectored(const struct program *p, struct call *call);
long make_load(const struct program *p, struct call *call, uint8_t *buffer, size_t buffer_bytes);
long make_recv(struct call *call, void *buffer, size_t buffer_bytes);
long make_recvmsg(struct call *call);
long make_poll(struct call *call);
long make_splice(struct call *call);
long make_sendfile(struct call *call);
long make_pipe(struct call *call);
long make_ioctl(struct call *call);

#endif
