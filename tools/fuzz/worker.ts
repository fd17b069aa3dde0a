// A process of `npm run fuzz`: gets a WorkerTask, then ranges, and says what came of each.
//
// Interface: WorkerTask, Range, Answer: what goes to it and comes back.

import { addCounts, Fuzzer } from "./case.js";
import type { Counts } from "./case.js";
import { Requests } from "../../test/helpers/requests.js";

/** What a process starts with. */
export interface WorkerTask {
  readonly seed: number;
  readonly replies: readonly Uint8Array[];
  /** The executor's binary, if there is one. */
  readonly executor?: string;
  readonly programsOnly: boolean;
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

async function run({ seed, replies, programsOnly }: WorkerTask, range: Range): Promise<Answer> {
  const fuzzer = new Fuzzer(seed, replies, requests, programsOnly);
  for (let index = range.first; index < range.first + range.count; index++)
    try {
      await fuzzer.run(index);
    } catch (error) {
      const report = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { range, counts: fuzzer.counts, failed: { index, report } };
    }
  return { range, counts: addCounts([fuzzer.counts]) };
}

let task: WorkerTask | undefined;
let requests: Requests | undefined;
process.on("message", (message: WorkerTask | Range) => {
  if ("seed" in message) {
    task = message;
    if (message.executor !== undefined) requests = new Requests(message.executor);
  } else void run(task!, message).then((answer) => process.send!(answer));
});
process.on("disconnect", () => void requests?.stop());
// Ctrl-C is the parent's: it ends the ranges at hand.
process.on("SIGINT", () => undefined);
