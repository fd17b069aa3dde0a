// SPDX-License-Identifier: MIT
/*
 * What waits behind a closed window: a page is sent over and over to a receiver that does not read, until TCP takes no
 * more; the page is written to; then the receiver reads all.
 *
 *   closed-window FOLDER
 *
 * Needs no rights. Both ends are on 127.0.0.1, where the receiver's queue shares the sender's pages.
 *
 * Prints one JSON object: the bytes that were queued, and of those received how many are of before and of after the
 * write. Exit status: 0, or 2 with the reason on standard error.
 *
 * Not covered: which bytes had been delivered, and which had not left the sender.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	PAGE = 4096,
	/* TCP takes less; a bound all the same. */
	PAGES_MAX = 65536,
	RECEIVE_BUFFER = 4096,
	QUIET_MS = 200,
	BEFORE = 0x1f,
	AFTER = 0xf0,
	FAILED = 2,
};

static void check(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(FAILED);
}

static void fill(int file, int byte)
{
	unsigned char page[PAGE];

	memset(page, byte, PAGE);
	check(pwrite(file, page, PAGE, 0) == PAGE, "pwrite");
}

/* Two ends of a connection; the second one has a small receive buffer. */
static void connect_ends(int *sender, int *receiver)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int small = RECEIVE_BUFFER;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	check(bind(listener, (void *)&address, len) == 0 && listen(listener, 1) == 0, "listen");
	check(getsockname(listener, (void *)&address, &len) == 0, "getsockname");
	*sender = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	check(connect(*sender, (void *)&address, len) == 0, "connect");
	*receiver = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	check(*receiver >= 0, "accept");
	check(fcntl(*sender, F_SETFL, O_NONBLOCK) == 0, "O_NONBLOCK");
	close(listener);
}

/* Sends the page until nothing is taken for a while. Returns the bytes. */
static long send_all(int sender, int file)
{
	struct pollfd ready = { .fd = sender, .events = POLLOUT };
	long bytes = 0;

	while (bytes < (long)PAGES_MAX * PAGE) {
		off_t from = bytes % PAGE;
		ssize_t sent = sendfile(sender, file, &from, PAGE - from);

		check(sent > 0 || errno == EAGAIN, "sendfile");
		if (sent > 0)
			bytes += sent;
		else if (poll(&ready, 1, QUIET_MS) == 0)
			break;
	}
	return bytes;
}

int main(int argc, char **argv)
{
	static unsigned char got[65536];
	long queued, old = 0, now = 0;
	int file, sender, receiver;
	ssize_t len;

	if (argc != 2) {
		fprintf(stderr, "usage: closed-window FOLDER\n");
		return FAILED;
	}
	file = open(argv[1], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	check(file >= 0, argv[1]);
	fill(file, BEFORE);
	connect_ends(&sender, &receiver);
	queued = send_all(sender, file);
	fill(file, AFTER);
	check(shutdown(sender, SHUT_WR) == 0, "shutdown");
	while ((len = read(receiver, got, sizeof(got))) > 0)
		for (ssize_t i = 0; i < len; i++) {
			old += got[i] == BEFORE;
			now += got[i] == AFTER;
		}
	check(len == 0, "read");
	printf("{\"queuedBytes\":%ld,\"oldBytes\":%ld,\"newBytes\":%ld}\n", queued, old, now);
	return 0;
}
