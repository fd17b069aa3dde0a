// Whatever comes in on standard input, the executor answers or ends; it never hangs.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encode } from "../../src/language/encode.js";
import { ExecutorProcess, buildExecutor, compilerOf } from "../../src/kernel/host.js";
import {
  KIND_ERROR,
  KIND_HELLO,
  KIND_RUN,
  decodeBatch,
  encodeBatch,
} from "../../src/kernel/wire.js";
import { numbersBelow } from "../helpers/numbers.js";
import { randomProgram } from "./programs.js";
import { RUNS_FACTOR, SEED } from "../seed.js";

const canRun = process.platform === "linux" && (await compilerOf()) !== undefined;
const FRAMES = 400 * RUNS_FACTOR;

/** A frame of three programs, some of its bytes changed; `from` is the first that may be. */
function damaged(random: (below: number) => number, from: number): Uint8Array {
  const jobs = Array.from({ length: 3 }, () => {
    const { program, picks } = randomProgram(random(1000));
    return { words: encode(program), picks, fresh: random(20) === 0, timeoutMs: 200 };
  });
  const frame = encodeBatch(jobs, 1);
  for (let n = random(4); n >= 0; n--)
    frame[from + random(frame.length - from)] = [0, 1, 2, 0xff, random(256)][random(5)]!;
  return frame;
}

describe.skipIf(!canRun)("damaged frames", () => {
  let binary: string;
  let folder: string;
  let worker: ExecutorProcess | undefined;
  beforeAll(async () => {
    binary = await buildExecutor();
  });
  const stop = async (): Promise<void> => {
    await worker?.end();
    worker = undefined;
    if (folder) rmSync(folder, { recursive: true, force: true });
  };
  afterAll(stop);
  const running = async (): Promise<ExecutorProcess> => {
    if (worker !== undefined) return worker;
    folder = mkdtempSync(join(tmpdir(), "splicelab-fuzz-"));
    worker = new ExecutorProcess([binary], folder);
    expect((await worker.receive(5000))?.head.kind).toBe(KIND_HELLO);
    return worker;
  };

  test("inside of the jobs", { timeout: 120_000 }, async () => {
    const random = numbersBelow(SEED);
    const seen = { ok: 0, refused: 0, other: 0, nonsense: 0, left: 0 };
    for (let i = 0; i < FRAMES; i++) {
      const now = await running();
      now.send(damaged(random, 24));
      const frame = await now.receive(20_000);
      expect(frame, `frame ${i}: ${now.ending}`).toBeDefined();
      if (frame!.head.kind === KIND_ERROR) {
        seen.nonsense++;
        await stop();
        continue;
      }
      expect(frame!.head.kind).toBe(KIND_RUN);
      const { attempts, leaving } = decodeBatch(frame!.body);
      for (const a of attempts) seen[a.ok ? "ok" : a.failure === "refused" ? "refused" : "other"]++;
      if (leaving) {
        seen.left++;
        await stop();
      }
    }
    expect(seen.ok).toBeGreaterThan(FRAMES / 10);
    expect(seen.refused).toBeGreaterThan(FRAMES / 10);
  });

  test("in the head of the frame", { timeout: 120_000 }, async () => {
    const random = numbersBelow(SEED + 1);
    for (let i = 0; i < 20; i++) {
      const now = await running();
      const frame = damaged(random, 24);
      frame[random(24)] = random(256);
      now.send(frame);
      // A length that is too long makes it wait for the rest: the end of input is the rest.
      const ended = now.end(5000);
      const reply = await now.receive(20_000);
      if (reply !== undefined) expect([KIND_RUN, KIND_ERROR]).toContain(reply.head.kind);
      await ended;
      await stop();
    }
  });
});
