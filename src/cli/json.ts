// What --json prints beside runs (src/report/): the objects of the other commands.
//
// Interface: the schemas. JSON_VERSION and the rule for a new one: src/report/json.ts.

import * as v from "valibot";
import { closedWindow, retransmission } from "../kernel/late-bytes.js";
import { head } from "../report/json.js";
import { placed } from "../report/run-schema.js";

/** One remark about a text. */
export const diagnosticSchema = v.strictObject({ ...head("diagnostic"), ...placed });

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

/** Of `kernel --retransmit`: where and on what, and a run of the model that does the same, null if there is none. */
const sentHere = { kernel: v.string(), fileSystem: v.string(), token: v.nullable(v.string()) };
export const retransmissionSchema = v.strictObject({
  ...head("retransmission"),
  ...retransmission.entries,
  ...sentHere,
});
export const closedWindowSchema = v.strictObject({
  ...head("closed-window"),
  ...closedWindow.entries,
  ...sentHere,
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
