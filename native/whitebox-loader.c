// SPDX-License-Identifier: MIT
/*
 * Gives an executor the white box: loads whitebox.bpf.c, links it to this process, and becomes the executor.
 *
 *   loader OBJECT EXECUTOR FOLDER
 *
 * Loading needs CAP_BPF and CAP_PERFMON. The link needs no right once it is open: the executor drops root and makes one
 * iterator after the other from it. The link is to this process number, which exec keeps; no other process is
 * looked at, as a look holds every file for a moment.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

/* Warnings only: what is said goes to people. */
static int say(enum libbpf_print_level level, const char *format, va_list args)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, format, args) : 0;
}

/* Returns the descriptor of a link, or -1. */
static int open_link(const char *path)
{
	union bpf_iter_link_info info = { .task.pid = (__u32)getpid() };
	LIBBPF_OPTS(bpf_iter_attach_opts, opts, .link_info = &info, .link_info_len = sizeof(info));
	struct bpf_object *object = bpf_object__open_file(path, NULL);
	struct bpf_program *program;
	struct bpf_link *link;

	if (!object || bpf_object__load(object))
		return -1;
	program = bpf_object__find_program_by_name(object, "whitebox");
	link = program ? bpf_program__attach_iter(program, &opts) : NULL;
	return link ? dup(bpf_link__fd(link)) : -1; /* without FD_CLOEXEC */
}

int main(int argc, char **argv)
{
	char number[16];
	int fd;

	if (argc != 4) {
		fprintf(stderr, "usage: loader OBJECT EXECUTOR FOLDER\n");
		return 2;
	}
	libbpf_set_print(say);
	fd = open_link(argv[1]);
	if (fd < 0) {
		perror("loader: the white box");
		return 3;
	}
	snprintf(number, sizeof(number), "%d", fd);
	execl(argv[2], argv[2], argv[3], number, (char *)NULL);
	perror("loader: the executor");
	return 2;
}
