// SPDX-License-Identifier: MIT
/*
 * See children.h.
 *
 * A child waits until `turn` is its number, makes the call, and sets `turn` back to 0. Calls on memory never sleep, so
 * the control thread makes and asks all children itself (threads.c), one at a time.
 * A child keeps no descriptor: the ends of a pipe are counted without it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "children.h"
#include "memory.h"

/* How often to look whether a child that does not answer is still there. */
#define PATIENCE_MS 200

static struct shared {
	_Atomic uint32_t turn; /* number of a child, or 0 */
	uint32_t call;
	uint64_t arg[OPERANDS_MAX];
	int64_t ret;
	int32_t error;
	uint32_t children;
	pid_t pid[CALLS_MAX];
	uint32_t fork[CALLS_MAX]; /* the call that made it */
	uint8_t data[MAPPING_BYTES_MAX];
} *shared;

const char *children_prepare(const struct program *p)
{
	bool forks = false;
	void *at;

	for (uint32_t i = 0; i < p->calls; i++)
		forks |= p->call[i].code == CALL_FORK;
	if (!forks)
		return NULL;
	at = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (at == MAP_FAILED)
		return "no memory to talk with children over";
	shared = at;
	return NULL;
}

void children_clean(void)
{
	if (!shared)
		return;
	for (uint32_t i = 0; i < shared->children; i++) {
		kill(shared->pid[i], SIGKILL);
		while (waitpid(shared->pid[i], NULL, 0) < 0 && errno == EINTR)
			;
	}
	munmap(shared, sizeof(*shared));
	shared = NULL;
}

static void set_turn(uint32_t turn)
{
	atomic_store(&shared->turn, turn);
	syscall(SYS_futex, &shared->turn, FUTEX_WAKE, INT_MAX);
}

static long perform(struct program *p)
{
	struct call *call = &p->call[shared->call];

	memcpy(call->arg, shared->arg, sizeof(call->arg));
	switch (call->code) {
	case CALL_MUNMAP:
		return memory_unmap(call);
	case CALL_MADVISE:
		return memory_advise(call);
	case CALL_MSYNC:
		return memory_sync(call);
	case CALL_STORE:
		return memory_store(call, &p->buffer[call->arg[1]]);
	case CALL_LOAD:
		return memory_load(call, shared->data);
	default:
		errno = ENOSYS;
		return -1;
	}
}

static void serve(struct program *p, uint32_t number, pid_t parent)
{
	uint32_t turn;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent ||
	    syscall(SYS_close_range, 0, ~0U, 0))
		_exit(1);
	set_turn(0);
	for (;;) {
		while ((turn = atomic_load(&shared->turn)) != number)
			syscall(SYS_futex, &shared->turn, FUTEX_WAIT, turn, NULL);
		errno = 0;
		shared->ret = perform(p);
		shared->error = errno;
		set_turn(0);
	}
}

/* Waits until a child has had its turn. Returns 0, or -1 with ESRCH where it has ended. */
static int await(uint32_t number)
{
	const struct timespec patience = { .tv_nsec = PATIENCE_MS * 1000000L };

	while (atomic_load(&shared->turn) == number) {
		syscall(SYS_futex, &shared->turn, FUTEX_WAIT, number, &patience);
		if (atomic_load(&shared->turn) == number &&
		    waitpid(shared->pid[number - 1], NULL, WNOHANG) != 0) {
			errno = ESRCH;
			return -1;
		}
	}
	return 0;
}

long children_fork(struct program *p, const struct call *call)
{
	uint32_t number = shared->children + 1;
	pid_t parent = getpid();
	pid_t pid;

	if ((int64_t)call->arg[0] < 0) {
		errno = EFAULT;
		return -1;
	}
	if (memory_fork_only((int64_t)call->arg[0]))
		return -1;
	atomic_store(&shared->turn, number);
	pid = fork();
	if (pid == 0)
		serve(p, number, parent);
	if (memory_fork_all() || pid < 0)
		return -1;
	shared->pid[number - 1] = pid;
	shared->fork[number - 1] = (uint32_t)(call - p->call);
	shared->children = number;
	return await(number);
}

bool children_have(const struct program *p, const struct call *call)
{
	const struct operand *op = &call->operand[0];

	return call->code != CALL_FORK && op->kind == OPERAND_RESULT &&
	       p->call[op->value].code == CALL_FORK && (int64_t)call->arg[0] >= 0;
}

long children_make(const struct program *p, const struct call *call, void *to)
{
	uint32_t number = 1;

	while (shared->fork[number - 1] != call->operand[0].value)
		number++;
	memcpy(shared->arg, call->arg, sizeof(shared->arg));
	shared->call = (uint32_t)(call - p->call);
	set_turn(number);
	if (await(number))
		return -1;
	if (call->code == CALL_LOAD && shared->ret > 0)
		memcpy(to, shared->data, (size_t)shared->ret);
	errno = shared->error;
	return shared->ret;
}
