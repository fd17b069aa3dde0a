// Policies: what could be done about pages that travel by reference, as a word of decisions.
//
// Interface: Policy, POLICIES, PolicyName, POLICY_OPTIONS, parsePolicy, letsWait. The decision points' meanings stand in
// assembly/abi/decisions.ts, what a kernel would have to do in mechanisms.ts. Anyone combines their own: `cow,lock=no` is `cow-nolock`.

import * as decide from "../../assembly/abi/decisions.js";
import { parseNamed, type Named, type Option } from "./options.js";

/** A way to treat spliced pages. */
export type Policy = Named;

/** The decision points by name. */
export const POLICY_OPTIONS: readonly Option[] = [
  {
    name: "splice",
    doc: "what splice(file, pipe) puts into a slot: the folio, a private copy, or the folio out of the cache",
    mask: decide.DECIDE_SPLICE_MASK << decide.DECIDE_SPLICE_SHIFT,
    values: {
      share: decide.SPLICE_SHARE << decide.DECIDE_SPLICE_SHIFT,
      copy: decide.SPLICE_COPY << decide.DECIDE_SPLICE_SHIFT,
      steal: decide.SPLICE_STEAL << decide.DECIDE_SPLICE_SHIFT,
    },
  },
  {
    name: "mark",
    doc: "how a folio knows of references from outside the page cache: a count, a flag that a lone reference clears, a flag that is cleared late",
    mask: decide.DECIDE_MARK_MASK << decide.DECIDE_MARK_SHIFT,
    values: {
      none: decide.MARK_NONE << decide.DECIDE_MARK_SHIFT,
      count: decide.MARK_COUNT << decide.DECIDE_MARK_SHIFT,
      flag: decide.MARK_FLAG << decide.DECIDE_MARK_SHIFT,
      late: decide.MARK_LATE << decide.DECIDE_MARK_SHIFT,
    },
  },
  {
    name: "lock",
    doc: "whether splice takes the folio lock while it takes a slot's reference and marks",
    mask: decide.DECIDE_LOCK_MASK << decide.DECIDE_LOCK_SHIFT,
    values: { no: 0, folio: 1 << decide.DECIDE_LOCK_SHIFT },
  },
  {
    name: "write",
    doc: "what a write does to a marked folio: modify it, replace it by a copy first, or wait",
    mask: decide.DECIDE_WRITE_MASK << decide.DECIDE_WRITE_SHIFT,
    values: {
      "in-place": decide.WRITE_IN_PLACE << decide.DECIDE_WRITE_SHIFT,
      replace: decide.WRITE_REPLACE << decide.DECIDE_WRITE_SHIFT,
      wait: decide.WRITE_WAIT << decide.DECIDE_WRITE_SHIFT,
    },
  },
  {
    name: "truncate",
    doc: "what truncate does to the tail of a marked folio: zero it, replace the folio first, or wait",
    mask: decide.DECIDE_TRUNCATE_MASK << decide.DECIDE_TRUNCATE_SHIFT,
    values: {
      zero: decide.TRUNCATE_ZERO << decide.DECIDE_TRUNCATE_SHIFT,
      replace: decide.TRUNCATE_REPLACE << decide.DECIDE_TRUNCATE_SHIFT,
      wait: decide.TRUNCATE_WAIT << decide.DECIDE_TRUNCATE_SHIFT,
    },
  },
  {
    name: "send",
    doc: "what a socket or a wire takes from a slot: the page, or a private copy of it",
    mask: decide.DECIDE_SEND_MASK << decide.DECIDE_SEND_SHIFT,
    values: {
      share: decide.SEND_SHARE << decide.DECIDE_SEND_SHIFT,
      copy: decide.SEND_COPY << decide.DECIDE_SEND_SHIFT,
    },
  },
  {
    name: "counts",
    doc: "which references from outside the page cache mark a folio: all, or those of frags, from the send on",
    mask: decide.DECIDE_COUNTS_MASK << decide.DECIDE_COUNTS_SHIFT,
    values: {
      all: decide.COUNTS_ALL << decide.DECIDE_COUNTS_SHIFT,
      frags: decide.COUNTS_FRAGS << decide.DECIDE_COUNTS_SHIFT,
    },
  },
  {
    name: "protect",
    doc: "whether marking a folio write-protects the page table entries that map it",
    mask: decide.DECIDE_PROTECT_MASK << decide.DECIDE_PROTECT_SHIFT,
    values: {
      none: decide.PROTECT_NONE << decide.DECIDE_PROTECT_SHIFT,
      ptes: decide.PROTECT_PTES << decide.DECIDE_PROTECT_SHIFT,
    },
  },
];

