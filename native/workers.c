// SPDX-License-Identifier: MIT
/*
 * See workers.h.
 *
 * A worker is asleep as a thread of the program is (threads.c). The look is taken by a thread with a table of descriptors of
 * its own: in the others' a request could find the files of /proc under a number that a program has closed.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "locks.h"
#include "proc.h"
#include "sandbox.h"
#include "threads.h"
#include "workers.h"

/* A flag of a thread in /proc: it is a worker of io_uring. */
#define PF_IO_WORKER 0x10
#define STACK_BYTES (64 << 10)
/* Requests are cancelled by a thread of the kernel that may have much to do. */
#define IDLE_MS 8000

/* The thread that looks at the workers. */
static struct watcher {
	pthread_t thread;
	bool there;
	_Atomic uint32_t asked; /* odd: a look is wanted */
	uint32_t busy;
	bool waits_deeply;
	uint64_t seen; /* of all workers; 0: one was not asleep */
} watcher;
/* What the last look saw, and since when. */
static uint64_t last_seen, seen_since_ns;

/* Looks at one worker. Returns what tells it from itself at another time, or 0: it is not asleep. */
static uint64_t look_at(const char *tid)
{
	uint64_t switches = 0, seen = 0;
	char path[64], state;
	int syscall_fd, schedstat_fd, status_fd;

	snprintf(path, sizeof(path), "/proc/self/task/%.16s/syscall", tid);
	syscall_fd = open(path, O_RDONLY);
	snprintf(path, sizeof(path), "/proc/self/task/%.16s/schedstat", tid);
	schedstat_fd = open(path, O_RDONLY);
	snprintf(path, sizeof(path), "/proc/self/task/%.16s/status", tid);
	status_fd = open(path, O_RDONLY);
	if (proc_off_processor(syscall_fd)) {
		uint64_t runs = proc_times_run(schedstat_fd);

		state = proc_status(status_fd, &switches);
		if (state == 'D')
			watcher.waits_deeply = true;
		if (state == 'S' || state == 'D')
			seen = strtoull(tid, NULL, 10) * 0x9e3779b97f4a7c15u + runs * 0x10001u +
			       switches + (uint64_t)state;
	}
	close(syscall_fd);
	close(schedstat_fd);
	close(status_fd);
	return seen;
}

/* Reads a file of a thread. Returns its text. */
static const char *text_of(const char *tid, const char *file)
{
	static char text[256];
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%.16s/%s", tid, file);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = 0;
	return text;
}

/* By its flags: it gets its name, iou-wrk-*, only when it first runs. */
static bool is_worker(const char *tid)
{
	const char *name_end = strrchr(text_of(tid, "stat"), ')');
	unsigned int flags;

	return name_end && sscanf(name_end, ") %*c %*d %*d %*d %*d %*d %u", &flags) == 1 &&
	       flags & PF_IO_WORKER;
}

/* Whether it waits for work; else it has a request, or is about to end. */
static bool is_idle(const char *tid)
{
	return !strcmp(text_of(tid, "wchan"), "io_wq_worker");
}

/* Looks at all workers. */
static void look(void)
{
	DIR *dir = opendir("/proc/self/task");
	bool awake = false;
	struct dirent *entry;

	watcher.busy = 0;
	watcher.waits_deeply = false;
	watcher.seen = 1;
	while (dir && (entry = readdir(dir))) {
		uint64_t seen;

		if (entry->d_name[0] == '.' || !is_worker(entry->d_name))
			continue;
		watcher.busy += !is_idle(entry->d_name);
		seen = look_at(entry->d_name);
		awake |= !seen;
		watcher.seen = watcher.seen * 31 + seen;
	}
	if (!dir || awake)
		watcher.seen = 0;
	if (dir)
		closedir(dir);
}

static void *watch(void *arg)
{
	if (syscall(SYS_unshare, CLONE_FILES) || syscall(SYS_close_range, 0, ~0U, 0))
		die("a table of descriptors");
	for (;;) {
		uint32_t asked = atomic_load(&watcher.asked);

		if (asked % 2) {
			look();
			atomic_store(&watcher.asked, asked + 1);
			asked++;
		}
		syscall(SYS_futex, &watcher.asked, FUTEX_WAKE_PRIVATE, INT_MAX, NULL);
		syscall(SYS_futex, &watcher.asked, FUTEX_WAIT_PRIVATE, asked, NULL);
	}
	return arg;
}

/* Has the workers looked at. */
static void take_look(void)
{
	uint32_t asked = atomic_fetch_add(&watcher.asked, 1) + 1;

	syscall(SYS_futex, &watcher.asked, FUTEX_WAKE_PRIVATE, INT_MAX, NULL);
	while (atomic_load(&watcher.asked) == asked)
		syscall(SYS_futex, &watcher.asked, FUTEX_WAIT_PRIVATE, asked, NULL);
}

void workers_watch(void)
{
	pthread_attr_t attr;

	if (watcher.there)
		return;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	if (pthread_create(&watcher.thread, &attr, watch, NULL))
		die("the thread that looks at workers");
	pthread_attr_destroy(&attr);
	watcher.there = true;
	/* Its table of descriptors is its own once it has answered. */
	take_look();
}

void workers_forget(void)
{
	memset(&watcher, 0, sizeof(watcher));
}

bool workers_quiet(bool locked)
{
	bool same;

	take_look();
	same = watcher.seen && watcher.seen == last_seen;
	if (!same)
		seen_since_ns = now_ns();
	last_seen = watcher.seen;
	return same && (!watcher.waits_deeply ||
			(locked && now_ns() - seen_since_ns > locks_patience_ns(CALL_SPLICE)));
}

int workers_await_idle(void)
{
	uint64_t deadline_ns = now_ns() + IDLE_MS * 1000000ull;

	for (uint32_t nth = 0;; nth++) {
		take_look();
		if (!watcher.busy)
			return 0;
		if (now_ns() > deadline_ns)
			return -1;
		give_way(nth);
	}
}
