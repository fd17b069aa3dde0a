/* SPDX-License-Identifier: MIT */
/* TCP connections over 127.0.0.1 in the executor. */
#ifndef TCP_H
#define TCP_H

#include <stdbool.h>

#include "program.h"

/* Connects two sockets of this type, as socketpair(2) would. Returns 0, or -1 with errno. */
int tcp_pair(int type, int fds[2]);
/* Waits until what was sent has arrived and was acknowledged. Called when nothing moves. */
void tcp_settle(struct program *p);
/* Waits until nothing is held back any more. Returns whether something was. */
bool tcp_flush(const struct program *p);
/*
 * Waits as long as the timer of what is held back may take, if an end is closed: a request may still hold it, and nobody can ask
 * it. Returns whether it waited.
 */
bool tcp_wait_unasked(const struct program *p);
/* SIOCOUTQ, once the other end had the time to acknowledge. Returns 0, or -1 with errno. */
int tcp_unheard(int fd, int *count);
/* Closing a connection shall leave nothing behind (TIME_WAIT). */
void tcp_abort(const struct program *p);

#endif
