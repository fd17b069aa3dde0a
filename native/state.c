// SPDX-License-Identifier: MIT
/*
 * Files, pipes, sockets and the table of descriptors, before and after a program.
 *
 * Every file lies in the folder under the number of its name: the scenario's own strings never
 * reach the file system. The clean-up proves three things: no descriptor is open that the program
 * can have got, the folder has no entry, and the address space is as large as before. After each
 * frame it is proved that no descriptor in 3..899 is open at all.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arena.h"
#include "dgram.h"
#include "flags.h"
#include "locks.h"
#include "sandbox.h"
#include "state.h"
#include "syscalls.h"
#include "tcp.h"

static char message[160];

static const char *failed(const char *what, uint32_t index)
{
	snprintf(message, sizeof(message), "%s %u: %s", what, index, strerror(errno));
	return message;
}

/* Writes [from, to) of a file, leaving holes out. */
static int write_part(int fd, const struct program *p, const struct buffer *b, uint64_t from,
		      uint64_t to)
{
	uint64_t at = 0;

	for (uint32_t i = 0; i < b->run_count && at < to; i++) {
		const uint32_t *run = p->run + RUN_WORDS * (b->run_first + i);
		uint64_t start = at > from ? at : from;
		uint64_t end = at + run[1];

		/* Runs side by side travel in one call, as one step of the initial content. */
		while (run[0] != RUN_HOLE && i + 1 < b->run_count && end < to &&
		       run[RUN_WORDS] != RUN_HOLE) {
			run += RUN_WORDS;
			i++;
			end += run[1];
		}
		at = end;
		if (end > to)
			end = to;
		if (run[0] == RUN_HOLE || start >= end)
			continue;
		if (pwrite(fd, b->bytes + start, end - start, (off_t)start) !=
		    (ssize_t)(end - start))
			return -1;
	}
	return 0;
}

