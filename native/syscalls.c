// SPDX-License-Identifier: MIT
/*
 * The system calls.
 *
 * The kernel gets the scenario's own numbers, with four exceptions that keep a stranger's scenario
 * inside its folder: for a descriptor that is nobody's or the executor's own it gets one that is
 * never open (EBADF in its place among the checks); commands and flags outside the call table are
 * refused when the program is decoded; a file is always made readable and writable for its owner;
 * open goes through openat2, into the folder or to /dev/null and /dev/zero.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "arena.h"
#include "caches.h"
#include "calls.h"
#include "children.h"
#include "flags.h"
#include "memory.h"
#include "sandbox.h"
#include "syscalls.h"
#include "uring.h"
#include "wire.h"

static __thread volatile sig_atomic_t sigpipe_seen;

static void on_sigpipe(int signal)
{
	(void)signal;
	sigpipe_seen = 1;
}

static void on_signal(int signal)
{
	(void)signal;
}

int syscall_signals(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_sigpipe;
	if (sigaction(SIGPIPE, &action, NULL))
		return -1;
	/* Ctrl-C goes to all processes of a terminal; this one ends with its input. */
	action.sa_handler = SIG_IGN;
	if (sigaction(SIGINT, &action, NULL))
		return -1;
	action.sa_handler = on_signal;
	if (sigaction(SIGXFSZ, &action, NULL) || sigaction(SIGUSR1, &action, NULL))
		return -1;
	return memory_signals();
}

/*
 * What each operand may be: f descriptor, n number, c number known in advance, o null or pointer,
 * b buffer, r number or buffer, v vector, p name, z null, m mapping, h chain, i chain or nothing. One letter per operand; those after the end are not looked at.
 */
static const char *const shapes[CALL_CODES] = {
	[CALL_OPEN] = "pcn",	[CALL_CLOSE] = "f",	 [CALL_DUP] = "f",
	[CALL_READ] = "fr",	[CALL_WRITE] = "fb",	 [CALL_PREAD] = "frn",
	[CALL_PWRITE] = "fbn",	[CALL_LSEEK] = "fnn",	 [CALL_FTRUNCATE] = "fn",
	[CALL_PIPE2] = "nc",	[CALL_FCNTL] = "fcn",	 [CALL_IOCTL] = "fcfnnn",
	[CALL_POLL] = "fnn",	[CALL_SPLICE] = "fofonn", [CALL_TEE] = "ffnn",
	[CALL_MMAP] = "zcccfc",	[CALL_MUNMAP] = "mc",	 [CALL_LOAD] = "mcc",
	[CALL_STORE] = "mbc",	[CALL_FALLOCATE] = "fcnn", [CALL_SENDFILE] = "ffon",
	[CALL_MADVISE] = "mcc",	[CALL_VMSPLICE] = "fmccn", [CALL_UNLINK] = "p",
	[CALL_RENAME] = "pp",	[CALL_FSYNC] = "f",	 [CALL_POSIX_FADVISE] = "fnnc",
	[CALL_READV] = "fv",	[CALL_WRITEV] = "fv",	 [CALL_PREADV2] = "fvnc",
	[CALL_PWRITEV2] = "fvnc", [CALL_COPY_FILE_RANGE] = "fofonn", [CALL_MKFIFO] = "pn",
	[CALL_MEMFD_CREATE] = "pc", [CALL_FORK] = "m",	 [CALL_MSYNC] = "mcc",
	[CALL_SEND] = "fbn",	[CALL_RECV] = "fnn",	 [CALL_SHUTDOWN] = "fn",
	[CALL_DROP_CACHES] = "", [CALL_RECVMSG] = "fn",
	[CALL_IO_URING_ENTER] = "hiiiii",
	[CALL_SENDMSG] = "fmccn",
};

#define BIT(kind) (1u << (kind))

