// A search as the page holds it: starts the worker, keeps what it told, and ends it when it is done or does not answer.
//
// Interface: SearchClient, Known, WorkerLike. What a worker told stays when it is ended: a table with its outcomes, marked
// bounded.

import { conclude, NO_COUNTS } from "../../compare/judge.js";
import type { Verdict } from "../../compare/judge.js";
import type {
  Answer,
  Ended,
  Failed,
  Finding,
  Question,
  Reached,
  Request,
  WaitFinding,
} from "./protocol.js";

/** What the client needs of a Worker. */
export interface WorkerLike {
  onmessage: ((event: MessageEvent<Answer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage: (request: Request) => void;
  terminate: () => void;
}

/** All that is known of a search. */
export interface Known {
  readonly question: Question;
  /** "searching": outcomes are looked for; "tidying": they are known, their cheapest witnesses are looked for. */
  readonly state: "searching" | "tidying" | "done";
  /** Whether witnesses that are not there can still be asked for. */
  readonly live: boolean;
  readonly reached: Reached;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly waits: readonly WaitFinding[];
  readonly ended?: Ended;
  readonly failed?: Failed;
}

/** A worker that was told to stop has so long for its answer. */
export const GRACE_MS = 100;

/** Before the first answer. */
const NOTHING: Reached = {
  phase: "search",
  states: 0,
  transitions: 0,
  frontier: 0,
  depth: 0,
  bytes: 0,
  runs: 0,
  minimal: 0,
  outcomes: 0,
  seconds: 0,
};

/** One question and its worker. */
export class SearchClient {
  readonly #onchange: (known: Known) => void;
  #worker: WorkerLike | undefined;
  #known: Known;
  #isStopped = false;
  /** The outcome whose witness somebody waits for, and who. */
  #wanted: { readonly key: string; readonly then: (finding: Finding) => void } | undefined;

  /** Asks at once. `onchange` is called with each new picture. */
  constructor(worker: WorkerLike, question: Question, onchange: (known: Known) => void) {
    this.#onchange = onchange;
    this.#worker = worker;
    const phase = question.sample ? "sample" : "search";
    this.#known = {
      question,
      state: "searching",
      live: true,
      reached: { ...NOTHING, phase },
      verdict: {
        ...conclude(question.program, NO_COUNTS),
        holds: "unknown",
      },
      findings: [],
      waits: [],
    };
    worker.onmessage = ({ data }) => {
      this.#take(data);
    };
    worker.onerror = (event) => {
      const message = event.message || "the worker of the search could not be started";
      this.#take({ kind: "failed", failed: { failure: "broken", message } });
    };
    worker.postMessage({ kind: "ask", question });
    onchange(this.#known);
  }

  get known(): Known {
    return this.#known;
  }

  /** Ends what is under way. What was found is kept. */
  stop(): void {
    const { state } = this.#known;
    if (state === "done" || !this.#worker) return;
    this.#worker.postMessage({ kind: "stop" });
    this.#isStopped = true;
    if (state === "tidying") this.#change({ state: "done" });
    else setTimeout(() => this.#giveUp(), GRACE_MS);
  }

  /** The worker did not answer in time. */
  #giveUp(): void {
    if (!this.#worker || this.#known.state !== "searching") return;
    const { reached, verdict, question } = this.#known;
    const how = question.sample
      ? ({ word: "sampled", because: `${reached.runs} runs before it was stopped` } as const)
      : ({ word: "bounded", bound: "stopped" } as const);
    this.dispose();
    this.#change({ state: "done", live: false, ended: { how, verdict, reached } });
  }

  /** Calls back with the outcome as soon as its witness is known; at once where it is. The last call wins. */
  witness(key: string, then: (finding: Finding) => void): void {
    this.#wanted = { key, then };
    if (!this.#serve()) this.#worker?.postMessage({ kind: "way", key });
  }

  /** Ends the worker and frees its memory. What is known stays. */
  dispose(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  /** Whether nobody waits any more. */
  #serve(): boolean {
    if (!this.#wanted) return true;
    const { key, then } = this.#wanted;
    const finding = this.#known.findings.find((each) => each.key === key);
    if (!finding?.witness) return false;
    this.#wanted = undefined;
    then(finding);
    return true;
  }

  #take(answer: Answer): void {
    switch (answer.kind) {
      case "progress": {
        const { reached, verdict, waits } = answer;
        const findings = [...this.#known.findings];
        for (const [place, finding] of answer.findings) findings[place] = finding;
        const kept = this.#known.ended ? this.#known.ended.verdict : verdict;
        this.#change({ reached, verdict: kept, waits, findings });
        this.#serve();
        return;
      }
      case "ended": {
        const { ended } = answer;
        const state = this.#isStopped ? "done" : "tidying";
        this.#change({ state, ended, verdict: ended.verdict, reached: ended.reached });
        return;
      }
      case "failed":
        this.dispose();
        this.#change({ state: "done", live: false, failed: answer.failed });
        return;
      case "settled":
        this.#change({ state: "done" });
        return;
      case "idle":
        this.dispose();
        this.#change({ state: "done", live: false });
    }
  }

  #change(change: Partial<Known>): void {
    this.#known = { ...this.#known, ...change };
    this.#onchange(this.#known);
  }
}
