// `npm run fuzz`: random programs through the core, damaged texts, tokens and messages through their readers (fuzz/case.ts),
// until a time is over or so many cases are done; with --properties the properties of the test suite with new seeds.
//
// Interface: run directly: `npm run fuzz -- --help`.

import { randomInt } from "node:crypto";
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { addCounts } from "./fuzz/case.js";
import type { Counts } from "./fuzz/case.js";
import { fuzzProperties } from "./fuzz/properties.js";
import { realReplies } from "./fuzz/replies.js";
import type { Answer, Range, WorkerTask } from "./fuzz/worker.js";

const HELP = `npm run fuzz -- [--seconds N | --count N] [--seed S] [--from N] [--workers N] [--only-programs]
npm run fuzz -- --properties [--seconds N] [--seed S]

  --seconds N     end after so long (60)
  --count N       end after so many cases
  --seed S        where the sequence of cases starts (drawn)
  --from N        the first case of the sequence (0)
  --workers N     processes (one for each processor)
  --only-programs nothing is changed or damaged: some times as many programs
  --properties    the properties of the test suite, with new seeds, in place of cases

A case is two programs, one with changed operands, a text, token and message, and now and then a request to the executor. The first that fails ends it: exit code 1.`;

/** Cases that a process gets at once. */
const RANGE = 500;
const TELL_EVERY_MS = 10_000;

const { values } = parseArgs({
  options: {
    ...{ seconds: { type: "string" }, count: { type: "string" }, seed: { type: "string" } },
    ...{ from: { type: "string", default: "0" }, workers: { type: "string" } },
    ...{
      "only-programs": { type: "boolean" },
      properties: { type: "boolean" },
      help: { type: "boolean" },
    },
  },
});

const seed = Number(values.seed ?? randomInt(2 ** 31));
const seconds = Number(values.seconds ?? (values.count === undefined ? 60 : Infinity));
const started = performance.now();
const elapsed = (): number => (performance.now() - started) / 1000;
let isInterrupted = false;
process.once("SIGINT", () => (isInterrupted = true));

if (values.help === true) console.log(HELP);
else if (values.properties === true) process.exitCode = await fuzzProperties(seed, seconds);
else process.exitCode = await fuzzCases(Number(values.from), Number(values.count ?? Infinity));

/** Runs cases in all processes; gives the exit code. */
async function fuzzCases(from: number, count: number): Promise<number> {
  const { replies, binary, why } = await realReplies(seed);
  if (why !== undefined) console.error(`messages are skipped: ${why}`);
  const workers = startWorkers({
    seed,
    replies,
    programsOnly: values["only-programs"] === true,
    ...(binary === undefined ? {} : { executor: binary }),
  });
  const counts: Counts[] = [addCounts([])];
  let given = 0;
  let failed: Answer["failed"];
  let tellAt = TELL_EVERY_MS;
  await Promise.all(
    workers.map(async (worker) => {
      while (given < count && elapsed() < seconds && !isInterrupted && failed === undefined) {
        const range = { first: from + given, count: Math.min(RANGE, count - given) };
        given += range.count;
        const answer = await ask(worker, range);
        counts.push(addCounts([counts.pop()!, answer.counts]));
        failed ??= answer.failed;
        if (performance.now() - started < tellAt) continue;
        tellAt += TELL_EVERY_MS;
        console.error(progress(counts[0]!, count));
      }
      worker.disconnect();
    }),
  );
  if (failed !== undefined) {
    console.log(failed.report);
    console.log(`Again: npm run fuzz -- --seed ${seed} --from ${failed.index} --count 1`);
    return 1;
  }
  console.log(summary(counts[0]!));
  if (given < count) console.log(`To go on: npm run fuzz -- --seed ${seed} --from ${from + given}`);
  return 0;
}

function startWorkers(task: WorkerTask): ChildProcess[] {
  const module = fileURLToPath(new URL("./fuzz/worker.ts", import.meta.url));
  const workers = Array.from({ length: Number(values.workers ?? availableParallelism()) }, () =>
    fork(module, { execArgv: ["--import", "tsx"], serialization: "advanced" }),
  );
  for (const worker of workers) worker.send(task);
  return workers;
}

/** Has a process run a range. Rejects if it ends. */
function ask(worker: ChildProcess, range: Range): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`a worker process has ended with ${code}`));
    };
    worker.once("exit", onExit);
    worker.once("message", (answer: Answer) => {
      worker.off("exit", onExit);
      resolve(answer);
    });
    worker.send(range);
  });
}

function progress({ programs }: Counts, count: number): string {
  const rate = Math.round(programs / elapsed());
  return `${programs}${count === Infinity ? "" : ` of ${count}`} cases, ${rate}/s, seed ${seed}`;
}

function summary(sum: Counts): string {
  const read = (what: string, all: number, taken: number): string =>
    `${all} ${what}, of which ${taken} were taken`;
  return [
    `${sum.programs} programs through the core, seed ${seed}: no trap, no broken law, no leak`,
    `${sum.changed} more, whose operands were changed: neither`,
    read("texts", sum.texts, sum.textsTaken),
    read("tokens", sum.tokens, sum.tokensTaken),
    read("messages", sum.messages, sum.messagesTaken),
    read("requests to the executor", sum.requests, sum.requestsTaken),
  ].join("\n");
}
