// SPDX-License-Identifier: MIT
/* See memory.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "arena.h"
#include "children.h"
#include "memory.h"
#include "wire.h"

#define PAGE_BYTES ((size_t)4096)
/* An access begins inside of the first half and ends inside of the slot. */
#define SLOT_BYTES ((size_t)(2 * MAPPING_BYTES_MAX))

static uint8_t *region;
static size_t region_bytes;

static __thread sigjmp_buf landing;
static __thread volatile sig_atomic_t accessing;

static void on_fault(int number)
{
	if (accessing)
		siglongjmp(landing, 1);
	signal(number, SIG_DFL); /* ours: end as anybody would */
}

int memory_signals(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_fault;
	action.sa_flags = SA_NODEFER;
	return sigaction(SIGBUS, &action, NULL) || sigaction(SIGSEGV, &action, NULL) ? -1 : 0;
}

const char *memory_check(const struct call *call)
{
	const struct operand *op = call->operand;

	switch (call->code) {
	case CALL_MMAP:
		if (op[1].value > MAPPING_BYTES_MAX || op[5].value > MAPPING_BYTES_MAX)
			return "mmap of more than 16 MiB, or behind them";
		if (op[2].value & ~(uint64_t)(ABI_PROT_READ | ABI_PROT_WRITE))
			return "mmap with a protection outside the call table";
		return (op[3].value & ~(uint64_t)ABI_MAP_ANONYMOUS) <= ABI_MAP_PRIVATE
			       ? NULL
			       : "mmap with a flag outside the call table";
	case CALL_MSYNC:
		if (op[2].value & ~(uint64_t)(ABI_MS_ASYNC | ABI_MS_INVALIDATE | ABI_MS_SYNC))
			return "msync with a flag outside the call table";
		return op[1].value <= MAPPING_BYTES_MAX ? NULL : "msync of more than 16 MiB";
	case CALL_MADVISE:
		if (op[2].value != ABI_MADV_DONTNEED)
			return "madvise with an advice outside the call table";
		/* fall through */
	case CALL_MUNMAP:
		return op[1].value <= MAPPING_BYTES_MAX ? NULL : "munmap or madvise of more than 16 MiB";
	case CALL_VMSPLICE:
	case CALL_SENDMSG:
		if (op[2].value > MAPPING_BYTES_MAX)
			return "vmsplice or sendmsg of more than 16 MiB";
		return op[3].value <= MAPPING_BYTES_MAX ? NULL : "vmsplice or sendmsg of memory behind 16 MiB";
	case CALL_LOAD:
		if (op[1].value > MAPPING_BYTES_MAX)
			return "load of more than 16 MiB";
		/* fall through */
	case CALL_STORE:
		return op[2].value <= MAPPING_BYTES_MAX ? NULL : "an access behind 16 MiB";
	default:
		return NULL;
	}
}

static int reserve(uint8_t *at, size_t bytes)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;

	return mmap(at, bytes, PROT_NONE, flags, -1, 0) == MAP_FAILED ? -1 : 0;
}

const char *memory_prepare(const struct program *p)
{
	void *at;

	const char *why = children_prepare(p);

	region_bytes = 0;
	if (why)
		return why;
	for (uint32_t i = 0; i < p->calls; i++)
		if (p->call[i].code == CALL_MMAP)
			region_bytes += SLOT_BYTES;
	if (!region_bytes)
		return NULL;
	at = mmap(NULL, region_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
		  0);
	if (at == MAP_FAILED) {
		region_bytes = 0;
		return "no address space for the mappings";
	}
	region = at;
	return NULL;
}

void memory_clean(void)
{
	children_clean();
	if (region_bytes)
		munmap(region, region_bytes);
	region_bytes = 0;
}

static int64_t slot_of(const struct program *p, uint32_t call)
{
	int64_t slot = 0;

	for (uint32_t i = 0; i < call; i++)
		if (p->call[i].code == CALL_MMAP)
			slot++;
	return slot;
}

int64_t memory_slot(const struct program *p, uint32_t call)
{
	const struct call *maker = &p->call[call];

	if (maker->code == CALL_FORK && maker->status == WIRE_RETURNED && maker->ret == 0)
		return memory_slot(p, (uint32_t)maker->operand[0].value);
	if (maker->code != CALL_MMAP || maker->status != WIRE_RETURNED || maker->ret < 0)
		return -1;
	return slot_of(p, call);
}

/* Where slot and offset lead to; the address -1, MAP_FAILED, for no slot. */
static uint8_t *address(uint64_t slot, uint64_t offset)
{
	if ((int64_t)slot < 0)
		return (uint8_t *)MAP_FAILED;
	return region + slot * SLOT_BYTES + offset;
}

