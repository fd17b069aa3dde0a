/* SPDX-License-Identifier: MIT */
/* Sockets that send messages, in the executor. */
#ifndef DGRAM_H
#define DGRAM_H

#include "reply.h"

/* Two UDP sockets on 127.0.0.1, connected to each other. Returns 0, or -1 with errno. */
int udp_pair(int type, int fds[2]);
/* Whether a descriptor is of a socket that sends messages. */
bool sends_messages(int fd);
/* Reports what waits at such a socket, message behind message, as the content of the descriptor. Returns why it could not. */
const char *report_messages(struct reply *r, int fd);

#endif
