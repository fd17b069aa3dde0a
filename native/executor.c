// SPDX-License-Identifier: MIT
/*
 * The executor: runs encoded programs on the kernel of this machine.
 *
 *   [SPLICELAB_DROP_CACHES=1] executor FOLDER [LINK]
 *
 * FOLDER is private and empty; LINK is the descriptor of a white box (whitebox-loader.c). With the variable programs may drop the
 * page cache of the machine (caches.c). Frames come in on standard input and go out on standard output:
 * docs/wire.md. The process ends at the end of input, after a frame that makes no sense, and
 * whenever it cannot prove that a program left nothing behind; then the host starts another.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arena.h"
#include "caches.h"
#include "memory.h"
#include "program.h"
#include "reply.h"
#include "sandbox.h"
#include "snapshot.h"
#include "state.h"
#include "syscalls.h"
#include "threads.h"
#include "uring.h"
#include "wire.h"

/* A program gets this much longer than its time-out before the alarm ends the process. */
#define WATCHDOG_GRACE_MS 10000
#define TIMEOUT_MS_MAX 600000

/* Shared with forked processes, which write their outcome where it belongs. */
static struct reply_shared {
	size_t used;
	bool leaving;
} *shared;
static struct reply reply;
static struct program program;
/* Why the process must end after this frame. */
static bool leaving;

static bool read_full(void *to, size_t count)
{
	uint8_t *at = to;

	while (count) {
		ssize_t n = read(FD_IN, at, count);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		count -= (size_t)n;
	}
	return true;
}

static void write_full(const void *from, size_t count)
{
	const uint8_t *at = from;

	while (count) {
		ssize_t n = write(FD_OUT, at, count);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(0); /* the host is gone */
		at += n;
		count -= (size_t)n;
	}
}

static void send_frame(uint32_t kind, uint32_t sequence, const void *bytes, size_t count)
{
	struct wire_frame frame = {
		.magic = WIRE_MAGIC_REPLY,
		.kind = kind,
		.bytes = (uint32_t)count,
		.sequence = sequence,
	};

	write_full(&frame, sizeof(frame));
	write_full(bytes, count);
}

static void say_hello(void)
{
	struct wire_hello hello = {
		.version = WIRE_VERSION,
		.pid = (uint32_t)getpid(),
		.uid = (uint32_t)getuid(),
		.page_bytes = (uint32_t)sysconf(_SC_PAGESIZE),
		.capabilities = sandbox_capabilities(),
		.buffer_bytes = threads_buffer_bytes(),
		.features = uring_is_there() ? WIRE_HAS_URING : 0,
	};

	send_frame(WIRE_HELLO, 0, &hello, sizeof(hello));
}

static void must_leave(const char *why)
{
	dprintf(FD_ERR, "executor: %s\n", why);
	leaving = true;
}

static void limit_file_size(const struct wire_job *job)
{
	struct rlimit limit = { .rlim_cur = job->file_size_limit,
				.rlim_max = job->file_size_limit };

	if (job->flags & WIRE_JOB_LIMIT && setrlimit(RLIMIT_FSIZE, &limit))
		die("RLIMIT_FSIZE");
}

/* Whether a snapshot of the program could not be taken. */
static bool snapshot_missed;

/* A UDP socket that is closed lets go of what it has only after a grace period of RCU, and that of its callbacks. */
static void wait_for_closed(void)
{
	if (!program_has_socket(&program, SOCKET_UDP))
		return;
	for (int nth = 0; nth < 2; nth++)
		syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	usleep(2000);
}

static void take_snapshot(void)
{
	wait_for_closed();
	if (snapshot_take())
		snapshot_missed = true;
}

/* Runs the calls, with snapshots if they are asked for. Returns whether the time was up. */
static bool run_calls(const struct wire_job *job, const uint8_t *picks)
{
	bool asked = job->flags & WIRE_JOB_SNAPSHOTS;

	snapshot_reset();
	snapshot_missed = false;
	if (asked)
		take_snapshot();
	return threads_run(&program, picks, job->picks, job->timeout_ms,
			   asked ? take_snapshot : NULL);
}

static void out_of_time(size_t at)
{
	reply_failure(&reply, at, WIRE_TIMED_OUT, "the time is up");
	must_leave("a program did not end in time");
}

/* Runs the decoded program in this process and appends its outcome. */
static void run_here(const struct wire_job *job, const uint8_t *picks)
{
	struct wire_outcome counts = { .verdict = WIRE_OK, .calls = program.calls };
	size_t at = reply_outcome(&reply);
	const char *why, *dirt;
	bool late;
	uint64_t pages;

	watchdog(job->timeout_ms + WATCHDOG_GRACE_MS);
	if (threads_ensure(program.threads))
		die("threads");
	why = uring_prepare(&program);
	if (why) {
		reply_failure(&reply, at, WIRE_REFUSED, why);
		watchdog(0);
		return;
	}
	pages = state_mapped_pages();
	why = memory_prepare(&program);
	if (!why)
		why = state_prepare(&program);
	if (!why) {
		limit_file_size(job);
		late = run_calls(job, picks);
		if (threads_interrupt(late) || late) {
			out_of_time(at);
			return;
		}
		for (uint32_t i = 0; i < program.calls; i++)
			reply_result(&reply, i, &program.call[i]);
		why = state_report(&program, &reply, &counts);
		if (!why && snapshot_missed)
			why = "the kernel's state could not be read";
		if (job->flags & WIRE_JOB_SNAPSHOTS)
			snapshot_report(&reply);
		if (threads_interrupt(true)) {
			out_of_time(at);
			return;
		}
	}
	if (!why && reply.overflow)
		why = "the outcome does not fit into a reply";
	if (why)
		reply_failure(&reply, at, WIRE_FAILED, why);
	else
		reply_outcome_end(&reply, at, &counts);
	memory_clean();
	dirt = state_clean(&program);
	if (!dirt && state_mapped_pages() != pages)
		dirt = "the address space has changed";
	if (dirt)
		must_leave(dirt);
	watchdog(0);
}

