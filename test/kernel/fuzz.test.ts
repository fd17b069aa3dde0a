// Whatever comes in on standard input, the executor answers or ends; it never hangs.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildExecutor, compilerOf } from "../../src/kernel/host.js";
import { encode } from "../../src/language/encode.js";
import { KIND_ERROR, KIND_RUN, encodeBatch } from "../../src/kernel/wire.js";
import { numbersBelow } from "../helpers/numbers.js";
import type { Below } from "../helpers/numbers.js";
import { Requests, damagedRequest } from "../helpers/requests.js";
import { fill, program, randomProgram, writeEnd } from "./programs.js";
import { RUNS_FACTOR, SEED } from "../seed.js";

const canRun = process.platform === "linux" && (await compilerOf()) !== undefined;
const FRAMES = 400 * RUNS_FACTOR;

const damaged = (below: Below): Uint8Array =>
  damagedRequest(
    Array.from({ length: 3 }, () => randomProgram(below(1000))),
    below,
  );

describe.skipIf(!canRun)("damaged frames", () => {
  let requests: Requests;
  beforeAll(async () => {
    requests = new Requests(await buildExecutor());
  });
  afterAll(() => requests.stop());

  test("inside of the jobs", { timeout: 120_000 }, async () => {
    const below = numbersBelow(SEED);
    const seen = { ok: 0, refused: 0, other: 0, nonsense: 0 };
    for (let i = 0; i < FRAMES; i++) {
      const attempts = await requests.send(damaged(below));
      if (attempts === undefined) seen.nonsense++;
      for (const a of attempts ?? [])
        seen[a.ok ? "ok" : a.failure === "refused" ? "refused" : "other"]++;
    }
    expect(seen.ok).toBeGreaterThan(FRAMES / 10);
    expect(seen.refused).toBeGreaterThan(FRAMES / 10);
  });

  test("a run that is longer than what is mapped in front of the fault", async () => {
    const content = [...fill(6, 8), { byte: "fault", lenBytes: 4096 } as const];
    const words = encode(program([], 1, [[["write", writeEnd(), { kind: "data", content }]]]));
    const at = words.findIndex((word, i) => word === 6 && words[i + 1] === 8);
    words[at + 1] = 4104;
    const job = { words, picks: [], fresh: false, timeoutMs: 200 };
    const attempts = await requests.send(encodeBatch([job], 1));
    expect(attempts).toMatchObject([{ ok: false, failure: "refused" }]);
    expect(attempts![0]).toHaveProperty("reason", expect.stringContaining("runs of a buffer"));
  });

  test("in the head of the frame", { timeout: 120_000 }, async () => {
    const below = numbersBelow(SEED + 1);
    for (let i = 0; i < 20; i++) {
      const executor = await requests.start();
      const frame = damaged(below);
      frame[below(24)] = below(256);
      executor.send(frame);
      // A length that is too long makes it wait for the rest: the end of input is the rest.
      const ended = executor.end(5000);
      const reply = await executor.receive(20_000);
      if (reply !== undefined) expect([KIND_RUN, KIND_ERROR]).toContain(reply.head.kind);
      await ended;
      await requests.stop();
    }
  });
});
