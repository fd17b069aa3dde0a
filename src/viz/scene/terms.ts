// What each element of the stage is, in the kernel's terms: the texts of the cards that explain.
//
// Interface: Term, TERMS, TermText.

/** The kinds of elements on the stage. */
export type Term =
  | "file"
  | "cache-entry"
  | "mapping"
  | "pte"
  | "folio"
  | "pipe"
  | "slot"
  | "zero-page"
  | "socket"
  | "frag"
  | "reader"
  | "run";

/** What a card says. */
export interface TermText {
  readonly title: string;
  /** The rule, in a sentence or two. */
  readonly rule: string;
  /** The kernel's structures and functions, as it spells them. */
  readonly names: readonly string[];
}

/** One text for each kind. */
export const TERMS: Readonly<Record<Term, TermText>> = {
  file: {
    title: "a file and its page cache",
    rule:
      "All reads, writes and mappings of a file meet in its page cache. A write holds i_rwsem " +
      "for the whole call; a splice from the file, as a read, takes no lock that would keep it out.",
    names: ["struct address_space", "inode->i_rwsem", "i_size_read()"],
  },
  "cache-entry": {
    title: "a page in the page cache",
    rule:
      "The cache holds one reference for each page. A page that leaves the cache, by truncation or " +
      "replacement, lives on as long as anybody else holds a reference.",
    names: ["address_space->i_pages", "filemap_get_folio()", "filemap_remove_folio()"],
  },
  mapping: {
    title: "a mapping",
    rule:
      "Memory of a process. Shared: a store changes the file's own folio. Private: the first store " +
      "to a page makes a copy that only this process sees.",
    names: ["struct vm_area_struct", "do_mmap()", "VM_SHARED"],
  },
  pte: {
    title: "a page table entry",
    rule:
      "It points at a folio and holds a reference. While it is writable a store needs no kernel at " +
      "all; without the right to write the store faults, and the file system is asked first.",
    names: ["pte_t", "do_wp_page()", "do_page_mkwrite()", "finish_fault()"],
  },
  folio: {
    title: "a folio",
    rule:
      "Physical memory: one page, or a power of two of them. A reference keeps it from being freed " +
      "and from nothing else: who holds one is not told when its bytes change.",
    names: ["struct folio", "folio->_refcount", "PG_dirty", "PG_private", "folio_put()"],
  },
  pipe: {
    title: "a pipe",
    rule:
      "A ring of slots with one mutex. It does not hold bytes: each slot says where bytes lie. A full " +
      "ring makes a writer sleep, an empty one a reader.",
    names: ["struct pipe_inode_info", "pipe->mutex", "pipe_full()", "pipe_wait_writable()"],
  },
  slot: {
    title: "a slot of the ring",
    rule:
      "A pointer at a page, an offset and a length. A splice from a file stores the pointer and takes a " +
      "reference; nothing is copied, so the slot shows whatever the page holds when it is read.",
    names: ["struct pipe_buffer", "splice_folio_into_pipe()", "pipe_buf_release()"],
  },
  "zero-page": {
    title: "a slot with the zero page",
    rule:
      "The kernel's one page of zeros stands for a hole of a file in memory. It needs no reference, and " +
      "what is written to the file later does not reach it.",
    names: ["ZERO_PAGE()", "splice_zeropage_into_pipe()", "struct pipe_buffer"],
  },
  socket: {
    title: "the queue of a socket",
    rule:
      "What was sent and not received or acknowledged yet. A splice into a socket passes pages on by " +
      "reference; a network card reads them when it sends, and once more when it sends again.",
    names: ["struct sk_buff", "sk_receive_queue", "skb_splice_from_iter()", "MSG_SPLICE_PAGES"],
  },
  frag: {
    title: "a frag of a socket buffer",
    rule:
      "A page, an offset and a length, with a reference of its own. As a slot it shows what the page " +
      "holds when it is received or sent, not what it held when it was spliced.",
    names: ["skb_frag_t", "skb_splice_from_iter()", "__skb_frag_unref()"],
  },
  reader: {
    title: "what a call got",
    rule:
      "Reading a pipe copies from the page that the slot points at, now. Only this copy is the " +
      "caller's own; until then the bytes belong to everybody who holds the page.",
    names: ["pipe_read()", "copy_page_to_iter()", "filemap_read()"],
  },
  run: {
    title: "bytes of one writer",
    rule:
      "Colour and pattern say who wrote them. A write copies into the cached folio in place, under the " +
      "folio lock, whoever else holds that folio.",
    names: ["generic_perform_write()", "copy_folio_from_iter_atomic()", "folio_lock()"],
  },
};
