// Requests whose bytes are damaged, for a real executor: it answers each or ends, and never hangs.
//
// Interface: damagedRequest, Requests.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExecutorProcess } from "../../src/kernel/host.js";
import { KIND_ERROR, KIND_HELLO, decodeBatch, encodeBatch } from "../../src/kernel/wire.js";
import type { Attempt } from "../../src/kernel/wire.js";
import { encode } from "../../src/language/encode.js";
import type { Program } from "../../src/language/program.js";
import type { Below } from "./numbers.js";

/** A program, and the order in which its threads start their calls. */
interface Case {
  readonly program: Program;
  readonly picks: readonly number[];
}

/** Bytes of a frame's head, which says how long it is. */
const HEAD_BYTES = 24;
const STARTS_MS = 5000;
/** On a machine that is busy with other things, too. */
const ANSWERS_MS = 120_000;

/** A frame of some programs, up to four of its bytes changed; none in the head. */
export function damagedRequest(cases: readonly Case[], below: Below): Uint8Array {
  const jobs = cases.map(({ program, picks }) => {
    return { words: encode(program), picks, fresh: below(20) === 0, timeoutMs: 200 };
  });
  const frame = encodeBatch(jobs, 1);
  for (let n = below(4); n >= 0; n--)
    frame[HEAD_BYTES + below(frame.length - HEAD_BYTES)] = [0, 1, 2, 0xff, below(256)][below(5)]!;
  return frame;
}

/** One executor after the other: each until it has read nonsense, or wants to be left. */
export class Requests {
  readonly #binary: string;
  #running: { readonly executor: ExecutorProcess; readonly folder: string } | undefined;

  constructor(binary: string) {
    this.#binary = binary;
  }

  /** What an executor makes of a frame; undefined where it is nonsense to it. Throws where it does not answer. */
  async send(frame: Uint8Array): Promise<readonly Attempt[] | undefined> {
    const executor = await this.start();
    executor.send(frame);
    const reply = await executor.receive(ANSWERS_MS);
    if (reply === undefined) throw new Error(`the executor gives no answer: ${executor.ending}`);
    const isNonsense = reply.head.kind === KIND_ERROR;
    const batch = isNonsense ? undefined : decodeBatch(reply.body);
    if (batch === undefined || batch.leaving) await this.stop();
    return batch?.attempts;
  }

  /** The executor that is running, or a new one. */
  async start(): Promise<ExecutorProcess> {
    if (this.#running !== undefined) return this.#running.executor;
    const folder = mkdtempSync(join(tmpdir(), "splicelab-fuzz-"));
    const executor = new ExecutorProcess([this.#binary], folder);
    this.#running = { executor, folder };
    const hello = await executor.receive(STARTS_MS);
    if (hello?.head.kind !== KIND_HELLO)
      throw new Error(`the executor does not start: ${executor.ending}`);
    return executor;
  }

  /** Ends what is running. */
  async stop(): Promise<void> {
    if (this.#running === undefined) return;
    const { executor, folder } = this.#running;
    this.#running = undefined;
    await executor.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
