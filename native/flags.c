// SPDX-License-Identifier: MIT
/* Flags of the language and the host's values for them. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>

#include "abi.h"
#include "flags.h"
#include "wire.h"

const char *pipe_flags_check(uint64_t flags)
{
	/* In pipe2(2) this bit makes a notification pipe, which nobody here speaks of. */
	return flags & ABI_O_EXCL ? "pipe2 with O_NOTIFICATION_PIPE is not supported" : NULL;
}

static int flag(uint64_t flags, uint64_t ours, int theirs)
{
	return (flags & ours) == ours ? theirs : 0;
}

uint64_t open_flags(uint64_t flags)
{
	int theirs = flag(flags, ABI_O_CREAT, O_CREAT) | flag(flags, ABI_O_EXCL, O_EXCL) |
		     flag(flags, ABI_O_TRUNC, O_TRUNC) | flag(flags, ABI_O_APPEND, O_APPEND) |
		     flag(flags, ABI_O_NONBLOCK, O_NONBLOCK) |
		     flag(flags, ABI_O_DIRECT, O_DIRECT) | flag(flags, ABI_O_CLOEXEC, O_CLOEXEC) |
		     flag(flags, ABI_O_TMPFILE, O_TMPFILE);

	return (flags & ABI_O_ACCMODE) | (uint64_t)theirs;
}

int file_flags(uint64_t flags)
{
	return flag(flags, ABI_O_APPEND, O_APPEND) | flag(flags, ABI_O_NONBLOCK, O_NONBLOCK) |
	       flag(flags, ABI_O_DIRECT, O_DIRECT);
}

int pipe_flags(uint64_t flags)
{
	const uint64_t known = ABI_O_CLOEXEC | ABI_O_NONBLOCK | ABI_O_DIRECT;

	return flag(flags, ABI_O_CLOEXEC, O_CLOEXEC) | flag(flags, ABI_O_NONBLOCK, O_NONBLOCK) |
	       flag(flags, ABI_O_DIRECT, O_DIRECT) | (int)(flags & ~known);
}

const char *socket_flags_check(uint64_t flags)
{
	return flags & ~(uint64_t)(ABI_O_NONBLOCK | ABI_O_CLOEXEC)
		       ? "socketpair with a flag outside the language"
		       : NULL;
}

const char *socket_kind_check(uint64_t kind)
{
	return kind <= SOCKET_UDP ? NULL : "an unknown kind of socket";
}

int socket_type(uint64_t kind, uint64_t flags)
{
	static const int types[] = {
		[SOCKET_STREAM] = SOCK_STREAM, [SOCKET_TCP] = SOCK_STREAM,
		[SOCKET_DGRAM] = SOCK_DGRAM,   [SOCKET_SEQPACKET] = SOCK_SEQPACKET,
		[SOCKET_UDP] = SOCK_DGRAM,
	};

	return types[kind] | flag(flags, ABI_O_NONBLOCK, SOCK_NONBLOCK) |
	       flag(flags, ABI_O_CLOEXEC, SOCK_CLOEXEC);
}
