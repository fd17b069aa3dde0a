// Workers of one search as threads of Node, one per processor at best.
//
// Interface: SearchThreads: peers for searchTogether, outcomes, found, way, close.

import { Worker } from "node:worker_threads";
import { pathToFileURL } from "node:url";
import type { Found } from "../../model/finals.js";
import type { SearchJob } from "../../model/search-job.js";
import type { Setup } from "../../model/core.js";
import type { Level, Peer } from "../../model/search-together.js";
import { CoreTrap } from "../../model/trap.js";
import { packageFile } from "../package.js";
import type { WorkerAnswer, WorkerRequest } from "./worker.js";

/** A thread on the worker's file: the built one, or the source where this runs from the sources. */
function startThread(workerData: SearchJob): Worker {
  if (!import.meta.url.endsWith(".ts"))
    return new Worker(pathToFileURL(packageFile("dist/search-worker.js")), { workerData });
  const [loader, source] = [
    "node_modules/tsx/dist/esm/api/index.mjs",
    "src/cli/explore/worker.ts",
  ].map((file) => JSON.stringify(pathToFileURL(packageFile(file)).href)) as [string, string];
  const start = `import(${loader}).then((tsx) => { tsx.register(); return import(${source}); })`;
  return new Worker(start, { eval: true, workerData });
}

/** An outcome and the worker that owns its final state. */
export type OwnedFound = Found & { readonly worker: number };

/** The threads of one search. Close them when it is over. */
export class SearchThreads {
  readonly #workers: readonly Worker[];
  readonly #setup: Setup | undefined;
  readonly peers: readonly Peer[];

  /** Starts `workers` threads; the job's own worker number is replaced. */
  constructor(job: SearchJob, workers: number) {
    this.#setup = job.machine === "core" ? job.setup : undefined;
    this.#workers = Array.from({ length: workers }, (_, worker) => {
      const own = { worker, workers };
      return startThread({ ...job, options: { ...job.options, own } });
    });
    this.peers = this.#workers.map((worker) => ({
      level: async (inbox, transitionsMax) =>
        (await this.#ask(worker, { kind: "level", inbox, transitionsMax })).level as Level,
    }));
  }

  /** The outcomes that all workers found so far. */
  async outcomes(): Promise<Set<string>> {
    const answers = await Promise.all(
      this.#workers.map((worker) => this.#ask(worker, { kind: "outcomes" })),
    );
    return new Set(answers.flatMap(({ outcomes }) => [...outcomes!]));
  }

  /** The same in full, with the worker that found each. */
  async found(): Promise<OwnedFound[]> {
    const answers = await Promise.all(
      this.#workers.map((worker) => this.#ask(worker, { kind: "outcomes" })),
    );
    const all = answers.flatMap(({ found }, worker) => found!.map((each) => ({ ...each, worker })));
    return [...new Map(all.map((each) => [each.key, each])).values()];
  }

  /** The packed states on the way from the first state to a state of a worker, the first left out. */
  async way(worker: number, state: number): Promise<Uint8Array[]> {
    const states: Uint8Array[] = [];
    for (let at = { worker, state }; ;) {
      const { packed, before } = (
        await this.#ask(this.#workers[at.worker]!, { kind: "state", ...at })
      ).state!;
      if (!before) return states.reverse();
      states.push(packed);
      at = before;
    }
  }

  /** Throws CoreTrap where a thread's core traps. */
  async #ask(worker: Worker, request: WorkerRequest): Promise<WorkerAnswer> {
    const answer = await ask(worker, request);
    if (answer.trap !== undefined) throw new CoreTrap(answer.trap, this.#setup);
    return answer;
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function ask(worker: Worker, request: WorkerRequest): Promise<WorkerAnswer> {
  return new Promise((done, failed) => {
    const onError = (error: Error): void => failed(error);
    worker.once("error", onError);
    worker.once("message", (answer: WorkerAnswer) => {
      worker.off("error", onError);
      done(answer);
    });
    const chunks = request.kind === "level" ? request.inbox : [];
    worker.postMessage(
      request,
      chunks.map(({ buffer }) => buffer as ArrayBuffer),
    );
  });
}
