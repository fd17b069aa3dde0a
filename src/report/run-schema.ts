// The objects that tell of one run: its calls, what the kernel did on its own, the run, folios, divergences, errors.
//
// Interface: the schemas; runBytes, bytesOf (runs of equal bytes). Of a kernel's runs, all schedules: kernel-run.ts.

import * as v from "valibot";
import { PRICE_NAMES } from "../trace/price.js";
import { head } from "./json.js";

const byte = v.pipe(v.number(), v.integer());
/** Equal bytes; each of them one of several where copies may tear (`--tear on`). */
const run = v.union([
  v.strictObject({ byte, lenBytes: v.number() }),
  v.strictObject({ oneOf: v.array(byte), lenBytes: v.number() }),
]);

/** One call and what it gave. Data is in runs of equal bytes. */
export const callSchema = v.strictObject({
  ...head("call"),
  thread: v.string(),
  text: v.string(),
  status: v.picklist(["returned", "blocked", "not-started"]),
  /** Where a run that was left midway left it, in words. */
  left: v.optional(v.string()),
  ret: v.optional(v.number()),
  errno: v.optional(v.string()),
  out: v.optional(v.number()),
  data: v.optional(v.array(run)),
  sigpipe: v.boolean(),
});

/** A step that the kernel took on its own, between the calls. */
export const backgroundSchema = v.strictObject({
  ...head("background"),
  actor: v.string(),
  step: v.string(),
  /** The bytes that it read. */
  data: v.optional(v.array(run)),
});

/** One run of a scenario; the calls stand before it, one line each. */
export const runSchema = v.strictObject({
  ...head("run"),
  scenario: v.string(),
  on: v.picklist(["model", "kernel"]),
  profile: v.string(),
  policy: v.string(),
  /** Whether the condition holds of this run; on a kernel, of all runs together. */
  condition: v.nullable(v.union([v.boolean(), v.literal("unknown")])),
  /** The threads in the order in which they start their calls, where several orders were run. */
  schedule: v.optional(v.array(v.string())),
  /** Runs, after the filter, in which the condition's proposition is true, false, or cannot be told. */
  positive: v.optional(v.number()),
  negative: v.optional(v.number()),
  unknown: v.optional(v.number()),
  /** Results that differ from the author's `= result`. */
  unexpected: v.array(v.string()),
  unmodelled: v.optional(v.string()),
  /** Where the run was left before it was over, by a token that ends there. */
  midway: v.optional(v.string()),
  /** Who could step next there, and what its step would be. */
  next: v.optional(v.array(v.string())),
  /** Sentences: who waited, and where the run left the schedule that was asked for. */
  notes: v.optional(v.array(v.string())),
  /** What the policy cost, on the model. */
  price: v.optional(v.strictObject(v.entriesFromList(PRICE_NAMES, v.number()))),
  token: v.optional(v.string()),
});

/** With --whitebox: a folio at one moment, as the kernel counts it and as the model does. */
export const folioSchema = v.strictObject({
  ...head("folio"),
  /** "at the start", "after client:a". */
  moment: v.string(),
  /** The model's number of it; absent where the model has none. */
  frame: v.optional(v.number()),
  order: v.number(),
  where: v.string(),
  refs: v.number(),
  /** Page table entries. */
  mapped: v.optional(v.number()),
  /** The counts that the model allows. */
  allowed: v.array(v.number()),
  terms: v.string(),
  state: v.string(),
});

/** A case in which the kernel did what the model does not allow. */
export const divergenceSchema = v.strictObject({
  ...head("divergence"),
  /** Its number in the sequence of random programs. */
  index: v.optional(v.number()),
  /** The scenario, shrunk where it was a random one. */
  text: v.string(),
  /** The threads in the order in which they start their calls. */
  schedule: v.array(v.string()),
  differences: v.array(v.string()),
  /** Where a random one was saved. */
  file: v.optional(v.string()),
});

/** A remark, and where it belongs; lines and columns from 1. */
export const placed = {
  file: v.string(),
  line: v.number(),
  column: v.number(),
  severity: v.picklist(["error", "warning"]),
  message: v.string(),
  remedy: v.optional(v.string()),
};

/** Why a command could not run; the exit code is 3. */
export const errorSchema = v.strictObject({
  ...head("error"),
  message: v.string(),
  remedy: v.optional(v.string()),
  /** What is wrong with a text, where that is the reason. */
  diagnostics: v.optional(v.array(v.strictObject(placed))),
});
