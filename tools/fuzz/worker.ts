// A process of `npm run fuzz`: gets a WorkerTask, then ranges, and says what came of each.
//
// Interface: WorkerTask, Range, Answer: what goes to it and comes back.

import { addCounts, Fuzzer } from "./case.js";
import type { Counts } from "./case.js";

/** What a process starts with. */
export interface WorkerTask {
  readonly seed: number;
  readonly replies: readonly Uint8Array[];
}

/** Cases `first` to `first + count - 1`. */
export interface Range {
  readonly first: number;
  readonly count: number;
}

/** What a range gave; `failed`: its first case that failed, after which it ended. */
export interface Answer {
  readonly range: Range;
  readonly counts: Counts;
  readonly failed?: { readonly index: number; readonly report: string };
}

function run({ seed, replies }: WorkerTask, range: Range): Answer {
  const fuzzer = new Fuzzer(seed, replies);
  for (let index = range.first; index < range.first + range.count; index++)
    try {
      fuzzer.run(index);
    } catch (error) {
      const report = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { range, counts: fuzzer.counts, failed: { index, report } };
    }
  return { range, counts: addCounts([fuzzer.counts]) };
}

let task: WorkerTask | undefined;
process.on("message", (message: WorkerTask | Range) => {
  if ("seed" in message) task = message;
  else process.send!(run(task!, message));
});
// Ctrl-C is the parent's: it ends the ranges at hand.
process.on("SIGINT", () => undefined);
