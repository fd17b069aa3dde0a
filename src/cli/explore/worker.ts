// The thread of one worker of a search: it begins the job that it was given, then answers messages.
//
// Interface: the messages, WorkerRequest and WorkerAnswer; run as a thread by threads.ts.

import { parentPort, workerData } from "node:worker_threads";
import type { Found } from "../../model/finals.js";
import type { OpenedJob, SearchJob } from "../../model/search-job.js";
import { openJob } from "../../model/search-job.js";
import type { Level, Peer } from "../../model/search-together.js";
import { localPeer } from "../../model/search-together.js";
import { CoreTrap } from "../../model/trap.js";

/** One level; what the final states say; a state and the one before it. */
export type WorkerRequest =
  | {
      readonly kind: "level";
      readonly inbox: readonly Uint8Array[];
      readonly transitionsMax: number;
    }
  | { readonly kind: "outcomes" }
  | { readonly kind: "state"; readonly state: number };

/** A packed state, and where the state before it is; undefined before the first. */
export interface WorkerState {
  readonly packed: Uint8Array;
  readonly before: { readonly state: number; readonly worker: number } | undefined;
}

/** What each request is answered with. */
export interface WorkerAnswer {
  readonly level?: Level;
  readonly outcomes?: Set<string>;
  readonly found?: readonly Found[];
  readonly state?: WorkerState;
  /** The core trapped, and says this: the thread answers nothing more. */
  readonly trap?: string;
}

const job = workerData as SearchJob;

interface Begun {
  readonly opened: OpenedJob;
  readonly peer: Peer;
}

let begun: Begun | undefined;

/** The search, begun at the first request, so that what goes wrong is that request's answer. */
function begin(): Begun {
  const opened = openJob(job);
  return { opened, peer: localPeer(opened.search, job.options.own?.workers ?? 1) };
}

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  const { opened, peer } = (begun ??= begin());
  const { search, outcomes, found } = opened;
  if (request.kind === "outcomes") return { outcomes: outcomes(), found: found() };
  if (request.kind === "level")
    return { level: await peer.level(request.inbox, request.transitionsMax) };
  const { state } = request;
  return { state: { packed: search.packed(state), before: search.before(state) } };
}

function answerToTrap(error: unknown): WorkerAnswer {
  if (error instanceof CoreTrap) return { trap: error.message };
  throw error;
}

parentPort!.on("message", (request: WorkerRequest) => {
  void answer(request)
    .catch(answerToTrap)
    .then((reply) => {
      const chunks = reply.level?.outboxes.flat() ?? [];
      parentPort!.postMessage(
        reply,
        chunks.map(({ buffer }) => buffer as ArrayBuffer),
      );
    });
});
