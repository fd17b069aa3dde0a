// A search that was cut off, in a file: one line of JSON, then the parts of Search.checkpoint as they are.
//
// Interface: writeCheckpoint, readCheckpoint.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import * as v from "valibot";
import { CannotRun } from "../exit.js";
import { whyOf } from "../files.js";
import { JSON_VERSION } from "../../report/json.js";

const headSchema = v.strictObject({
  splicelab: v.literal(JSON_VERSION),
  kind: v.literal("checkpoint"),
  /** Of scenario, profile, policy and way of searching: what may go on with it. */
  hash: v.string(),
  parts: v.array(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** SHA-256 of the parts. */
  sum: v.string(),
});

const REMEDY = "name the file that --checkpoint wrote";

/** Writes a checkpoint. Throws CannotRun. */
export async function writeCheckpoint(
  file: string,
  hash: string,
  parts: readonly Uint8Array[],
): Promise<void> {
  const sizes = parts.map((part) => part.length);
  const sum = sumOf(parts);
  const head = { splicelab: JSON_VERSION, kind: "checkpoint", hash, parts: sizes, sum };
  try {
    await writeFile(file, [Buffer.from(`${JSON.stringify(head)}\n`), ...parts]);
  } catch (error) {
    throw new CannotRun(`${file} cannot be written: ${whyOf(error)}`);
  }
}

/** Reads a checkpoint of the same search. Throws CannotRun. */
export async function readCheckpoint(file: string, hash: string): Promise<Uint8Array[]> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new CannotRun(`${file} cannot be read: ${whyOf(error)}`, REMEDY);
  });
  const end = bytes.indexOf(0x0a);
  const head = v.safeParse(headSchema, jsonOf(bytes.subarray(0, Math.max(end, 0))));
  if (!head.success) throw new CannotRun(`${file} is no checkpoint of this version`, REMEDY);
  if (head.output.hash !== hash)
    throw new CannotRun(
      `${file} belongs to another search`,
      "resume with the same scenario, policy, profile and reductions",
    );
  const { parts } = head.output;
  if (parts.reduce((sum, size) => sum + size, end + 1) !== bytes.length)
    throw new CannotRun(`${file} is cut short`, REMEDY);
  let at = end + 1;
  const found = parts.map((size) => bytes.subarray(at, (at += size)));
  if (sumOf(found) !== head.output.sum)
    throw new CannotRun(`${file} is damaged: its content does not fit its checksum`, REMEDY);
  return found;
}

function sumOf(parts: readonly Uint8Array[]): string {
  const sum = createHash("sha256");
  for (const part of parts) sum.update(part);
  return sum.digest("hex");
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}
