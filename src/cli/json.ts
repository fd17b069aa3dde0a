// What --json prints: one object per line, each with the version and the kind of the object.
//
// Interface: JSON_VERSION, jsonLine and the schemas. A field is added without a new version; a field
// that goes or changes its meaning raises JSON_VERSION.

import * as v from "valibot";
import { PRICE_NAMES } from "../trace/price.js";

/** The version of every object below. */
export const JSON_VERSION = 1;

const head = <Kind extends string>(kind: Kind) => ({
  splicelab: v.literal(JSON_VERSION),
  kind: v.literal(kind),
});

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

const placed = {
  file: v.string(),
  line: v.number(),
  column: v.number(),
  severity: v.picklist(["error", "warning"]),
  message: v.string(),
  remedy: v.optional(v.string()),
};

/** One remark about a text. */
export const diagnosticSchema = v.strictObject({ ...head("diagnostic"), ...placed });

/** Why a command could not run; the exit code is 3. */
export const errorSchema = v.strictObject({
  ...head("error"),
  message: v.string(),
  remedy: v.optional(v.string()),
  /** What is wrong with a text, where that is the reason. */
  diagnostics: v.optional(v.array(v.strictObject(placed))),
});

/** One row of `list`. */
export const rowSchema = v.strictObject({
  ...head("row"),
  of: v.picklist(["policies", "profiles", "calls", "claims"]),
  name: v.string(),
  text: v.string(),
  /** What a policy marks, who copies and who waits, what callers see. */
  mechanism: v.optional(
    v.strictObject(v.entriesFromList(["marks", "copies", "waits", "sees"], v.string())),
  ),
});

/** One row of `doctor`. */
export const featureSchema = v.strictObject({
  ...head("feature"),
  name: v.string(),
  found: v.boolean(),
  detail: v.string(),
  why: v.string(),
  remedy: v.optional(v.string()),
});

/** One scenario compared with the kernel, or a batch of random ones. */
export const crossCheckSchema = v.strictObject({
  ...head("cross-check"),
  /** The file system that was tested: "ext4". */
  fileSystem: v.string(),
  programs: v.number(),
  divergences: v.number(),
  unmodelled: v.number(),
  failed: v.number(),
  /** On which the core trapped, if any: a defect of splicelab. */
  trapped: v.optional(v.number()),
  perSecond: v.number(),
  seed: v.optional(v.number()),
  /** Number of the first program of the sequence. */
  from: v.optional(v.number()),
  /** All programs that were asked for are done. */
  complete: v.optional(v.boolean()),
  /** With --whitebox: moments between calls at which the kernel's own state was compared. */
  moments: v.optional(v.number()),
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

/** One file of `test`. */
export const testSchema = v.strictObject({
  ...head("test"),
  file: v.string(),
  policy: v.string(),
  passed: v.boolean(),
  differences: v.array(v.string()),
});

/** One scenario of `test --on kernel`. */
export const kernelTestSchema = v.strictObject({
  ...head("kernel-test"),
  file: v.string(),
  /** The profile that was found: "6.18/xfs". */
  profile: v.string(),
  status: v.picklist(["passed", "failed", "skipped"]),
  /** What is wrong, or why it was skipped. */
  lines: v.array(v.string()),
  /** Of the condition's proposition, where a kernel can tell. */
  observation: v.optional(v.string()),
});

/** A schedule, and whether none is cheaper. */
const witness = v.strictObject({
  minimal: v.boolean(),
  preemptions: v.number(),
  /** The task of each step. */
  schedule: v.array(v.number()),
  token: v.string(),
});

/** A search over all schedules of a scenario, or a sample of them. */
export const exploreSchema = v.strictObject({
  ...head("explore"),
  scenario: v.string(),
  profile: v.string(),
  policy: v.string(),
  tear: v.picklist(["on", "off"]),
  verdict: v.picklist(["complete", "bounded", "sampled", "unmodelled"]),
  /** What the verdict's word means here. */
  because: v.string(),
  condition: v.nullable(v.union([v.boolean(), v.literal("unknown")])),
  observation: v.picklist(["Always", "Sometimes", "Never"]),
  positive: v.number(),
  negative: v.number(),
  /** Of scenario, profile, policy and whether copies may tear. */
  hash: v.string(),
  seconds: v.number(),
  search: v.optional(
    v.strictObject({
      states: v.number(),
      transitions: v.number(),
      frontier: v.number(),
      depth: v.number(),
      finals: v.number(),
      bytes: v.number(),
      /** All states, about, of a search that was cut off. */
      statesAbout: v.optional(v.number()),
    }),
  ),
  /** One part of a search that was split, from 0; `whole`: it was searched to its end. */
  shard: v.optional(v.strictObject({ shard: v.number(), shards: v.number(), whole: v.boolean() })),
  outcomes: v.array(
    v.strictObject({
      /** Equal for equal outcomes, from whatever search. */
      key: v.string(),
      /** What it shows of what the scenario names. */
      shows: v.string(),
      holds: v.boolean(),
      /** A call is blocked and nobody can go on. */
      blocked: v.boolean(),
      /** Absent where none was looked for (--witness) or found. */
      witness: v.optional(witness),
      /** A call is blocked although what it sleeps over is there. */
      lostWake: v.optional(v.literal(true)),
      drawn: v.optional(v.number()),
    }),
  ),
  /** Threads that can come to wait for a folio that a pipe or a socket holds; the witness ends there. */
  waits: v.optional(
    v.array(
      v.strictObject({
        thread: v.string(),
        /** Absent, as the next two, where a search by fingerprints kept no way. */
        call: v.optional(v.string()),
        /** "pipe p", "socket s.b", "wire w". */
        holders: v.optional(v.array(v.string())),
        witness: v.optional(witness),
      }),
    ),
  ),
});

/** A line of --json: checked against its schema, so that the schema is never wrong. */
export function jsonLine<Schema extends v.GenericSchema>(
  schema: Schema,
  value: Omit<v.InferInput<Schema>, "splicelab">,
): string {
  return JSON.stringify(v.parse(schema, { splicelab: JSON_VERSION, ...value }));
}
