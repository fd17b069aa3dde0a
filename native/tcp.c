// SPDX-License-Identifier: MIT
/*
 * TCP connections over 127.0.0.1.
 *
 * On loopback what is sent arrives inside the sender's call, and is acknowledged there while the receiver is in its quick mode:
 * that is what the model says. So after each call the receivers are put into it again (TCP_QUICKACK), and acknowledgements
 * that are delayed nevertheless are waited for; they are delayed as little as this kernel can (TCP_DELACK_MAX_US, since 6.15).
 * Nagle's algorithm is off (TCP_NODELAY), since it would hold back small pieces until an acknowledgement. What MSG_MORE holds
 * back is sent by a timer, after a call or between calls; at the end it is not waited for, but sent as the timer would.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/sockios.h>
#include <unistd.h>

#include "abi.h"
#include "sandbox.h"
#include "tcp.h"
#include "threads.h"
#include "uring.h"
#include "wire.h"

#ifndef TCP_DELACK_MAX_US
#define TCP_DELACK_MAX_US 46
#endif

/* A delayed acknowledgement, or the timer of what is held back, takes a little more than 200 ms. */
#define PATIENCE_MS 500
/* Ticks of a slow clock, by which a timer may be late. */
#define LATE_MS 20

/* How long an acknowledgement is delayed at most. */
static uint32_t delay_ms = PATIENCE_MS;

static int listen_here(struct sockaddr_in *address)
{
	socklen_t size = sizeof(*address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*address = (struct sockaddr_in){ .sin_family = AF_INET,
					 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (listener < 0)
		return -1;
	if (bind(listener, (struct sockaddr *)address, size) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)address, &size)) {
		close(listener);
		return -1;
	}
	return listener;
}

/* The shortest delay that it takes: two ticks of its clock. */
static void hurry(int fd)
{
	static const int delays_us[] = { 2000, 4000, 8000, 20000 };

	for (size_t i = 0; i < sizeof(delays_us) / sizeof(*delays_us); i++)
		if (!setsockopt(fd, IPPROTO_TCP, TCP_DELACK_MAX_US, &delays_us[i], sizeof(int))) {
			delay_ms = (uint32_t)delays_us[i] / 1000;
			return;
		}
}

/* The first end is made before the listener: a pair has the two lowest descriptors. */
int tcp_pair(int type, int fds[2])
{
	const int flags = type & (SOCK_NONBLOCK | SOCK_CLOEXEC), on = 1;
	struct sockaddr_in address;
	int listener, accepted = -1;

	fds[0] = socket(AF_INET, SOCK_STREAM | (flags & SOCK_CLOEXEC), 0);
	if (fds[0] < 0)
		return -1;
	fds[1] = dup(fds[0]); /* keeps the number for the other end */
	listener = fds[1] < 0 ? -1 : listen_here(&address);
	if (listener >= 0 && !connect(fds[0], (struct sockaddr *)&address, sizeof(address)))
		accepted = accept4(listener, NULL, NULL, flags);
	if (listener >= 0)
		close(listener);
	if (accepted < 0 || dup3(accepted, fds[1], flags & SOCK_CLOEXEC ? O_CLOEXEC : 0) < 0)
		return -1;
	close(accepted);
	for (int side = 0; side < 2; side++) {
		if (setsockopt(fds[side], IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) ||
		    setsockopt(fds[side], SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)))
			return -1;
		hurry(fds[side]);
	}
	if (flags & SOCK_NONBLOCK)
		return fcntl(fds[0], F_SETFL, O_RDWR | O_NONBLOCK);
	return 0;
}

/* What is sent and not acknowledged; with `all`, what is not sent yet, too. Returns 0, or -1 with errno. */
static int ask(int fd, bool all, int *count)
{
	int unsent = 0;

	if (ioctl(fd, SIOCOUTQ, count) || (!all && ioctl(fd, SIOCOUTQNSD, &unsent)))
		return -1;
	*count -= unsent;
	return 0;
}

/* Waits until there is nothing of that, as long as the connection lives. Returns whether there was something. What is
 * not sent yet need not wait for its timer. */
static bool wait_for_none(int fd, bool all)
{
	const int on = 1;
	uint64_t deadline_ns = now_ns() + PATIENCE_MS * 1000000u;
	struct tcp_info info;
	socklen_t size = sizeof(info);
	int count;

	for (bool some = false;; some = true) {
		if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) || info.tcpi_state == TCP_CLOSE)
			return some;
		if (ask(fd, all, &count) || !count || now_ns() > deadline_ns)
			return some;
		/* Already set; to set it sends what can be sent. */
		if (all && !some)
			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		usleep(200);
	}
}

/* Ends that the program has closed: nobody can ask them. */
static uint32_t count_unasked(const struct program *p)
{
	uint64_t known[2 * SOCKETS_MAX], cookie;
	uint32_t ends = 0, asked = 0, at;
	struct tcp_info info;
	socklen_t size;

	for (uint32_t i = 0; i < p->sockets; i++)
		if (p->socket[SOCKET_WORDS * i + 1] == SOCKET_TCP)
			ends += 2;
	for (int fd = FD_FIRST, end = program_fd_end(p); fd < end && asked < ends; fd++) {
		size = sizeof(info);
		if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size))
			continue;
		size = sizeof(cookie);
		if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size))
			die("the name of a socket");
		for (at = 0; at < asked && known[at] != cookie; at++)
			;
		if (at == asked)
			known[asked++] = cookie;
	}
	return ends - asked;
}

/*
 * An end that is closed may have sent memory that its peer acknowledges late, since a FIN has come with it and somebody may still read: the
 * notification tells.
 */
static void wait_for_notifications(struct program *p)
{
	uint64_t deadline_ns;

	if (!uring_to_notify(p) || !count_unasked(p))
		return;
	deadline_ns = now_ns() + (delay_ms + LATE_MS) * 1000000ull;
	while (uring_to_notify(p) && now_ns() < deadline_ns)
		usleep(200);
}

void tcp_settle(struct program *p)
{
	const int on = 1;

	if (!program_has_socket(p, SOCKET_TCP))
		return;
	for (int fd = FD_FIRST, end = program_fd_end(p); fd < end; fd++) {
		if (!setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on)))
			wait_for_none(fd, false);
	}
	wait_for_notifications(p);
}

bool tcp_flush(const struct program *p)
{
	bool some = false;

	if (program_has_socket(p, SOCKET_TCP))
		for (int fd = FD_FIRST, end = program_fd_end(p); fd < end; fd++)
			some |= wait_for_none(fd, true);
	return some;
}

bool tcp_wait_unasked(const struct program *p)
{
	uint32_t missing = count_unasked(p);

	if (missing)
		usleep(PATIENCE_MS * 1000);
	return missing;
}

int tcp_unheard(int fd, int *count)
{
	wait_for_none(fd, false);
	return ioctl(fd, SIOCOUTQ, count);
}

void tcp_abort(const struct program *p)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	if (!program_has_socket(p, SOCKET_TCP))
		return;
	for (int fd = FD_FIRST, end = program_fd_end(p); fd < end; fd++)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}
