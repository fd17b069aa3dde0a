/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Snapshots of the kernel's own state: records of one size, for each descriptor of the scenario in turn.
 *
 * A pipe gives one record, then one for each used slot from the tail on. A regular file gives one record, then one
 * for each page that is cached. Read by src/kernel/snapshot.ts; the layout is in docs/whitebox.md.
 */
#ifndef WHITEBOX_H
#define WHITEBOX_H

/* Descriptors that a scenario may have. */
#define WHITEBOX_FD_FIRST 3
#define WHITEBOX_FD_END 900
/* Pages of a file that are looked at: what one descriptor gives has to fit into an iterator's 32 KiB. */
#define WHITEBOX_PAGES_MAX 256

enum whitebox_what {
	WHITEBOX_PIPE = 1,
	WHITEBOX_SLOT = 2,
	WHITEBOX_FILE = 3,
	WHITEBOX_PAGE = 4,
};

/* Who holds the page of a slot, by its operations. */
enum whitebox_kind {
	WHITEBOX_OTHER = 0,
	WHITEBOX_ANON = 1,
	WHITEBOX_PAGECACHE = 2,
	WHITEBOX_DEFAULT = 3,
	WHITEBOX_ZERO = 4,
	WHITEBOX_USER = 5,
	WHITEBOX_SKB = 6,
};

/* Flags of a folio. */
#define WHITEBOX_LOCKED 0x1
#define WHITEBOX_UPTODATE 0x2
#define WHITEBOX_DIRTY 0x4
#define WHITEBOX_LRU 0x8
#define WHITEBOX_PRIVATE 0x10
#define WHITEBOX_WRITEBACK 0x20

/* 64 bytes. */
struct whitebox_record {
	unsigned int what;
	unsigned int fd;
	unsigned long long id; /* pipe, inode, or folio: equal numbers are the same one */
	union {
		struct {
			unsigned int head;
			unsigned int tail;
			unsigned int max_usage;
			unsigned int ring_size;
			unsigned int readers;
			unsigned int writers;
		} pipe;
		struct {
			unsigned long long bytes;  /* i_size */
			unsigned long long cached; /* pages in the page cache, looked at or not */
		} file;
		struct {
			unsigned int at;     /* counter of the slot, or index of the page in its file */
			unsigned int offset; /* the next four: of a slot */
			unsigned int len;
			unsigned int flags;
			unsigned int kind;
			unsigned int page; /* its number in the folio */
			unsigned int order;
			int refs;
			int mapped;
			unsigned int state;  /* WHITEBOX_LOCKED … */
			unsigned long long index; /* of the folio in its file */
		} folio;
	};
};

#endif
