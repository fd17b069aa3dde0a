// SPDX-License-Identifier: MIT
/*
 * drop_caches: a write of 1 to /proc/sys/vm/drop_caches, by a process that keeps root for nothing else.
 *
 * It concerns every file of the machine, so a program that does it runs alone: programs share the lock on one folder
 * of /proc, such a program has it for itself. Who waits for it holds the gate, another lock, so that no new program
 * comes in between.
 *
 * Not covered: programs that are no executor's, and memory pressure.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "abi.h"
#include "caches.h"
#include "program.h"
#include "sandbox.h"

static bool may_drop;

/* Folios that stay have a reference more while they wait, on this processor, to be moved down their list: mlock sees to that. */
static void drain(void)
{
	static char page[1];

	mlock(page, sizeof(page));
	munlock(page, sizeof(page));
}

static bool stay_here(void)
{
	cpu_set_t here;

	CPU_ZERO(&here);
	CPU_SET(sched_getcpu(), &here);
	return !sched_setaffinity(0, sizeof(here), &here);
}

/* Answers each byte with an errno; ends with the last executor that could ask. */
static _Noreturn void serve(int asked, int caches)
{
	char byte;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || !stay_here() || dup2(asked, 0) < 0 ||
	    dup2(caches, 1) < 0 || close_range(2, ~0U, 0))
		_exit(1);
	while (read(0, &byte, 1) == 1) {
		int error = pwrite(1, "1", 1, 0) == 1 ? 0 : errno;

		drain();
		if (write(0, &error, sizeof(error)) != sizeof(error))
			break;
	}
	_exit(0);
}

void caches_open(bool drops)
{
	int link[2], caches;

	fd_place(open("/proc/sys/vm", O_RDONLY | O_DIRECTORY), FD_CACHES);
	fd_place(open("/proc/sys", O_RDONLY | O_DIRECTORY), FD_CACHES_GATE);
	if (!drops)
		return;
	caches = open("/proc/sys/vm/drop_caches", O_WRONLY);
	if (caches < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, link))
		die("/proc/sys/vm/drop_caches");
	switch (fork()) {
	case -1:
		die("fork");
	case 0:
		serve(link[1], caches);
	}
	close(link[1]);
	close(caches);
	fd_place(link[0], FD_CACHES_DROP);
	may_drop = true;
}

static bool drops(const struct program *p)
{
	for (uint32_t i = 0; i < p->calls; i++)
		if (p->call[i].code == CALL_DROP_CACHES)
			return true;
	return false;
}

const char *caches_refuse(const struct program *p)
{
	return drops(p) && !may_drop ? "it drops the page cache of the whole machine, which splicelab kernel --drop-caches allows" : NULL;
}

static void lock(int fd, int how)
{
	while (flock(fd, how))
		if (errno != EINTR)
			die("flock");
}

void caches_hold(const struct program *p)
{
	int how = drops(p) ? LOCK_EX : LOCK_SH;

	lock(FD_CACHES_GATE, how);
	lock(FD_CACHES, how);
	lock(FD_CACHES_GATE, LOCK_UN);
}

void caches_release(void)
{
	lock(FD_CACHES, LOCK_UN);
}

long caches_drop(void)
{
	char byte = 0;
	int error;
	ssize_t n;

	if (write(FD_CACHES_DROP, &byte, 1) != 1)
		return -1;
	while ((n = recv(FD_CACHES_DROP, &error, sizeof(error), MSG_DONTWAIT)) < 0 &&
	       (errno == EAGAIN || errno == EINTR))
		sched_yield();
	errno = n == sizeof(error) ? error : EIO;
	return errno ? -1 : 0;
}
