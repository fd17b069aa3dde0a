// SPDX-License-Identifier: MIT
/*
 * The calls that need more than their arguments: a name in the folder, a buffer to read into, a number behind a pointer.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "arena.h"
#include "calls.h"
#include "children.h"
#include "flags.h"
#include "memory.h"
#include "sandbox.h"
#include "tcp.h"
#include "wire.h"

/* Room for the name of a file: its number. */
#define NAME_BYTES 16

static void name_of(char name[NAME_BYTES], uint64_t operand)
{
	if (operand == NAME_DIRECTORY)
		strcpy(name, ".");
	else
		snprintf(name, NAME_BYTES, "%u", (unsigned int)operand);
}

long make_unlink(const struct call *call)
{
	char name[NAME_BYTES];

	name_of(name, call->arg[0]);
	return syscall(SYS_unlinkat, FD_FOLDER, name, 0);
}

long make_rename(const struct call *call)
{
	char from[NAME_BYTES], to[NAME_BYTES];

	name_of(from, call->arg[0]);
	name_of(to, call->arg[1]);
	return syscall(SYS_renameat2, FD_FOLDER, from, FD_FOLDER, to, 0);
}

long make_fifo(const struct call *call)
{
	char name[NAME_BYTES];

	name_of(name, call->arg[0]);
	return syscall(SYS_mknodat, FD_FOLDER, name, S_IFIFO | (call->arg[1] & 0777) | 0600, 0);
}

bool is_fifo(const struct call *call)
{
	char name[NAME_BYTES];
	struct stat st;

	if (is_device(&call->operand[0]))
		return false;
	name_of(name, call->arg[0]);
	return !fstatat(FD_FOLDER, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISFIFO(st.st_mode);
}

long make_open(const struct call *call)
{
	uint64_t flags = call->arg[1];
	struct open_how how = {
		.flags = open_flags(flags),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS,
	};
	char name[NAME_BYTES];

	if (how.flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)))
		how.mode = (call->arg[2] & 0777) | 0600;
	if (is_device(&call->operand[0])) {
		how.resolve = RESOLVE_NO_SYMLINKS;
		return syscall(SYS_openat2, AT_FDCWD,
			       call->arg[0] == NAME_ZERO ? "/dev/zero" : "/dev/null", &how, sizeof(how));
	}
	name_of(name, call->arg[0]);
	return syscall(SYS_openat2, FD_FOLDER, name, &how, sizeof(how));
}

static void keep_data(struct call *call, const void *from, long count)
{
	uint8_t *data = count > 0 ? arena_take((size_t)count) : NULL;

	if (data) {
		memcpy(data, from, (size_t)count);
		call->data_bytes = (size_t)count;
	}
	call->data = data;
}

/* The memory that operand 1 describes. Returns the number of segments. */
static int segments_of(const struct program *p, const struct call *call,
		       struct iovec segment[SEGMENTS_MAX])
{
	uint64_t operand = call->operand[1].value;
	bool vector = call->operand[1].kind == OPERAND_VECTOR;
	const struct buffer *first = &p->buffer[(uint32_t)operand];
	int count = vector ? (int)(operand >> 32) : 1;

	for (int i = 0; i < count; i++) {
		segment[i].iov_base = first[i].bytes;
		segment[i].iov_len = first[i].len_bytes;
	}
	return count;
}

static void keep_segments(struct call *call, const struct iovec *segment, long count)
{
	size_t left = count > 0 ? (size_t)count : 0;
	uint8_t *data = left ? arena_take(left) : NULL;

	call->data = data;
	if (!data)
		return;
	call->data_bytes = left;
	for (; left; segment++) {
		size_t n = left < segment->iov_len ? left : segment->iov_len;

		memcpy(data, segment->iov_base, n);
		data += n;
		left -= n;
	}
}

long make_vectored(const struct program *p, struct call *call)
{
	const uint64_t *arg = call->arg;
	struct iovec segment[SEGMENTS_MAX];
	int count = segments_of(p, call, segment), fd = (int)arg[0];
	long ret;

	switch (call->code) {
	case CALL_WRITEV:
		return syscall(SYS_writev, fd, segment, count);
	case CALL_PWRITEV2:
		return syscall(SYS_pwritev2, fd, segment, count, arg[2], 0, (int)arg[3]);
	case CALL_READV:
		ret = syscall(SYS_readv, fd, segment, count);
		break;
	case CALL_PREADV2:
		ret = syscall(SYS_preadv2, fd, segment, count, arg[2], 0, (int)arg[3]);
		break;
	case CALL_PREAD:
		ret = syscall(SYS_pread64, fd, segment->iov_base, segment->iov_len, arg[2]);
		break;
	default:
		ret = syscall(SYS_read, fd, segment->iov_base, segment->iov_len);
		break;
	}
	keep_segments(call, segment, ret);
	return ret;
}

long make_read(const struct program *p, struct call *call, void *buffer, size_t buffer_bytes)
{
	uint64_t count = call->arg[1];
	long ret;

	if (call->operand[1].kind == OPERAND_BUFFER)
		return make_vectored(p, call);
	/* Only where the whole buffer could not be reserved. */
	if (buffer_bytes < READ_BUFFER_BYTES && count > buffer_bytes)
		count = buffer_bytes;
	if (call->code == CALL_PREAD)
		ret = syscall(SYS_pread64, (int)call->arg[0], buffer, count, call->arg[2]);
	else
		ret = syscall(SYS_read, (int)call->arg[0], buffer, count);
	keep_data(call, buffer, ret);
	return ret;
}