static uint32_t kinds_of(char shape)
{
	switch (shape) {
	case 'f':
		return BIT(OPERAND_INT) | BIT(OPERAND_RESULT) | BIT(OPERAND_READ_END) |
		       BIT(OPERAND_WRITE_END);
	case 'n':
		return BIT(OPERAND_INT) | BIT(OPERAND_RESULT);
	case 'c':
		return BIT(OPERAND_INT);
	case 'o':
		return BIT(OPERAND_NULL) | BIT(OPERAND_POINTER);
	case 'b':
		return BIT(OPERAND_BUFFER);
	case 'r':
		return BIT(OPERAND_INT) | BIT(OPERAND_RESULT) | BIT(OPERAND_BUFFER);
	case 'v':
		return BIT(OPERAND_VECTOR);
	case 'z':
		return BIT(OPERAND_NULL);
	case 'm':
		return BIT(OPERAND_RESULT);
	case 'h':
		return BIT(OPERAND_CHAIN);
	case 'i':
		return BIT(OPERAND_CHAIN) | BIT(OPERAND_INT);
	default:
		return BIT(OPERAND_NAME);
	}
}

bool is_device(const struct operand *op)
{
	return op->kind == OPERAND_NAME && (op->value == NAME_NULL || op->value == NAME_ZERO);
}

/* -1 for a command that no scenario gives. */
static int fcntl_command(uint64_t word)
{
	switch (word) {
	case ABI_F_SETFL:
		return F_SETFL;
	case ABI_F_SETPIPE_SZ:
		return F_SETPIPE_SZ;
	case ABI_F_GETPIPE_SZ:
		return F_GETPIPE_SZ;
	case ABI_F_ADD_SEALS:
		return F_ADD_SEALS;
	case ABI_F_GET_SEALS:
		return F_GET_SEALS;
	default:
		return -1;
	}
}

const char *syscall_check(const struct call *call)
{
	const uint64_t open_flags = ABI_O_ACCMODE | ABI_O_CREAT | ABI_O_EXCL | ABI_O_TRUNC |
				    ABI_O_APPEND | ABI_O_NONBLOCK | ABI_O_DIRECT | ABI_O_CLOEXEC |
				    ABI_O_TMPFILE;
	const uint64_t memfd_flags = ABI_MFD_CLOEXEC | ABI_MFD_ALLOW_SEALING |
				     ABI_MFD_NOEXEC_SEAL | ABI_MFD_EXEC;
	uint64_t word = call->operand[1].value;

	if (call->code >= CALL_CODES || !shapes[call->code])
		return "unknown system call";
	for (const char *shape = shapes[call->code]; *shape; shape++)
		if (!(BIT(call->operand[shape - shapes[call->code]].kind) & kinds_of(*shape)))
			return "an operand is not what the system call takes";
	if (call->code != CALL_OPEN && (is_device(&call->operand[0]) || is_device(&call->operand[1])))
		return "only open takes a device";
	switch (call->code) {
	case CALL_OPEN:
		return word & ~open_flags ? "open with a flag outside the call table" : NULL;
	case CALL_PIPE2:
		return pipe_flags_check(word);
	case CALL_MEMFD_CREATE:
		return word & ~memfd_flags ? "memfd_create with a flag outside the call table" : NULL;
	case CALL_FCNTL:
		return fcntl_command(word) < 0 ? "fcntl with a command outside the call table" : NULL;
	case CALL_IOCTL:
		return word == ABI_FIONREAD || word == ABI_SIOCOUTQ || word == ABI_FICLONE ||
				       word == ABI_FICLONERANGE
			       ? NULL
			       : "ioctl with a request outside the call table";
	case CALL_FALLOCATE:
		return word & ~(uint64_t)ABI_FALLOC_FL_KNOWN
			       ? "fallocate with a mode outside the call table"
			       : NULL;
	case CALL_POSIX_FADVISE:
		return call->operand[3].value == ABI_POSIX_FADV_DONTNEED
			       ? NULL
			       : "posix_fadvise with an advice outside the call table";
	default:
		return memory_check(call);
	}
}