static const char *prepare_file(const struct program *p, uint32_t index)
{
	const uint32_t *file = p->file + FILE_WORDS * index;
	const struct buffer *b = &p->buffer[file[0]];
	uint32_t order = file[1] == ORDER_PER_PAGE ? 0 : file[1];
	uint64_t step = (uint64_t)4096 << order;
	char name[16];
	int fd;

	snprintf(name, sizeof(name), "%u", index);
	fd = openat(FD_FOLDER, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (fd < 0)
		return failed("could not create file", index);
	if (fd != FD_FIRST + (int)index)
		return "a declared file got another descriptor";
	for (uint64_t from = 0; from < b->len_bytes; from += step)
		if (write_part(fd, p, b, from,
			       from + step < b->len_bytes ? from + step : b->len_bytes))
			return failed("could not write file", index);
	if (b->run_count && p->run[RUN_WORDS * (b->run_first + b->run_count - 1)] == RUN_HOLE &&
	    ftruncate(fd, (off_t)b->len_bytes))
		return failed("could not extend file", index);
	return NULL;
}

static const char *prepare_pipe(const struct program *p, uint32_t index)
{
	const uint32_t *words = p->pipe + PIPE_WORDS * index;
	int want = FD_FIRST + (int)(p->files + 2 * index);
	int fds[2];

	if (syscall(SYS_pipe2, fds, pipe_flags(words[0])))
		return failed("could not make pipe", index);
	if (fds[0] != want || fds[1] != want + 1)
		return "a declared pipe got other descriptors";
	if (words[1] && fcntl(fds[1], F_SETPIPE_SZ, words[1]) < 0)
		return failed("could not set the size of pipe", index);
	return NULL;
}

static int make_pair(uint32_t kind, int type, int fds[2])
{
	if (kind == SOCKET_TCP)
		return tcp_pair(type, fds);
	return kind == SOCKET_UDP ? udp_pair(type, fds) : socketpair(AF_UNIX, type, 0, fds);
}

static const char *prepare_socket(const struct program *p, uint32_t index)
{
	const uint32_t *words = p->socket + SOCKET_WORDS * index;
	int want = FD_FIRST + (int)(p->files + 2 * p->pipes + 2 * index);
	int fds[2];

	if (make_pair(words[1], socket_type(words[1], words[0]), fds))
		return failed("could not make socket", index);
	if (fds[0] != want || fds[1] != want + 1)
		return "a declared socket got other descriptors";
	return NULL;
}

const char *state_prepare(const struct program *p)
{
	const char *why = NULL;

	for (uint32_t i = 0; !why && i < p->files; i++)
		why = prepare_file(p, i);
	for (uint32_t i = 0; !why && i < p->pipes; i++)
		why = prepare_pipe(p, i);
	for (uint32_t i = 0; !why && i < p->sockets; i++)
		why = prepare_socket(p, i);
	return why;
}

/* Reads `count` bytes; from a file at offsets, from a pipe as they come. NULL: could not. */
static const uint8_t *read_all(int fd, uint64_t count, bool file)
{
	uint8_t *bytes = arena_take(count ? count : 1);
	uint64_t got = 0;

	while (bytes && got < count) {
		ssize_t n = file ? pread(fd, bytes + got, count - got, (off_t)got)
				 : read(fd, bytes + got, count - got);

		if (n <= 0)
			return NULL;
		got += (uint64_t)n;
	}
	return bytes;
}

static const char *report_file(struct reply *r, int fd, uint32_t key, uint32_t kind)
{
	const uint8_t *bytes;
	struct stat st;

	if (fstat(fd, &st))
		return failed("could not look at final file", key);
	if ((uint64_t)st.st_size > FINAL_BYTES_MAX)
		return "a final file is longer than 64 MiB";
	bytes = read_all(fd, (uint64_t)st.st_size, true);
	if (!bytes)
		return "a final file could not be read";
	reply_content(r, key, kind, bytes, (size_t)st.st_size);
	return NULL;
}

/*
 * Files that were opened to be reported. They are closed after the pipes were drained: a file system may write back
 * when a description is gone, and zero what a pipe still shows behind i_size (xfs_file_release()).
 */
static struct {
	int fd[2 * OWN_FD_FIRST];
	uint32_t count;
} opened;

static void close_opened(void)
{
	while (opened.count)
		close(opened.fd[--opened.count]);
}

static const char *report_named(const struct program *p, struct reply *r, uint32_t *count)
{
	for (uint32_t i = 0; i < p->names; i++) {
		const char *why;
		struct stat st;
		char name[16];
		int fd;

		snprintf(name, sizeof(name), "%u", i);
		/* To open a FIFO would wake who waits for that. */
		if (!fstatat(FD_FOLDER, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISFIFO(st.st_mode))
			continue;
		fd = openat(FD_FOLDER, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
		if (fd < 0 && errno == ENOENT)
			continue;
		if (fd < 0)
			return failed("could not open final file", i);
		opened.fd[opened.count++] = fd;
		why = report_file(r, fd, i, WIRE_KEY_NAME);
		if (why)
			return why;
		(*count)++;
	}
	return NULL;
}

/* Where the things behind the descriptors were seen first. */
struct seen {
	struct {
		dev_t dev;
		ino_t ino;
	} at[OWN_FD_FIRST];
	uint32_t count;
};

static bool seen_before(struct seen *seen, const struct stat *st)
{
	for (uint32_t i = 0; i < seen->count; i++)
		if (seen->at[i].dev == st->st_dev && seen->at[i].ino == st->st_ino)
			return true;
	seen->at[seen->count].dev = st->st_dev;
	seen->at[seen->count++].ino = st->st_ino;
	return false;
}

static const char *report_unnamed(struct reply *r, int fd)
{
	char path[32];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDONLY);
	if (again < 0)
		return failed("could not reopen descriptor", (uint32_t)fd);
	opened.fd[opened.count++] = again;
	return report_file(r, again, (uint32_t)fd, WIRE_KEY_FD);
}

static const char *report_pipe(struct reply *r, int fd)
{
	const uint8_t *bytes;
	int count;

	if (sends_messages(fd))
		return report_messages(r, fd);
	if (ioctl(fd, FIONREAD, &count))
		return failed("could not ask the pipe or socket of descriptor", (uint32_t)fd);
	bytes = read_all(fd, (uint64_t)count, false);
	if (!bytes)
		return failed("could not drain the pipe or socket of descriptor", (uint32_t)fd);
	reply_content(r, (uint32_t)fd, WIRE_KEY_FD, bytes, (size_t)count);
	return NULL;
}

/* The nameless files, and the read ends of pipes that no call may have locked, each by its lowest descriptor. */
struct open_fds {
	int file[OWN_FD_FIRST], pipe[OWN_FD_FIRST];
	uint32_t files, pipes;
};

static void find_open(const struct program *p, struct open_fds *found)
{
	static struct seen seen;

	seen.count = 0;
	found->files = 0;
	found->pipes = 0;
	for (int fd = FD_FIRST, end = program_fd_end(p); fd < end; fd++) {
		struct stat st;

		if (fstat(fd, &st))
			continue;
		if (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)) {
			bool reads = S_ISSOCK(st.st_mode) ||
				     (fcntl(fd, F_GETFL) & O_ACCMODE) != O_WRONLY;

			if (reads && !locks_cover(p, &st) && !seen_before(&seen, &st))
				found->pipe[found->pipes++] = fd;
		} else if (S_ISREG(st.st_mode) && !st.st_nlink && !seen_before(&seen, &st)) {
			found->file[found->files++] = fd;
		}
	}
}

const char *state_report(const struct program *p, struct reply *r, struct wire_outcome *counts)
{
	static struct open_fds open;
	const char *why = report_named(p, r, &counts->files);

	find_open(p, &open);
	for (uint32_t i = 0; !why && i < open.files; i++)
		why = report_unnamed(r, open.file[i]);
	for (uint32_t i = 0; !why && i < open.pipes; i++)
		why = report_pipe(r, open.pipe[i]);
	close_opened();
	counts->files += open.files;
	counts->pipes += open.pipes;
	return why;
}

struct entry {
	uint64_t ino;
	int64_t off;
	uint16_t len;
	uint8_t type;
	char name[];
};

/* Unlinks what the folder holds. Returns how many entries there were, or -1. */
static int unlink_all(void)
{
	char list[8192] __attribute__((aligned(8)));
	int found = 0;
	long n;

	if (lseek(FD_FOLDER_LIST, 0, SEEK_SET) < 0)
		return -1;
	while ((n = syscall(SYS_getdents64, FD_FOLDER_LIST, list, sizeof(list))) > 0)
		for (long at = 0; at < n;) {
			struct entry *e = (struct entry *)(list + at);

			at += e->len;
			if (!strcmp(e->name, ".") || !strcmp(e->name, ".."))
				continue;
			if (unlinkat(FD_FOLDER_LIST, e->name, 0))
				return -1;
			found++;
		}
	return n < 0 ? -1 : found;
}

const char *state_clean_folder(void)
{
	int found = unlink_all();

	while (found > 0)
		found = unlink_all();
	return found ? failed("could not empty the folder", 0) : NULL;
}

/* poll(2) looks each number up in the table: POLLNVAL means that it is free. */
static bool fds_are_free(int end)
{
	static struct pollfd all[OWN_FD_FIRST - FD_FIRST];
	int count = end - FD_FIRST;

	for (int i = 0; i < count; i++)
		all[i].fd = FD_FIRST + i;
	if (poll(all, (nfds_t)count, 0) != count)
		return false;
	for (int i = 0; i < count; i++)
		if (all[i].revents != POLLNVAL)
			return false;
	return true;
}

const char *state_check_table(void)
{
	return fds_are_free(OWN_FD_FIRST) ? NULL : "a descriptor is still open";
}

const char *state_clean(const struct program *p)
{
	int end = program_fd_end(p);
	const char *why;

	tcp_abort(p);
	if (end > FD_FIRST && syscall(SYS_close_range, FD_FIRST, end - 1, 0))
		return "could not close the descriptors";
	why = state_clean_folder();
	if (!why && !fds_are_free(end))
		why = "a descriptor is still open";
	return why;
}

uint64_t state_mapped_pages(void)
{
	char text[128];
	ssize_t n = pread(FD_STATM, text, sizeof(text) - 1, 0);

	if (n <= 0)
		die("statm");
	text[n] = 0;
	return strtoull(text, NULL, 10);
}
