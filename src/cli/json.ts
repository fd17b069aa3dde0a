// What --json prints: one object per line, each with the version and the kind of the object.
//
// Interface: JSON_VERSION, jsonLine and the schemas. A field is added without a new version; a field
// that goes or changes its meaning raises JSON_VERSION.

import * as v from "valibot";

/** The version of every object below. */
export const JSON_VERSION = 1;

const head = <Kind extends string>(kind: Kind) => ({
  splicelab: v.literal(JSON_VERSION),
  kind: v.literal(kind),
});

const run = v.strictObject({ byte: v.pipe(v.number(), v.integer()), lenBytes: v.number() });

/** One call and what it gave. Data is in runs of equal bytes. */
export const callSchema = v.strictObject({
  ...head("call"),
  thread: v.string(),
  text: v.string(),
  status: v.picklist(["returned", "blocked", "not-started"]),
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
  token: v.optional(v.string()),
});

/** One remark about a text. */
export const diagnosticSchema = v.strictObject({
  ...head("diagnostic"),
  file: v.string(),
  line: v.number(),
  column: v.number(),
  severity: v.picklist(["error", "warning"]),
  message: v.string(),
  remedy: v.optional(v.string()),
});

/** One row of `list`. */
export const rowSchema = v.strictObject({
  ...head("row"),
  of: v.picklist(["policies", "profiles", "calls", "claims"]),
  name: v.string(),
  text: v.string(),
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
  programs: v.number(),
  divergences: v.number(),
  unmodelled: v.number(),
  failed: v.number(),
  perSecond: v.number(),
  seed: v.optional(v.number()),
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
});

/** One file of `test`. */
export const testSchema = v.strictObject({
  ...head("test"),
  file: v.string(),
  policy: v.string(),
  passed: v.boolean(),
  differences: v.array(v.string()),
});

/** A line of --json: checked against its schema, so that the schema is never wrong. */
export function jsonLine<Schema extends v.GenericSchema>(
  schema: Schema,
  value: Omit<v.InferInput<Schema>, "splicelab">,
): string {
  return JSON.stringify(v.parse(schema, { splicelab: JSON_VERSION, ...value }));
}
