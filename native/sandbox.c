// SPDX-License-Identifier: MIT
/*
 * The sandbox. Everything happens before the first frame is read.
 *
 * Not covered: a limit on processor time other than the watchdog; disk quota (a program's content
 * is limited instead: CONTENT_BYTES_MAX and CALLS_MAX).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <linux/capability.h>
#include <unistd.h>

#include "abi.h"
#include "caches.h"
#include "sandbox.h"

static int err_fd = STDERR_FILENO;

void die(const char *what)
{
	dprintf(err_fd, "executor: %s: %s\n", what, errno ? strerror(errno) : "refused");
	_exit(2);
}

void fd_place(int fd, int at)
{
	if (fd < 0 || dup3(fd, at, O_CLOEXEC) < 0)
		die("own descriptors");
	close(fd);
}

static void place_descriptors(const char *folder, int whitebox)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		die("RLIMIT_NOFILE");
	limit.rlim_cur = 1024;
	if (limit.rlim_max < 1024 || setrlimit(RLIMIT_NOFILE, &limit))
		die("RLIMIT_NOFILE must allow 1024");
	if (whitebox >= 0)
		fd_place(whitebox, FD_WHITEBOX);
	fd_place(STDIN_FILENO, FD_IN);
	fd_place(STDOUT_FILENO, FD_OUT);
	fd_place(STDERR_FILENO, FD_ERR);
	err_fd = FD_ERR;
	fd_place(open(folder, O_PATH | O_DIRECTORY | O_NOFOLLOW), FD_FOLDER);
	fd_place(open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), FD_FOLDER_LIST);
	fd_place(open("/proc/self/statm", O_RDONLY), FD_STATM);
	/* Numbers 0 to 2 are nobody's; O_PATH descriptors keep them from being given out. */
	for (int fd = 0; fd < FD_FIRST; fd++)
		if (dup2(FD_FOLDER, fd) < 0)
			die("descriptors 0 to 2");
	if (syscall(SYS_close_range, FD_FIRST, OWN_FD_FIRST - 1, 0) ||
	    syscall(SYS_close_range, FD_WHITEBOX + (whitebox >= 0), ~0U, 0))
		die("close_range");
}

static void drop_root(void)
{
	if (geteuid() != 0)
		return;
	if (fchown(FD_FOLDER_LIST, NOBODY, NOBODY))
		die("giving the folder to nobody");
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		die("dropping root");
	if (setuid(0) == 0)
		die("root is still there");
}

static void set_limit(int resource, rlim_t value)
{
	struct rlimit limit = { .rlim_cur = value, .rlim_max = value };

	if (setrlimit(resource, &limit))
		die("setrlimit");
}

void sandbox_enter(const char *folder, int whitebox)
{
	place_descriptors(folder, whitebox);
	caches_open(getenv("SPLICELAB_DROP_CACHES") != NULL);
	drop_root();
	set_limit(RLIMIT_CORE, 0);
	umask(0);
	/* Dumpable again after the change of user: else /proc/self belongs to root. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
		die("prctl");
	errno = 0;
}

uint64_t sandbox_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		die("capget");
	return data[0].effective | (uint64_t)data[1].effective << 32;
}

void watchdog(uint32_t ms)
{
	struct itimerval timer = {
		.it_value = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 },
	};

	setitimer(ITIMER_REAL, &timer, NULL);
}