static int fd_of(uint64_t value)
{
	int fd = (int)value;

	if (fd >= 0 && (fd < FD_FIRST || fd >= OWN_FD_FIRST))
		return OWN_FD_UNUSED;
	return fd;
}

static uint64_t resolve(const struct program *p, const struct operand *op)
{
	const struct call *from;

	switch (op->kind) {
	case OPERAND_RESULT:
	case OPERAND_READ_END:
	case OPERAND_WRITE_END:
		from = &p->call[op->value];
		if (from->status != WIRE_RETURNED || from->ret < 0)
			return (uint64_t)-1;
		if (op->kind == OPERAND_RESULT)
			return (uint64_t)from->ret;
		if (from->code != CALL_PIPE2)
			return (uint64_t)-1;
		return (uint64_t)(int64_t)from->fds[op->kind == OPERAND_WRITE_END];
	default:
		return op->value;
	}
}

void syscall_resolve(const struct program *p, struct call *call)
{
	const char *shape = shapes[call->code];

	for (int i = 0; shape[i]; i++) {
		call->arg[i] = shape[i] == 'm'
				       ? (uint64_t)memory_slot(p, (uint32_t)call->operand[i].value)
				       : resolve(p, &call->operand[i]);
		if (shape[i] == 'f')
			call->arg[i] = (uint64_t)(int64_t)fd_of(call->arg[i]);
	}
}

static long make(struct program *p, struct call *call, void *buffer, size_t buffer_bytes)
{
	const uint64_t *arg = call->arg;
	const struct buffer *source;
	int fd = (int)arg[0];

	if (call->code != CALL_LOAD && children_have(p, call))
		return children_make(p, call, NULL);
	switch (call->code) {
	case CALL_OPEN:
		return make_open(call);
	case CALL_CLOSE:
		return syscall(SYS_close, fd);
	case CALL_DUP:
		return syscall(SYS_dup, fd);
	case CALL_READ:
	case CALL_PREAD:
		return make_read(p, call, buffer, buffer_bytes);
	case CALL_WRITE:
		source = &p->buffer[arg[1]];
		return syscall(SYS_write, fd, source->bytes, (size_t)source->len_bytes);
	case CALL_SEND:
		source = &p->buffer[arg[1]];
		return syscall(SYS_sendto, fd, source->bytes, (size_t)source->len_bytes,
			       (unsigned int)arg[2], NULL, 0);
	case CALL_RECV:
		return make_recv(call, buffer, buffer_bytes);
	case CALL_SENDMSG:
		return memory_send(call);
	case CALL_RECVMSG:
		return make_recvmsg(call);
	case CALL_SHUTDOWN:
		return syscall(SYS_shutdown, fd, (int)arg[1]);
	case CALL_PWRITE:
		source = &p->buffer[arg[1]];
		return syscall(SYS_pwrite64, fd, source->bytes, (size_t)source->len_bytes, arg[2]);
	case CALL_READV:
	case CALL_WRITEV:
	case CALL_PREADV2:
	case CALL_PWRITEV2:
		return make_vectored(p, call);
	case CALL_LSEEK:
		return syscall(SYS_lseek, fd, arg[1], (unsigned int)arg[2]);
	case CALL_FTRUNCATE:
		return syscall(SYS_ftruncate, fd, arg[1]);
	case CALL_PIPE2:
		return make_pipe(call);
	case CALL_FCNTL:
		return syscall(SYS_fcntl, fd, fcntl_command(arg[1]),
			       arg[1] == ABI_F_SETFL ? (uint64_t)file_flags(arg[2]) : arg[2]);
	case CALL_IOCTL:
		return make_ioctl(call);
	case CALL_POLL:
		return make_poll(call);
	case CALL_SPLICE:
	case CALL_COPY_FILE_RANGE:
		return make_splice(call);
	case CALL_TEE:
		return syscall(SYS_tee, fd, (int)arg[1], arg[2], (unsigned int)arg[3]);
	case CALL_SENDFILE:
		return make_sendfile(call);
	case CALL_MMAP:
		return memory_map(p, call);
	case CALL_MUNMAP:
		return memory_unmap(call);
	case CALL_MADVISE:
		return memory_advise(call);
	case CALL_MEMFD_CREATE:
		return syscall(SYS_memfd_create, "scenario", (unsigned int)arg[1]);
	case CALL_FORK:
		return children_fork(p, call);
	case CALL_MSYNC:
		return memory_sync(call);
	case CALL_VMSPLICE:
		return memory_splice(call);
	case CALL_LOAD:
		return make_load(p, call, buffer, buffer_bytes);
	case CALL_STORE:
		return memory_store(call, &p->buffer[arg[1]]);
	case CALL_FALLOCATE:
		return syscall(SYS_fallocate, fd, (int)arg[1], arg[2], arg[3]);
	case CALL_MKFIFO:
		return make_fifo(call);
	case CALL_UNLINK:
		return make_unlink(call);
	case CALL_RENAME:
		return make_rename(call);
	case CALL_FSYNC:
		return syscall(SYS_fsync, fd);
	case CALL_POSIX_FADVISE:
		return syscall(SYS_fadvise64, fd, arg[1], arg[2], POSIX_FADV_DONTNEED);
	case CALL_DROP_CACHES:
		return caches_drop();
	case CALL_IO_URING_ENTER:
		return uring_enter(p, call);
	default:
		errno = ENOSYS;
		return -1;
	}
}