/* Runs the decoded program in a process of its own. */
static void run_fresh(const struct wire_job *job, const uint8_t *picks)
{
	size_t at = reply.used;
	const char *dirt;
	char why[64];
	int status;
	pid_t child = fork();

	if (child < 0) {
		reply_failure(&reply, at, WIRE_FAILED, "fork failed");
		return;
	}
	if (child == 0) {
		fd_place(open("/proc/self/statm", O_RDONLY), FD_STATM);
		threads_forget();
		uring_forget();
		run_here(job, picks);
		shared->used = reply.used;
		_exit(0);
	}
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		reply.used = shared->used;
	} else {
		if (WIFSIGNALED(status))
			snprintf(why, sizeof(why), "the process was ended by signal %d",
				 WTERMSIG(status));
		else
			snprintf(why, sizeof(why), "the process ended with status %d",
				 WEXITSTATUS(status));
		reply_failure(&reply, at, WIRE_DIED, why);
	}
	dirt = state_clean_folder();
	if (dirt)
		must_leave(dirt);
}

/* Runs one job of a batch. Returns how many bytes it took, or 0: the frame makes no sense. */
static size_t run_job(const uint8_t *bytes, size_t left)
{
	struct wire_job job;
	const uint8_t *picks;
	const char *why;
	size_t size;

	if (left < sizeof(job))
		return 0;
	memcpy(&job, bytes, sizeof(job));
	left -= sizeof(job);
	if (job.words > left / 4 || job.picks > left - 4 * (size_t)job.words)
		return 0;
	size = 4 * (size_t)job.words + (((size_t)job.picks + 3) & ~(size_t)3);
	if (size > left)
		return 0;
	picks = bytes + sizeof(job) + 4 * (size_t)job.words;
	arena_reset();
	why = program_decode(&program, (const uint32_t *)(bytes + sizeof(job)), job.words);
	if (!why && (job.timeout_ms == 0 || job.timeout_ms > TIMEOUT_MS_MAX))
		why = "the time-out is not between 1 ms and 10 minutes";
	if (!why && job.flags & ~(WIRE_JOB_FRESH | WIRE_JOB_LIMIT | WIRE_JOB_SNAPSHOTS))
		why = "unknown flag";
	if (!why && job.flags & WIRE_JOB_SNAPSHOTS &&
	    (job.flags & WIRE_JOB_FRESH || !snapshot_possible()))
		why = "the white box is open to the executor's first process only";
	if (!why && job.flags == WIRE_JOB_LIMIT)
		why = "a limit needs a process of its own";
	if (!why)
		why = caches_refuse(&program);
	if (why) {
		reply_failure(&reply, reply.used, WIRE_REFUSED, why);
		return sizeof(job) + size;
	}
	caches_hold(&program);
	if (job.flags & WIRE_JOB_FRESH)
		run_fresh(&job, picks);
	else
		run_here(&job, picks);
	caches_release();
	return sizeof(job) + size;
}

/* Runs a batch and answers. Returns whether the frame made sense. */
static bool run_batch(const uint8_t *bytes, size_t count, uint32_t sequence)
{
	struct wire_batch batch, done = { 0 };
	size_t at = sizeof(batch);
	const char *dirt;

	if (count < sizeof(batch))
		return false;
	memcpy(&batch, bytes, sizeof(batch));
	reply.used = sizeof(done);
	reply.overflow = false;
	threads_gather();
	while (done.count < batch.count && !leaving) {
		size_t taken = run_job(bytes + at, count - at);

		if (!taken)
			return false;
		at += taken;
		done.count++;
	}
	if (!leaving && at != count)
		return false;
	threads_scatter();
	dirt = state_check_table();
	if (dirt && !leaving)
		must_leave(dirt);
	done.flags = leaving ? WIRE_BATCH_LEAVING : 0;
	memcpy(reply.base, &done, sizeof(done));
	send_frame(WIRE_RUN, sequence, reply.base, reply.used);
	return true;
}

static void init(void)
{
	size_t bytes = sizeof(*shared);

	shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	reply.max = WIRE_REPLY_BYTES_MAX;
	reply.base = mmap(NULL, reply.max, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (shared == MAP_FAILED || reply.base == MAP_FAILED || arena_init())
		die("memory");
	if (syscall_signals())
		die("signals");
	if (threads_ensure(2))
		die("threads");
	errno = 0;
}

int main(int argc, char **argv)
{
	struct wire_frame frame;
	uint8_t *request;

	if (argc != 2 && argc != 3) {
		dprintf(STDERR_FILENO, "usage: executor FOLDER [LINK]\n");
		return 2;
	}
	sandbox_enter(argv[1], argc == 3 ? atoi(argv[2]) : -1);
	init();
	request = mmap(NULL, WIRE_REQUEST_BYTES_MAX, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (request == MAP_FAILED)
		die("memory");
	say_hello();
	while (!leaving && read_full(&frame, sizeof(frame))) {
		static const char nonsense[] = "the frame makes no sense";

		if (frame.magic == WIRE_MAGIC_REQUEST && frame.kind == WIRE_RUN &&
		    frame.bytes <= WIRE_REQUEST_BYTES_MAX) {
			if (!read_full(request, frame.bytes))
				break;
			if (run_batch(request, frame.bytes, frame.sequence))
				continue;
		}
		send_frame(WIRE_ERROR, frame.sequence, nonsense, sizeof(nonsense) - 1);
		break;
	}
	return 0;
}
