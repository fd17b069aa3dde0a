// Decision points of a policy: what could be done about pages that travel by reference.
//
// A policy is a word of these fields; the core knows the fields and no names. Names, values and
// prose stand in src/model/policies.ts.

/** What splice(file, pipe) puts into a slot. */
export const DECIDE_SPLICE_SHIFT = 0;
export const DECIDE_SPLICE_MASK = 0x3;
/** means: the slot points at the page-cache folio; sees: later writes; ends: on release. */
export const SPLICE_SHARE = 0;
/** means: the slot owns a copy made at splice time; sees: nothing later; ends: on release. */
export const SPLICE_COPY = 1;
/** means: the folio leaves the cache and the slot owns it, dirty content written to the disk first; a copy
 *  where somebody else holds it; sees: nothing later, and the next access to the file reads the disk. */
export const SPLICE_STEAL = 2;

/** How a folio knows of references from outside the page cache (the flag). */
export const DECIDE_MARK_SHIFT = 2;
export const DECIDE_MARK_MASK = 0x3;
/** means: no flag. */
export const MARK_NONE = 0;
/** means: a count of outside references; marked while it is above zero; changes with the reference. */
export const MARK_COUNT = 1;
/** means: one flag, set with every outside reference; ends: when a put leaves _refcount at 1. */
export const MARK_FLAG = 2;
/** means: a count and a flag, set with every outside reference; ends: whoever drops the count to zero
 *  clears the flag in a later step, without looking at the count again. */
export const MARK_LATE = 3;

/** Whether splice takes the folio lock for the step that takes a slot's reference and marks. */
export const DECIDE_LOCK_SHIFT = 4;
export const DECIDE_LOCK_MASK = 0x1;

/** What a write, or the write fault of a shared mapping, does to a marked folio. */
export const DECIDE_WRITE_SHIFT = 5;
export const DECIDE_WRITE_MASK = 0x3;
/** means: modify it; sees: everyone who holds the folio sees the new bytes. */
export const WRITE_IN_PLACE = 0;
/** means: put a copy into the cache first and modify that; ends: holders keep the old folio. */
export const WRITE_REPLACE = 1;
/** means: wait, before the folio is locked, until it is not marked; ends: with the last outside reference. */
export const WRITE_WAIT = 2;

/** What truncate, or a punched hole, does to the part of a marked folio that is cut off. */
export const DECIDE_TRUNCATE_SHIFT = 7;
export const DECIDE_TRUNCATE_MASK = 0x3;
/** means: zero it in place. */
export const TRUNCATE_ZERO = 0;
/** means: put a copy into the cache first and zero that. */
export const TRUNCATE_REPLACE = 1;
/** means: wait until it is not marked. */
export const TRUNCATE_WAIT = 2;

/** What a socket or a wire takes from a slot. */
export const DECIDE_SEND_SHIFT = 9;
export const DECIDE_SEND_MASK = 0x1;
/** means: the frag points at the slot's page; sees: later writes; ends: when the frag is dropped. */
export const SEND_SHARE = 0;
/** means: the frag owns a copy made as it is sent; sees: nothing later; ends: when the frag is dropped. */
export const SEND_COPY = 1;

/** Which references from outside the page cache mark a folio. */
export const DECIDE_COUNTS_SHIFT = 10;
export const DECIDE_COUNTS_MASK = 0x1;
/** means: those of slots, splice batches and frags. */
export const COUNTS_ALL = 0;
/** means: those of frags, from the step that sends a slot on; sees: what is in a pipe changes; ends: when the frag is dropped. */
export const COUNTS_FRAGS = 1;

/** Whether marking a folio write-protects the page table entries that map it. */
export const DECIDE_PROTECT_SHIFT = 16;
export const DECIDE_PROTECT_MASK = 0x1;
/** means: a mapping stays writable; sees: holders see stores that meet no fault. */
export const PROTECT_NONE = 0;
/** means: in the step that marks; ends: the next store faults, and the write decision is taken. */
export const PROTECT_PTES = 1;
