// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The white box: what the kernel itself knows of a process's pipes and files.
 *
 * An iterator over the open files of one process writes the records of whitebox.h. It reads without any lock:
 * what it tells is one moment only if no thread of the process is inside a call that moves.
 * The types below name only the members that are read; the loader finds where this kernel has them (CO-RE).
 *
 * Not seen: pages in the queues of sockets, files that no descriptor is open on.
 */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "whitebox.h"

#define S_IFMT 0170000
#define S_IFREG 0100000
#define S_IFIFO 0010000

/* Entries of an xarray, and its depth: include/linux/xarray.h. */
#define XA_CHUNK_SHIFT 6
#define XA_CHUNK_MASK 63
#define XA_DEPTH_MAX 11

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* The kernel's types. */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	int counter;
} atomic_t;

struct pipe_buf_operations {
	void *release;
	void *try_steal;
};

struct page {
	unsigned long flags;
	unsigned long compound_head;
};

/* Since 6.18 the flags are a structure. */
struct folio___6_18 {
	struct {
		unsigned long f;
	} flags;
};

struct folio {
	unsigned long flags;
	unsigned long index;
	atomic_t _mapcount;
	atomic_t _refcount;
	unsigned long _flags_1;
	atomic_t _large_mapcount;
};

struct pipe_buffer {
	struct page *page;
	unsigned int offset;
	unsigned int len;
	const struct pipe_buf_operations *ops;
	unsigned int flags;
};

struct pipe_inode_info {
	unsigned int head;
	unsigned int tail;
	unsigned int max_usage;
	unsigned int ring_size;
	unsigned int readers;
	unsigned int writers;
	struct pipe_buffer *bufs;
};

struct xa_node {
	unsigned char shift;
	void *slots[64];
};

struct xarray {
	void *xa_head;
};

struct address_space {
	struct xarray i_pages;
	unsigned long nrpages;
};

struct inode {
	unsigned short i_mode;
	long long i_size;
	struct pipe_inode_info *i_pipe;
};

struct file {
	struct inode *f_inode;
	struct address_space *f_mapping;
};

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	void *task;
	__u32 fd __attribute__((aligned(8)));
	struct file *file;
};

#pragma clang attribute pop

enum pageflags {
	PG_locked,
	PG_writeback,
	PG_head,
	PG_uptodate,
	PG_dirty,
	PG_lru,
	PG_private,
};

/* The operations of a slot are told apart by functions: the structures themselves have no symbols. */
extern const void anon_pipe_buf_release __ksym __weak;
extern const void page_cache_pipe_buf_release __ksym __weak;
extern const void generic_pipe_buf_try_steal __ksym __weak;
extern const void generic_pipe_buf_release __ksym __weak;
extern const void user_page_pipe_buf_try_steal __ksym __weak;
extern const void zero_pipe_buf_release __ksym __weak;

static __always_inline unsigned int kind_of(const struct pipe_buf_operations *ops)
{
	void *release = BPF_CORE_READ(ops, release);
	void *try_steal = BPF_CORE_READ(ops, try_steal);

	if (release == &anon_pipe_buf_release)
		return WHITEBOX_ANON;
	/* What vmsplice gives is released as a page of the cache. */
	if (try_steal == &user_page_pipe_buf_try_steal)
		return WHITEBOX_USER;
	if (release == &page_cache_pipe_buf_release)
		return WHITEBOX_PAGECACHE;
	if (release == &zero_pipe_buf_release)
		return WHITEBOX_ZERO;
	if (try_steal == &generic_pipe_buf_try_steal)
		return WHITEBOX_DEFAULT;
	/* What comes out of a socket cannot be stolen. */
	if (release == &generic_pipe_buf_release && !try_steal)
		return WHITEBOX_SKB;
	return WHITEBOX_OTHER;
}

#define HAS(flags, flag) ((flags) >> bpf_core_enum_value(enum pageflags, flag) & 1)

static __always_inline unsigned int state_of(unsigned long flags)
{
	return (HAS(flags, PG_locked) ? WHITEBOX_LOCKED : 0) |
	       (HAS(flags, PG_uptodate) ? WHITEBOX_UPTODATE : 0) |
	       (HAS(flags, PG_dirty) ? WHITEBOX_DIRTY : 0) |
	       (HAS(flags, PG_lru) ? WHITEBOX_LRU : 0) |
	       (HAS(flags, PG_private) ? WHITEBOX_PRIVATE : 0) |
	       (HAS(flags, PG_writeback) ? WHITEBOX_WRITEBACK : 0);
}

static __always_inline unsigned long flags_of(const struct folio *folio)
{
	const struct folio___6_18 *newer = (const void *)folio;

	if (bpf_core_field_exists(newer->flags.f))
		return BPF_CORE_READ(newer, flags.f);
	return BPF_CORE_READ(folio, flags);
}

/* What a page's folio is and who holds it. */
static __always_inline void tell_folio(struct whitebox_record *r, const struct page *page)
{
	unsigned long head = BPF_CORE_READ(page, compound_head);
	const struct folio *folio = (const void *)(head & 1 ? head - 1 : (unsigned long)page);
	unsigned long flags = flags_of(folio);

	r->id = (unsigned long)folio;
	r->folio.page = ((unsigned long)page - (unsigned long)folio) / bpf_core_type_size(struct page);
	r->folio.state = state_of(flags);
	r->folio.refs = BPF_CORE_READ(folio, _refcount.counter);
	r->folio.mapped = BPF_CORE_READ(folio, _mapcount.counter) + 1;
	if (HAS(flags, PG_head)) {
		r->folio.order = BPF_CORE_READ(folio, _flags_1) & 0xff;
		r->folio.mapped = BPF_CORE_READ(folio, _large_mapcount.counter) + 1;
	}
	r->folio.index = BPF_CORE_READ(folio, index);
}

