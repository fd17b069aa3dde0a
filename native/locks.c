// SPDX-License-Identifier: MIT
/*
 * Locked pipes. What locks two pipes, a tee or a splice between pipes, may wait for the one that is locked and have
 * the other one.
 */
#include <sys/stat.h>

#include "abi.h"
#include "locks.h"
#include "wire.h"

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
