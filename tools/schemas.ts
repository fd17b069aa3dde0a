// `npm run docs` writes docs/schemas/ with this: what `kernel FILE --json` and `run --json` print, as JSON Schema.
//
// Interface: SCHEMA_FILES, schemaText; run directly it writes the files. A test fails while one is stale.
// A schema is of one line. What made it stands in its comment.

import { toJsonSchema } from "@valibot/to-json-schema";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { format } from "prettier";
import type { GenericSchema } from "valibot";
import { kernelLineSchema, runLineSchema } from "../src/report/lines.js";
import { hashOf, inRoot, isMain } from "./paths.js";

/** A published schema, where it is kept and what it is of. */
interface Published {
  readonly file: string;
  readonly title: string;
  readonly schema: GenericSchema;
}

/** All of them. */
export const SCHEMA_FILES: readonly Published[] = [
  {
    file: "docs/schemas/kernel.schema.json",
    title: "A line of `splicelab kernel FILE --json`",
    schema: kernelLineSchema,
  },
  {
    file: "docs/schemas/run.schema.json",
    title: "A line of `splicelab run --json`",
    schema: runLineSchema,
  },
];

/** The text of a schema's file. */
export async function schemaText({ title, schema }: Published): Promise<string> {
  const body = toJsonSchema(schema, { target: "draft-2020-12" });
  const words = JSON.stringify(body);
  const hash = hashOf(["tools/schemas.ts"], [words]);
  const $comment = `sha256 of what made it: ${hash}. "npm run docs" writes it from src/report/.`;
  const text = JSON.stringify({ $schema: body.$schema, $comment, title, ...body });
  return format(text, { parser: "json", printWidth: 100 });
}

if (isMain(import.meta.url))
  for (const published of SCHEMA_FILES) {
    mkdirSync(dirname(inRoot(published.file)), { recursive: true });
    writeFileSync(inRoot(published.file), await schemaText(published));
  }
