// Replies of a real executor, to be damaged.
//
// Interface: realReplies.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { caseOf } from "../../src/cli/random-case.js";
import { buildExecutor, compilerOf, ExecutorProcess } from "../../src/kernel/host.js";
import { encodeBatch } from "../../src/kernel/wire.js";
import { encode } from "../../src/language/encode.js";

const BATCHES = 24;
const JOBS = 4;
const TIMEOUT_MS = 20_000;

/** The bodies of some replies, and the binary that gave them; none, and why, where there is no executor. */
export async function realReplies(
  seed: number,
): Promise<{ replies: Uint8Array[]; binary?: string; why?: string }> {
  if (process.platform !== "linux") return { replies: [], why: "the executor needs Linux" };
  if ((await compilerOf()) === undefined) return { replies: [], why: "there is no C compiler" };
  const folder = mkdtempSync(join(tmpdir(), "splicelab-fuzz-"));
  const binary = await buildExecutor();
  const executor = new ExecutorProcess([binary], folder);
  const replies: Uint8Array[] = [];
  try {
    await executor.receive(TIMEOUT_MS);
    for (let batch = 0; batch < BATCHES; batch++) {
      const jobs = Array.from({ length: JOBS }, (_, i) => {
        const { program, picks } = caseOf(seed, batch * JOBS + i);
        return { words: encode(program), picks, fresh: false, timeoutMs: 1000 };
      });
      executor.send(encodeBatch(jobs, batch + 1));
      const frame = await executor.receive(TIMEOUT_MS);
      if (frame === undefined) break;
      replies.push(frame.body);
    }
  } finally {
    await executor.end();
    rmSync(folder, { recursive: true, force: true });
  }
  return { replies, binary };
}