int memory_fork_only(int64_t slot)
{
	uint8_t *at = address((uint64_t)slot, 0);
	size_t before = (size_t)(at - region);

	if (before && madvise(region, before, MADV_DONTFORK))
		return -1;
	if (before + SLOT_BYTES == region_bytes)
		return 0;
	return madvise(at + SLOT_BYTES, region_bytes - before - SLOT_BYTES, MADV_DONTFORK);
}

int memory_fork_all(void)
{
	return madvise(region, region_bytes, MADV_DOFORK);
}

long memory_map(const struct program *p, const struct call *call)
{
	const uint64_t *arg = call->arg;
	uint8_t *at = address((uint64_t)slot_of(p, (uint32_t)(call - p->call)), 0);
	void *made = mmap(at, arg[1], (int)arg[2], (int)arg[3] | MAP_FIXED, (int)arg[4],
			  (off_t)arg[5]);
	int error = errno;

	if (made != MAP_FAILED && arg[3] & ABI_MAP_ANONYMOUS)
		madvise(at, arg[1], MADV_NOHUGEPAGE);
	if (made != MAP_FAILED)
		return 0;
	if (reserve(at, SLOT_BYTES))
		error = ENOMEM;
	errno = error;
	return -1;
}

long memory_unmap(const struct call *call)
{
	uint8_t *at = address(call->arg[0], 0);
	long ret = syscall(SYS_munmap, at, call->arg[1]);

	if (ret == 0 && reserve(at, (call->arg[1] + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1)))
		return -1;
	return ret;
}

long memory_advise(const struct call *call)
{
	return syscall(SYS_madvise, address(call->arg[0], 0), call->arg[1], MADV_DONTNEED);
}

long memory_sync(const struct call *call)
{
	uint64_t word = call->arg[2];
	int flags = (word & ABI_MS_ASYNC ? MS_ASYNC : 0) | (word & ABI_MS_SYNC ? MS_SYNC : 0) |
		    (word & ABI_MS_INVALIDATE ? MS_INVALIDATE : 0);

	return syscall(SYS_msync, address(call->arg[0], 0), call->arg[1], flags);
}

long memory_splice(const struct call *call)
{
	struct iovec piece = { .iov_base = address(call->arg[1], call->arg[3]),
			       .iov_len = call->arg[2] };

	return syscall(SYS_vmsplice, (int)call->arg[0], &piece, 1, (unsigned int)call->arg[4]);
}

struct msghdr *memory_message(const struct call *call)
{
	struct {
		struct msghdr message;
		struct iovec piece;
	} *m = arena_take(sizeof(*m));

	if (!m)
		return NULL;
	m->piece = (struct iovec){ .iov_base = address(call->arg[1], call->arg[3]),
				   .iov_len = call->arg[2] };
	m->message = (struct msghdr){ .msg_iov = &m->piece, .msg_iovlen = 1 };
	return &m->message;
}

long memory_send(const struct call *call)
{
	const struct msghdr *message = memory_message(call);

	if (!message) {
		errno = ENOMEM;
		return -1;
	}
	return syscall(SYS_sendmsg, (int)call->arg[0], message, (unsigned int)call->arg[4]);
}

/* Copies page by page, as a program's loop would; -1 and EFAULT at the first page that refuses. */
static long copy(uint8_t *to, const uint8_t *from, size_t count, uint64_t offset)
{
	volatile size_t done = 0;

	if (sigsetjmp(landing, 0)) {
		accessing = 0;
		errno = EFAULT;
		return -1;
	}
	accessing = 1;
	while (done < count) {
		size_t in_page = PAGE_BYTES - (offset + done) % PAGE_BYTES;
		size_t n = count - done < in_page ? count - done : in_page;

		memcpy(to + done, from + done, n);
		done += n;
	}
	accessing = 0;
	return (long)count;
}

long memory_load(const struct call *call, uint8_t *to)
{
	if ((int64_t)call->arg[0] < 0 && call->arg[1]) {
		errno = EFAULT;
		return -1;
	}
	return copy(to, address(call->arg[0], call->arg[2]), call->arg[1], call->arg[2]);
}

long memory_store(const struct call *call, const struct buffer *from)
{
	if ((int64_t)call->arg[0] < 0 && from->len_bytes) {
		errno = EFAULT;
		return -1;
	}
	return copy(address(call->arg[0], call->arg[2]), from->bytes, from->len_bytes,
		    call->arg[2]);
}
