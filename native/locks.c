// SPDX-License-Identifier: MIT
/*
 * Locked pipes. What locks two pipes, a tee or a splice between pipes, may wait for the one that is locked and have
 * the other one.
 */
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "abi.h"
#include "locks.h"
#include "sandbox.h"
#include "wire.h"

/* State D also is a wait for the disk, or for the kernel's own threads. */
#define PATIENCE_NS 200000000u
/* Where there is neither, only a request that a worker of io_uring takes up needs a moment. */
#define PATIENCE_IN_MEMORY_NS 10000000u

void locks_note(struct call *call)
{
	int in = (int)call->arg[0], out = (int)call->arg[call->code == CALL_SPLICE ? 2 : 1];
	struct stat from, to;
	bool drains;

	call->locks = false;
	call->pipe[0].ino = call->pipe[1].ino = 0;
	if (call->code == CALL_SENDFILE) {
		in = (int)call->arg[1];
		out = (int)call->arg[0];
	} else if (call->code != CALL_SPLICE && call->code != CALL_TEE) {
		return;
	}
	if (fstat(in, &from) || fstat(out, &to) || !S_ISFIFO(to.st_mode))
		return;
	drains = S_ISSOCK(from.st_mode);
	if (!drains && !S_ISFIFO(from.st_mode))
		return;
	call->locks = drains;
	call->pipe[0].dev = to.st_dev;
	call->pipe[0].ino = to.st_ino;
	if (drains)
		return;
	call->pipe[1].dev = from.st_dev;
	call->pipe[1].ino = from.st_ino;
}

bool locks_held(const struct program *p)
{
	for (uint32_t i = 0; i < p->calls; i++)
		if (p->call[i].status == WIRE_BLOCKED && p->call[i].locks)
			return true;
	return false;
}

bool locks_cover(const struct program *p, const struct stat *st)
{
	if (!locks_held(p))
		return false;
	for (uint32_t i = 0; i < 2 * p->calls; i++) {
		const struct call *call = &p->call[i / 2];

		if (call->status == WIRE_BLOCKED && call->pipe[i % 2].ino == st->st_ino &&
		    call->pipe[i % 2].dev == st->st_dev)
			return true;
	}
	return false;
}

static bool moves_bytes(uint32_t code)
{
	switch (code) {
	case CALL_READ:
	case CALL_WRITE:
	case CALL_READV:
	case CALL_WRITEV:
	case CALL_PREADV2:
	case CALL_PWRITEV2:
	case CALL_SEND:
	case CALL_RECV:
	case CALL_RECVMSG:
	case CALL_SPLICE:
	case CALL_TEE:
	case CALL_VMSPLICE:
	case CALL_SENDFILE:
		return true;
	default:
		return false;
	}
}

uint64_t locks_patience_ns(uint32_t code)
{
	static enum { UNKNOWN, MEMORY, DISK } below;
	struct statfs fs;

	if (below == UNKNOWN)
		below = !fstatfs(FD_FOLDER, &fs) && fs.f_type == TMPFS_MAGIC ? MEMORY : DISK;
	return below == MEMORY && moves_bytes(code) ? PATIENCE_IN_MEMORY_NS : PATIENCE_NS;
}
