/* SPDX-License-Identifier: MIT */
/* Flags of the language, refused where it has none, and in the host's values. */
#ifndef FLAGS_H
#define FLAGS_H

#include <stdint.h>

/* NULL, or why the executor will not make a pipe or a pair of sockets with these flags. */
const char *pipe_flags_check(uint64_t flags);
const char *socket_flags_check(uint64_t flags);
/* The same of a kind of sockets. */
const char *socket_kind_check(uint64_t kind);
/* Flags of openat2(2). */
uint64_t open_flags(uint64_t flags);
/* Flags of F_SETFL. */
int file_flags(uint64_t flags);
/* Flags of pipe2(2). */
int pipe_flags(uint64_t flags);
/* The type of socketpair(2), and of socket(2). */
int socket_type(uint64_t kind, uint64_t flags);

#endif
