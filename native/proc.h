/* SPDX-License-Identifier: MIT */
/* What /proc tells of a thread. A descriptor of -1: this kernel has no such file. */
#ifndef PROC_H
#define PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Opens a file of the thread as descriptor `at`. Returns that, or -1. */
int proc_open(pid_t tid, const char *file, int at);
/* Whether the kernel has taken the thread off the processor (`syscall`). */
bool proc_off_processor(int syscall_fd);
/* How often the thread got onto the processor (`schedstat`); 0 if this kernel does not count. */
uint64_t proc_times_run(int schedstat_fd);
/* The state's letter (`status`), or 0, and the context switches. */
char proc_status(int status_fd, uint64_t *switches);

#endif
