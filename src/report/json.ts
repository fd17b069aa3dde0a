// What --json prints: one object per line, each with the version and the kind of the object.
//
// Interface: JSON_VERSION, head, jsonLine. A field is added without a new version; a field that goes or changes its
// meaning raises JSON_VERSION. Schemas: run-schema.ts and kernel-run.ts here, those of the other commands in src/cli/json.ts.

import * as v from "valibot";

/** The version of every object. */
export const JSON_VERSION = 1;

/** The first fields of an object of this kind. */
export const head = <Kind extends string>(kind: Kind) => ({
  splicelab: v.literal(JSON_VERSION),
  kind: v.literal(kind),
});

/** A line of --json: checked against its schema, so that the schema is never wrong. */
export function jsonLine<Schema extends v.GenericSchema>(
  schema: Schema,
  value: Omit<v.InferInput<Schema>, "splicelab">,
): string {
  return JSON.stringify(v.parse(schema, { splicelab: JSON_VERSION, ...value }));
}
