// A scenario on one kernel and file system, in all its orders: what `kernel FILE --json` prints for the page to read.
//
// Interface: kernelRunSchema, KernelRun and its parts; scenarioHash, environmentSchema.
// It tells all that a cross-check needs, so that whoever reads it can do it again: the text, the environment, of each
// order what the calls gave, and with a white box what the kernel's structures held before the first call and after each.
// Made and read by kernel-data.ts. Numbers of pipes, files and folios mean nothing but "the same", within one moment.

import * as v from "valibot";
import { printProgram } from "../language/print.js";
import type { Program } from "../language/program.js";
import { shortHash } from "../trace/hash.js";
import { head } from "./json.js";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const whole = v.pipe(v.number(), v.integer());
const byte = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
const bytes = v.array(
  v.strictObject({ byte, lenBytes: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
);

/** What one call gave; `call` counts through all threads. */
export const callSeenSchema = v.strictObject({
  call: count,
  status: v.picklist(["returned", "blocked", "not-started"]),
  ret: v.optional(whole),
  /** "EAGAIN". */
  errno: v.optional(v.string()),
  /** The number that the kernel stored through a pointer. */
  out: v.optional(whole),
  data: v.optional(bytes),
  sigpipe: v.optional(v.literal(true)),
  /** Which pick of the schedule started it, and after which it had returned. */
  startedAt: v.optional(whole),
  returnedAt: v.optional(whole),
});

const FOLIO_FLAGS = ["locked", "writeback", "dirty", "uptodate", "lru", "private"] as const;

/** A folio: `_refcount`, page table entries, flags. */
export const folioSeenSchema = v.strictObject({
  folio: count,
  order: count,
  refs: whole,
  mapped: whole,
  flags: v.array(v.picklist(FOLIO_FLAGS)),
  /** Where it begins in its file, in pages. */
  index: count,
});

/** A used slot; `page` counts in its folio. */
export const slotSeenSchema = v.strictObject({
  counter: count,
  offset: count,
  lenBytes: count,
  flags: count,
  kind: v.picklist(["anon", "pagecache", "default", "zero", "user", "skb", "other"]),
  page: count,
  folio: count,
});

/** A pipe behind a descriptor. */
export const pipeSeenSchema = v.strictObject({
  fd: count,
  pipe: count,
  head: count,
  tail: count,
  maxUsage: count,
  readers: count,
  writers: count,
  slots: v.array(slotSeenSchema),
});

/** A regular file behind a descriptor, with its first cached pages. */
export const fileSeenSchema = v.strictObject({
  fd: count,
  file: count,
  sizeBytes: count,
  pages: v.array(v.strictObject({ index: count, page: count, folio: count })),
});

/** The kernel's structures between two calls. */
export const momentSeenSchema = v.strictObject({
  folios: v.array(folioSeenSchema),
  pipes: v.array(pipeSeenSchema),
  files: v.array(fileSeenSchema),
});

/** One order of the calls. */
export const orderSeenSchema = v.strictObject({
  /** The threads in the order in which they start their calls. */
  schedule: v.array(v.string()),
  verdict: v.picklist(["allowed", "diverged", "unmodelled", "trapped", "failed"]),
  /** In what it differs from all that the model allows, or why nobody can tell: the run left the model, the core
   *  trapped, or the kernel gave nothing. */
  because: v.optional(v.array(v.string())),
  /** By `call`; none where it failed. */
  calls: v.array(callSeenSchema),
  /** At the end; by name, or by descriptor. */
  files: v.array(
    v.strictObject({ name: v.optional(v.string()), fd: v.optional(count), data: bytes }),
  ),
  pipes: v.array(v.strictObject({ fd: count, data: bytes })),
  /** With a white box: before the first call, and after each. */
  moments: v.optional(v.array(momentSeenSchema)),
});

/** What a run depends on beside its text. */
export const environmentSchema = v.strictObject({
  capSysResource: v.boolean(),
  pipeMaxSizeBytes: count,
  pipeUserPagesSoft: count,
  pipeUserPagesHard: count,
  fileSizeLimitBytes: v.optional(count),
  pageSizeBytes: count,
});

/** One scenario on one kernel and file system. */
export const kernelRunSchema = v.strictObject({
  ...head("kernel-run"),
  scenario: v.string(),
  text: v.string(),
  /** Of what the scenario declares and calls: equal for texts that run alike. */
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  kernel: v.strictObject({
    /** As `uname -r` says it. */
    release: v.string(),
    machine: v.string(),
    fileSystem: v.string(),
  }),
  /** The day it was run: "2026-11-26". */
  date: v.pipe(v.string(), v.isoDate()),
  /** What was found, and what it was compared with. */
  found: v.string(),
  profile: v.string(),
  environment: environmentSchema,
  whitebox: v.boolean(),
  /** Every order of the calls was run. */
  complete: v.boolean(),
  orders: v.array(orderSeenSchema),
});

/** One scenario on one kernel and file system. */
export type KernelRun = v.InferOutput<typeof kernelRunSchema>;
/** One order of its calls. */
export type OrderSeen = v.InferOutput<typeof orderSeenSchema>;
/** The kernel's structures between two calls. */
export type MomentSeen = v.InferOutput<typeof momentSeenSchema>;

/** What tells scenarios apart that do not run alike: declarations and calls, in the canonical form. Comments, the
 *  sentence about it and its question are no part of it. */
export function scenarioHash(program: Program): string {
  const bare: { -readonly [Part in keyof Program]: Program[Part] } = { ...program };
  delete bare.condition;
  delete bare.filter;
  return shortHash(printProgram({ ...bare, doc: "", locations: [] }));
}
