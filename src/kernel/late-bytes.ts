// Bytes that leave a socket after the file behind them was written to: native/retransmit.c and native/closed-window.c.
//
// Interface: sendTwice (Retransmission), fillWindow (ClosedWindow), CannotRetransmit.
// The executor has no part in it: a scenario cannot withhold an acknowledgement.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as v from "valibot";
import { buildProgram, ExecutorUnavailable } from "./host.js";

const run = promisify(execFile);
/** Longer than either program waits. */
const TIMEOUT_MS = 20_000;
/** Its exit status where the machine lacks something. */
const MISSING = 3;

/** There is no TUN device or no network namespace here; the message says which. */
export class CannotRetransmit extends Error {
  override readonly name = "CannotRetransmit";
}

const runs = v.array(v.strictObject({ byte: v.number(), lenBytes: v.number() }));
/** A segment: when it left, and its bytes in runs of equal ones. */
const segment = v.strictObject({
  ms: v.number(),
  seq: v.number(),
  checksum: v.number(),
  valid: v.boolean(),
  data: runs,
});

/** One range of sequence numbers as it was sent first and again, in milliseconds since the connection was asked for. */
export const retransmission = v.strictObject({
  writtenMs: v.number(),
  first: segment,
  again: segment,
});
export type Retransmission = v.InferOutput<typeof retransmission>;
export type Segment = v.InferOutput<typeof segment>;

/** What a closed window held back; of the bytes received, how many are of before and of after the write. */
export const closedWindow = v.strictObject({
  queuedBytes: v.number(),
  oldBytes: v.number(),
  newBytes: v.number(),
});
export type ClosedWindow = v.InferOutput<typeof closedWindow>;

/** Has TCP send a page of a file in `folder` twice, 0x1f before and 0xf0 after a write to it. `signal` ends it. Throws
 *  CannotRetransmit, ExecutorUnavailable. */
export const sendTwice = (folder: string, signal?: AbortSignal): Promise<Retransmission> =>
  resultOf("retransmit", retransmission, folder, signal);

/** Has TCP queue a page of a file in `folder` behind a closed window, and writes to it. Throws ExecutorUnavailable. */
export const fillWindow = (folder: string, signal?: AbortSignal): Promise<ClosedWindow> =>
  resultOf("closed-window", closedWindow, folder, signal);

async function resultOf<Schema extends v.GenericSchema>(
  title: string,
  schema: Schema,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<v.InferOutput<Schema>> {
  const program = await buildProgram(title, [`${title}.c`]);
  try {
    const { stdout } = await run(program, [folder], {
      timeout: TIMEOUT_MS,
      env: {},
      ...(signal && { signal }),
    });
    return v.parse(schema, JSON.parse(stdout));
  } catch (error) {
    const { code, stderr } = error as { code?: number | string; stderr?: string };
    if (stderr === undefined) throw error;
    const said = stderr.trim() || `it ended with ${code}`;
    if (code === MISSING) throw new CannotRetransmit(said);
    throw new ExecutorUnavailable(`The program "${title}" failed: ${said}`);
  }
}
