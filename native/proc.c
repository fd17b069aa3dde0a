// SPDX-License-Identifier: MIT
/* What /proc tells of a thread. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proc.h"
#include "sandbox.h"

int proc_open(pid_t tid, const char *file, int at)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/%s", tid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	fd_place(fd, at);
	return at;
}

/* The number after `key` in the text of a status file. */
static uint64_t field(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

/* Whether the kernel has taken the thread off the processor. */
bool proc_off_processor(int syscall_fd)
{
	char text[64];
	ssize_t n;

	if (syscall_fd < 0)
		return true;
	n = pread(syscall_fd, text, sizeof(text), 0);
	return n > 0 && text[0] != 'r'; /* "running" */
}

/* How often the thread got onto the processor; 0 if this kernel does not count. */
uint64_t proc_times_run(int schedstat_fd)
{
	char text[80];
	char *at = text;
	ssize_t n;

	if (schedstat_fd < 0)
		return 0;
	n = pread(schedstat_fd, text, sizeof(text) - 1, 0);
	if (n <= 0)
		return 0;
	text[n] = 0;
	strtoull(at, &at, 10);
	strtoull(at, &at, 10);
	return strtoull(at, NULL, 10);
}

/* Reads state and context switches. Returns the state's letter, or 0. */
char proc_status(int status_fd, uint64_t *switches)
{
	char text[4096];
	const char *state;
	ssize_t n = pread(status_fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return 0;
	text[n] = 0;
	state = strstr(text, "State:\t");
	*switches = field(text, "\nvoluntary_ctxt_switches:") +
		    field(text, "\nnonvoluntary_ctxt_switches:");
	return state ? state[7] : 0;
}