/* Whether reading or writing the descriptor may wait: it is a pipe or socket without O_NONBLOCK. */
static bool fd_may_wait(int fd)
{
	struct stat st;
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && !(flags & O_NONBLOCK) && !fstat(fd, &st) &&
	       (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

static bool fd_is_socket(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISSOCK(st.st_mode);
}

bool syscall_may_sleep(const struct call *call)
{
	switch (call->code) {
	case CALL_OPEN:
		return !(call->arg[1] & ABI_O_NONBLOCK) && is_fifo(call);
	case CALL_READ:
	case CALL_WRITE:
	case CALL_READV:
	case CALL_WRITEV:
		return fd_may_wait((int)call->arg[0]);
	case CALL_SENDFILE:
		return fd_may_wait((int)call->arg[0]) || fd_may_wait((int)call->arg[1]);
	case CALL_SEND:
	case CALL_RECV:
		return !(call->arg[2] & MSG_DONTWAIT) && fd_may_wait((int)call->arg[0]);
	case CALL_RECVMSG:
		return !(call->arg[1] & MSG_DONTWAIT) && fd_may_wait((int)call->arg[0]);
	case CALL_PREADV2:
	case CALL_PWRITEV2:
		return !(call->arg[3] & RWF_NOWAIT) && fd_may_wait((int)call->arg[0]);
	case CALL_POLL:
		return (int)call->arg[2] != 0;
	case CALL_SPLICE:
		/* TCP does not look at SPLICE_F_NONBLOCK. */
		if (fd_is_socket((int)call->arg[0]) && fd_may_wait((int)call->arg[0]))
			return true;
		return !(call->arg[5] & SPLICE_F_NONBLOCK) &&
		       (fd_may_wait((int)call->arg[0]) || fd_may_wait((int)call->arg[2]));
	case CALL_VMSPLICE:
		return !(call->arg[4] & SPLICE_F_NONBLOCK);
	case CALL_TEE:
		return !(call->arg[3] & SPLICE_F_NONBLOCK) &&
		       (fd_may_wait((int)call->arg[0]) || fd_may_wait((int)call->arg[1]));
	default:
		return false;
	}
}

void syscall_make(struct program *p, struct call *call, void *buffer, size_t buffer_bytes)
{
	sigpipe_seen = 0;
	call->fds[0] = -1;
	call->fds[1] = -1;
	errno = 0;
	call->ret = make(p, call, buffer, buffer_bytes);
	call->error = call->ret < 0 ? errno : 0;
	call->sigpipe = sigpipe_seen;
}
