// SPDX-License-Identifier: MIT
/*
 * Sockets that send messages: UNIX ones, and UDP over 127.0.0.1.
 *
 * On loopback a datagram arrives inside the sender's call, and so does the answer of a port that is closed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "arena.h"
#include "dgram.h"
#include "wire.h"

/* More than one end can have; a whole message of any kind. */
#define CONTENT_BYTES_MAX (1u << 19)
/* Messages, empty ones and errors that one end can have, from above. */
#define MESSAGES_MAX 1024

int udp_pair(int type, int fds[2])
{
	struct sockaddr_in address[2];
	socklen_t size = sizeof(address[0]);
	const int on = 1;

	for (int side = 0; side < 2; side++) {
		address[side] = (struct sockaddr_in){
			.sin_family = AF_INET,
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		};
		fds[side] = socket(AF_INET, type, 0);
		if (fds[side] < 0 || bind(fds[side], (struct sockaddr *)&address[side], size) ||
		    getsockname(fds[side], (struct sockaddr *)&address[side], &size))
			return -1;
	}
	for (int side = 0; side < 2; side++)
		if (connect(fds[side], (struct sockaddr *)&address[!side], size) ||
		    setsockopt(fds[side], SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)))
			return -1;
	return 0;
}

bool sends_messages(int fd)
{
	socklen_t size = sizeof(int);
	int type;

	return !getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) && type != SOCK_STREAM;
}

/* An error that waits comes first. At the end of a SOCK_SEQPACKET there is an empty message as often as one asks. */
const char *report_messages(struct reply *r, int fd)
{
	uint8_t *bytes = arena_take(CONTENT_BYTES_MAX);
	size_t have = 0;

	if (!bytes)
		return "no memory for the messages of a socket";
	for (int nth = 0; nth < MESSAGES_MAX; nth++) {
		ssize_t n = recv(fd, bytes + have, CONTENT_BYTES_MAX - have, MSG_DONTWAIT);

		if (n < 0 && errno == EAGAIN)
			break;
		if (n > 0)
			have += (size_t)n;
	}
	reply_content(r, (uint32_t)fd, WIRE_KEY_FD, bytes, have);
	return NULL;
}