long make_recv(struct call *call, void *buffer, size_t buffer_bytes)
{
	uint64_t count = call->arg[1];
	long ret;

	/* Only where the whole buffer could not be reserved. */
	if (buffer_bytes < READ_BUFFER_BYTES && count > buffer_bytes)
		count = buffer_bytes;
	ret = syscall(SYS_recvfrom, (int)call->arg[0], buffer, count, (unsigned int)call->arg[2],
		      NULL, NULL);
	/* With MSG_TRUNC it tells how long the message was. */
	keep_data(call, buffer, ret > (long)count ? (long)count : ret);
	return ret;
}

/* The range of zero-copy sends that a message of the error queue tells: the first number, plus 65536 times the last. */
static bool completed(struct msghdr *message, int64_t *range)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		struct sock_extended_err e;

		if (c->cmsg_len < CMSG_LEN(sizeof(e)))
			continue;
		memcpy(&e, CMSG_DATA(c), sizeof(e));
		if (e.ee_origin != SO_EE_ORIGIN_ZEROCOPY)
			continue;
		*range = e.ee_info + 0x10000LL * e.ee_data;
		return true;
	}
	return false;
}

long make_recvmsg(struct call *call)
{
	union {
		struct cmsghdr aligned;
		char bytes[256];
	} control;
	struct msghdr message = { .msg_control = &control, .msg_controllen = sizeof(control) };
	long ret = syscall(SYS_recvmsg, (int)call->arg[0], &message, (unsigned int)call->arg[1]);

	call->out = 0;
	call->has_out = ret >= 0 && completed(&message, &call->out);
	return ret;
}

long make_load(const struct program *p, struct call *call, uint8_t *buffer, size_t buffer_bytes)
{
	long ret;

	if (call->arg[1] > buffer_bytes) {
		errno = ENOMEM;
		return -1;
	}
	ret = children_have(p, call) ? children_make(p, call, buffer) : memory_load(call, buffer);
	keep_data(call, buffer, ret);
	return ret;
}

long make_poll(struct call *call)
{
	struct pollfd pfd = { .fd = (int)call->arg[0], .events = (short)call->arg[1] };
	long ret;

	ret = poll(&pfd, 1, (int)call->arg[2]);
	call->out = (uint16_t)pfd.revents;
	call->has_out = ret >= 0;
	return ret;
}

/* splice and copy_file_range, which take the same arguments. */
long make_splice(struct call *call)
{
	int64_t offset[2] = { (int64_t)call->arg[1], (int64_t)call->arg[3] };
	bool in = call->operand[1].kind == OPERAND_POINTER;
	bool out = call->operand[3].kind == OPERAND_POINTER;
	long number = call->code == CALL_SPLICE ? SYS_splice : SYS_copy_file_range;
	long ret = syscall(number, (int)call->arg[0], in ? &offset[0] : NULL,
			   (int)call->arg[2], out ? &offset[1] : NULL, call->arg[4],
			   (unsigned int)call->arg[5]);

	call->has_out = ret >= 0 && (in || out);
	call->out = call->has_out ? offset[in ? 0 : 1] : 0;
	return ret;
}

long make_sendfile(struct call *call)
{
	int64_t offset = (int64_t)call->arg[2];
	bool at = call->operand[2].kind == OPERAND_POINTER;
	long ret = syscall(SYS_sendfile, (int)call->arg[0], (int)call->arg[1], at ? &offset : NULL,
			   call->arg[3]);

	call->has_out = ret >= 0 && at;
	call->out = call->has_out ? offset : 0;
	return ret;
}

long make_pipe(struct call *call)
{
	long ret = syscall(SYS_pipe2, call->fds, pipe_flags(call->arg[1]));

	call->has_out = ret >= 0;
	call->out = call->has_out ? call->fds[0] + 0x10000LL * call->fds[1] : 0;
	return ret;
}

static long make_clone(const uint64_t *arg)
{
	struct file_clone_range range = {
		.src_fd = (int)arg[2],
		.src_offset = arg[3],
		.src_length = arg[4],
		.dest_offset = arg[5],
	};

	if (arg[1] == ABI_FICLONE)
		return ioctl((int)arg[0], FICLONE, (int)arg[2]);
	return ioctl((int)arg[0], FICLONERANGE, &range);
}

long make_ioctl(struct call *call)
{
	int count = 0;
	long ret;

	if (call->arg[1] != ABI_FIONREAD && call->arg[1] != ABI_SIOCOUTQ)
		return make_clone(call->arg);
	ret = call->arg[1] == ABI_FIONREAD ? ioctl((int)call->arg[0], FIONREAD, &count)
					   : tcp_unheard((int)call->arg[0], &count);
	call->has_out = ret >= 0;
	/* How much memory an skb takes is no semantics. */
	call->out = call->arg[1] == ABI_SIOCOUTQ ? count > 0 : count;
	return ret;
}
