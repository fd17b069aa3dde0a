// Policies: what could be done about pages that travel by reference, as a word of decisions.
//
// Interface: Policy, POLICIES, POLICY_OPTIONS, parsePolicy. The decision points' meanings stand in
// assembly/abi/decisions.ts.

import * as decide from "../../assembly/abi/decisions.js";
import { parseNamed, type Named, type Option } from "./options.js";

/** A way to treat spliced pages. */
export type Policy = Named;

/** The decision points by name. */
export const POLICY_OPTIONS: readonly Option[] = [
  {
    name: "splice",
    doc: "what splice(file, pipe) puts into a slot: the folio, or a private copy",
    mask: decide.DECIDE_SPLICE_MASK << decide.DECIDE_SPLICE_SHIFT,
    values: {
      share: decide.SPLICE_SHARE << decide.DECIDE_SPLICE_SHIFT,
      copy: decide.SPLICE_COPY << decide.DECIDE_SPLICE_SHIFT,
    },
  },
  {
    name: "mark",
    doc: "whether references from outside the page cache are counted on the folio (the flag)",
    mask: decide.DECIDE_MARK_MASK << decide.DECIDE_MARK_SHIFT,
    values: {
      none: decide.MARK_NONE << decide.DECIDE_MARK_SHIFT,
      count: decide.MARK_COUNT << decide.DECIDE_MARK_SHIFT,
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
    doc: "what a write does to a marked folio: modify it, or replace it by a copy first",
    mask: decide.DECIDE_WRITE_MASK << decide.DECIDE_WRITE_SHIFT,
    values: {
      "in-place": decide.WRITE_IN_PLACE << decide.DECIDE_WRITE_SHIFT,
      replace: decide.WRITE_REPLACE << decide.DECIDE_WRITE_SHIFT,
    },
  },
  {
    name: "truncate",
    doc: "what truncate does to the tail of a marked folio: zero it, or replace the folio first",
    mask: decide.DECIDE_TRUNCATE_MASK << decide.DECIDE_TRUNCATE_SHIFT,
    values: {
      zero: decide.TRUNCATE_ZERO << decide.DECIDE_TRUNCATE_SHIFT,
      replace: decide.TRUNCATE_REPLACE << decide.DECIDE_TRUNCATE_SHIFT,
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

/** A count of outside references on the folio, under its lock; every modifier replaces a counted folio. */
const COUNT_AND_REPLACE =
  (decide.MARK_COUNT << decide.DECIDE_MARK_SHIFT) |
  (1 << decide.DECIDE_LOCK_SHIFT) |
  (decide.WRITE_REPLACE << decide.DECIDE_WRITE_SHIFT) |
  (decide.TRUNCATE_REPLACE << decide.DECIDE_TRUNCATE_SHIFT);

/** The named policies. */
export const POLICIES: readonly Policy[] = [
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
    name: "cow",
    doc:
      "The IOMAP_F_SHARED-style flag: slots and splice batches are counted on the folio, under its lock; " +
      "write, truncate, punch and store put a copy into the page cache before they change a counted folio; " +
      "who maps it maps the copy then, and counting write-protects it, so that a store faults.",
    word: COUNT_AND_REPLACE | (decide.PROTECT_PTES << decide.DECIDE_PROTECT_SHIFT),
  },
  {
    name: "cow-nopte",
    doc: "cow without the write-protection: a store through a page that is mapped writable already meets no fault and changes what sits in a pipe.",
    word: COUNT_AND_REPLACE,
  },
];

/** Reads `cow` or `cow,truncate=zero`. Throws UnknownName. */
export const parsePolicy = (text: string): Policy =>
  parseNamed("policy", text, POLICIES, POLICY_OPTIONS);