struct slots {
	struct bpf_iter__task_file *ctx;
	struct pipe_buffer *bufs;
	unsigned int fd, tail, mask;
};

static long tell_slot(unsigned int i, struct slots *s)
{
	struct whitebox_record r = { .what = WHITEBOX_SLOT, .fd = s->fd };
	unsigned int at = (s->tail + i) & s->mask;
	const struct pipe_buffer *buf =
		(const void *)s->bufs + at * bpf_core_type_size(struct pipe_buffer);

	tell_folio(&r, BPF_CORE_READ(buf, page));
	r.folio.at = s->tail + i;
	r.folio.offset = BPF_CORE_READ(buf, offset);
	r.folio.len = BPF_CORE_READ(buf, len);
	r.folio.flags = BPF_CORE_READ(buf, flags);
	r.folio.kind = kind_of(BPF_CORE_READ(buf, ops));
	bpf_seq_write(s->ctx->meta->seq, &r, sizeof(r));
	return 0;
}

static __always_inline void tell_pipe(struct bpf_iter__task_file *ctx, struct pipe_inode_info *pipe)
{
	struct slots s = { .ctx = ctx, .fd = ctx->fd };
	struct whitebox_record r = { .what = WHITEBOX_PIPE, .fd = ctx->fd };

	r.id = (unsigned long)pipe;
	r.pipe.head = BPF_CORE_READ(pipe, head);
	r.pipe.tail = BPF_CORE_READ(pipe, tail);
	r.pipe.max_usage = BPF_CORE_READ(pipe, max_usage);
	r.pipe.ring_size = BPF_CORE_READ(pipe, ring_size);
	r.pipe.readers = BPF_CORE_READ(pipe, readers);
	r.pipe.writers = BPF_CORE_READ(pipe, writers);
	bpf_seq_write(ctx->meta->seq, &r, sizeof(r));
	s.bufs = BPF_CORE_READ(pipe, bufs);
	s.tail = r.pipe.tail;
	s.mask = r.pipe.ring_size - 1;
	bpf_loop(r.pipe.head - r.pipe.tail, tell_slot, &s, 0);
}

static __always_inline bool is_node(unsigned long entry)
{
	return (entry & 3) == 2 && entry > 4096;
}

/* Mirrors: xas_load(). Returns what the xarray holds at an index: a page, or 0. */
static __always_inline unsigned long load(unsigned long entry, unsigned long index)
{
	unsigned char shift = XA_CHUNK_SHIFT;
	struct xa_node *node;

	if (!is_node(entry))
		return index ? 0 : entry;
	for (int depth = 0; depth < XA_DEPTH_MAX && is_node(entry); depth++) {
		node = (struct xa_node *)(entry - 2);
		shift = BPF_CORE_READ(node, shift);
		if (depth == 0 && index >> shift > XA_CHUNK_MASK)
			return 0;
		bpf_core_read(&entry, sizeof(entry), &node->slots[index >> shift & XA_CHUNK_MASK]);
		/* A sibling: the number of the slot that has the entry. */
		if ((entry & 3) == 2 && entry < XA_CHUNK_MASK << 2)
			bpf_core_read(&entry, sizeof(entry), &node->slots[entry >> 2 & XA_CHUNK_MASK]);
	}
	return entry & 3 ? 0 : entry;
}

struct pages {
	struct bpf_iter__task_file *ctx;
	unsigned long root;
	unsigned int fd;
};

static long tell_page(unsigned int index, struct pages *p)
{
	struct whitebox_record r = { .what = WHITEBOX_PAGE, .fd = p->fd };
	unsigned long folio = load(p->root, index);

	if (!folio)
		return 0;
	tell_folio(&r, (const struct page *)folio);
	r.folio.at = index;
	r.folio.page = index - r.folio.index;
	bpf_seq_write(p->ctx->meta->seq, &r, sizeof(r));
	return 0;
}

static __always_inline void tell_file(struct bpf_iter__task_file *ctx, struct inode *inode,
				      struct address_space *mapping)
{
	struct pages p = { .ctx = ctx, .fd = ctx->fd };
	struct whitebox_record r = { .what = WHITEBOX_FILE, .fd = ctx->fd };

	p.root = (unsigned long)BPF_CORE_READ(mapping, i_pages.xa_head);
	r.id = (unsigned long)inode;
	r.file.bytes = BPF_CORE_READ(inode, i_size);
	r.file.cached = BPF_CORE_READ(mapping, nrpages);
	bpf_seq_write(ctx->meta->seq, &r, sizeof(r));
	if (r.file.cached)
		bpf_loop(WHITEBOX_PAGES_MAX, tell_page, &p, 0);
}

SEC("iter/task_file")
int whitebox(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct inode *inode;
	unsigned int type;

	if (!file || ctx->fd < WHITEBOX_FD_FIRST || ctx->fd >= WHITEBOX_FD_END)
		return 0;
	inode = BPF_CORE_READ(file, f_inode);
	type = BPF_CORE_READ(inode, i_mode) & S_IFMT;
	if (type == S_IFIFO)
		tell_pipe(ctx, BPF_CORE_READ(inode, i_pipe));
	else if (type == S_IFREG)
		tell_file(ctx, inode, BPF_CORE_READ(file, f_mapping));
	return 0;
}
