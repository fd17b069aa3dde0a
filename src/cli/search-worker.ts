// The thread of one worker of a search: it begins the job that it was given, then answers messages.
//
// Interface: the messages, WorkerRequest and WorkerAnswer; run as a thread by search-threads.ts.

import { parentPort, workerData } from "node:worker_threads";
import type { SearchJob } from "../model/search-job.js";
import { openJob } from "../model/search-job.js";
import type { Level } from "../model/search-together.js";
import { localPeer } from "../model/search-together.js";

/** One level, or what the final states say. */
export type WorkerRequest =
  { readonly kind: "level"; readonly inbox: readonly Uint8Array[] } | { readonly kind: "outcomes" };

/** What each request is answered with. */
export interface WorkerAnswer {
  readonly level?: Level;
  readonly outcomes?: Set<string>;
}

const job = workerData as SearchJob;
const { search, outcomes } = openJob(job);
const peer = localPeer(search, job.options.own?.workers ?? 1);

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  if (request.kind === "outcomes") return { outcomes: outcomes() };
  return { level: await peer.level(request.inbox) };
}

parentPort!.on("message", (request: WorkerRequest) => {
  void answer(request).then((reply) => {
    const chunks = reply.level?.outboxes.flat() ?? [];
    parentPort!.postMessage(
      reply,
      chunks.map(({ buffer }) => buffer as ArrayBuffer),
    );
  });
});
