// SPDX-License-Identifier: MIT
/*
 * Two threads of which one reads from a pipe the page that the other writes to the file: litmus/torn-read.litmus,
 * truly concurrent.
 *
 *   tear FILE RUNS TORN
 *
 * Runs until TORN reads were torn, RUNS times at most. Prints each torn read as runs of equal bytes, then how many
 * reads gave the old page, the new one, and a mixture.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE 4096

static char old_page[PAGE], new_page[PAGE];
static int file;
/* Odd while a run is on: the writer makes it even. Negative at the end. */
static atomic_int turn;
static atomic_int delay;

/* The two threads meet at different points of their copies. */
static void pause_for(int rounds)
{
	for (volatile int i = 0; i < rounds; i++)
		;
}

/* The nth processor that this process may use: two threads on one never copy at once. */
static void pin(int nth)
{
	cpu_set_t all, one;

	if (sched_getaffinity(0, sizeof(all), &all))
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &all) || nth--)
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		sched_setaffinity(0, sizeof(one), &one);
		return;
	}
}

static void must(ssize_t got, const char *what)
{
	if (got != PAGE)
		err(1, "%s", what);
}

/* Waits until the turn is `wanted`; where the other thread has no processor, it gets this one. */
static int wait_for(int wanted)
{
	int now;

	for (int spins = 1; (now = atomic_load(&turn)) != wanted && now >= 0; spins++)
		if (spins % 5000 == 0)
			sched_yield();
	return now == wanted;
}

static void *writer(void *unused)
{
	(void)unused;
	pin(0);
	for (int seen = 0; wait_for(seen + 1);) {
		pause_for(atomic_load(&delay));
		must(pwrite(file, new_page, PAGE, 0), "pwrite");
		seen += 2;
		atomic_store(&turn, seen);
	}
	return NULL;
}

static void print_runs(const unsigned char *page)
{
	printf("torn");
	for (int from = 0, to; from < PAGE; from = to) {
		for (to = from; to < PAGE && page[to] == page[from]; to++)
			;
		printf(" 0x%02x*%d", page[from], to - from);
	}
	printf("\n");
}

int main(int argc, char **argv)
{
	int runs, wanted, pipe_fds[2], old_count = 0, new_count = 0, torn = 0;
	unsigned char page[PAGE];
	pthread_t thread;

	if (argc != 4)
		errx(1, "usage: tear FILE RUNS TORN");
	runs = atoi(argv[2]);
	wanted = atoi(argv[3]);
	memset(old_page, 0x1f, PAGE);
	memset(new_page, 0xf0, PAGE);
	file = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (file < 0 || pipe(pipe_fds))
		err(1, "%s", argv[1]);
	if (pthread_create(&thread, NULL, writer, NULL))
		errx(1, "no thread");
	pin(1);
	for (int run = 0; run < runs && torn < wanted; run++) {
		loff_t offset = 0;

		must(pwrite(file, old_page, PAGE, 0), "pwrite");
		must(splice(file, &offset, pipe_fds[1], NULL, PAGE, 0), "splice");
		atomic_store(&delay, run % 64 * 4);
		atomic_store(&turn, 2 * run + 1);
		pause_for(run / 64 % 64 * 32);
		must(read(pipe_fds[0], page, PAGE), "read");
		wait_for(2 * run + 2);
		if (!memcmp(page, old_page, PAGE)) {
			old_count++;
		} else if (!memcmp(page, new_page, PAGE)) {
			new_count++;
		} else {
			torn++;
			print_runs(page);
		}
	}
	atomic_store(&turn, -1);
	pthread_join(thread, NULL);
	printf("old %d new %d torn %d\n", old_count, new_count, torn);
	return 0;
}