const LOCKED = 1 << decide.DECIDE_LOCK_SHIFT;
const REPLACES =
  (decide.WRITE_REPLACE << decide.DECIDE_WRITE_SHIFT) |
  (decide.TRUNCATE_REPLACE << decide.DECIDE_TRUNCATE_SHIFT);
const WAITS =
  (decide.WRITE_WAIT << decide.DECIDE_WRITE_SHIFT) |
  (decide.TRUNCATE_WAIT << decide.DECIDE_TRUNCATE_SHIFT);
const mark = (kind: number): number => kind << decide.DECIDE_MARK_SHIFT;
const PROTECTS = decide.PROTECT_PTES << decide.DECIDE_PROTECT_SHIFT;

/** The named policies. */
export const POLICIES = [
  {
    name: "linux",
    doc: "Pages travel by reference: a slot points at the page-cache folio, and every modifier changes it in place.",
    word: 0,
  },
  {
    name: "copy",
    doc: "splice copies: a slot owns a private page from the start. Safe, and the cost that splice is there to avoid.",
    word: decide.SPLICE_COPY << decide.DECIDE_SPLICE_SHIFT,
  },
  {
    name: "sink-copy",
    doc: "The destination copies: a socket takes the bytes of a slot's page as they are when it is sent. A pipe shares as before.",
    word: decide.SEND_COPY << decide.DECIDE_SEND_SHIFT,
  },
  {
    name: "steal",
    doc: "splice takes the folio out of the page cache, after writing it back, and copies where somebody else holds it.",
    word: (decide.SPLICE_STEAL << decide.DECIDE_SPLICE_SHIFT) | LOCKED,
  },
  {
    name: "stable",
    doc: "Stable pages: whoever modifies a page in place waits until nobody outside the page cache holds it.",
    word: mark(decide.MARK_COUNT) | LOCKED | WAITS | PROTECTS,
  },
  {
    name: "stable-io",
    doc: "Stable pages for the time of the transfer: a page is counted when a socket takes it, and who modifies it waits until the frag is gone. A pipe shares as before.",
    word:
      mark(decide.MARK_COUNT) |
      LOCKED |
      WAITS |
      PROTECTS |
      (decide.COUNTS_FRAGS << decide.DECIDE_COUNTS_SHIFT),
  },
  {
    name: "cow",
    doc:
      "The IOMAP_F_SHARED-style flag: slots and splice batches are counted on the folio, under its lock; " +
      "write, truncate, punch and store put a copy into the page cache before they change a counted folio; " +
      "who maps it maps the copy then, and counting write-protects it, so that a store faults.",
    word: mark(decide.MARK_COUNT) | LOCKED | REPLACES | PROTECTS,
  },
  {
    name: "cow-mail",
    doc:
      "The mail's words taken literally: cow with one flag, which goes away when the reference count is 1 again. " +
      "Safe; where buffer heads are a reference too (ext4) a written folio never loses its flag.",
    word: mark(decide.MARK_FLAG) | LOCKED | REPLACES | PROTECTS,
  },
  {
    name: "cow-nolock",
    doc:
      "cow whose splice takes its reference without the folio lock. Wrong: the reference slips in between a " +
      "writer's look at the mark and its store.",
    word: mark(decide.MARK_COUNT) | REPLACES | PROTECTS,
  },
  {
    name: "cow-lostflag",
    doc:
      "cow whose count and flag change in two steps: who drops the count to zero clears the flag later. Wrong: " +
      "the flag of a reference that came in between is lost.",
    word: mark(decide.MARK_LATE) | LOCKED | REPLACES | PROTECTS,
  },
  {
    name: "cow-nopte",
    doc:
      "cow without the write-protection. Wrong: a store through a page that is mapped writable already meets no " +
      "fault and changes what sits in a pipe.",
    word: mark(decide.MARK_COUNT) | LOCKED | REPLACES,
  },
] as const satisfies readonly Policy[];

/** Their names. */
export type PolicyName = (typeof POLICIES)[number]["name"];

/** Whether whoever changes a file waits, under this policy, until nobody outside the page cache holds a folio. */
export function letsWait({ word }: Policy): boolean {
  const write = (word >> decide.DECIDE_WRITE_SHIFT) & decide.DECIDE_WRITE_MASK;
  const truncate = (word >> decide.DECIDE_TRUNCATE_SHIFT) & decide.DECIDE_TRUNCATE_MASK;
  return write === decide.WRITE_WAIT || truncate === decide.TRUNCATE_WAIT;
}

/** Reads `cow` or `cow,truncate=zero`. Throws UnknownName. */
export const parsePolicy = (text: string): Policy =>
  parseNamed("policy", text, POLICIES, POLICY_OPTIONS);
