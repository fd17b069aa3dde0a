// The searches that the page shows: one per model, of one text, asked together.
//
// Interface: Searches, Asked, Wish. A new question ends the searches before it; their result stays until then.

import type { Program } from "../../language/program.js";
import { SearchClient } from "./client.js";
import type { Known, WorkerLike } from "./client.js";
import type { Finding, Model, Sample } from "./protocol.js";

/** How somebody wants to search. */
export interface Wish {
  readonly tear: boolean;
  readonly reduced: boolean;
  readonly sample?: Sample;
}

/** What was asked. */
export interface Asked {
  readonly text: string;
  readonly program: Program;
  readonly models: readonly Model[];
  readonly wish: Wish;
}

const newWorker = (): WorkerLike =>
  new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });

/** The searches of the last question. */
export class Searches {
  readonly #start: () => WorkerLike;
  #clients: readonly SearchClient[] = [];

  /** What is known, one per model. */
  known = $state.raw<readonly Known[]>([]);
  asked = $state.raw<Asked>();
  readonly searching = $derived(this.known.some(({ state }) => state === "searching"));
  readonly running = $derived(this.known.some(({ state }) => state !== "done"));

  /** `start` makes the worker of one search. */
  constructor(start: () => WorkerLike = newWorker) {
    this.#start = start;
  }

  /** Asks every model. */
  ask(asked: Asked): void {
    this.dispose();
    this.asked = asked;
    this.known = [];
    const { program, wish, models } = asked;
    this.#clients = models.map((model, nth) => {
      const put = (known: Known): void => {
        this.known = Object.assign([...this.known], { [nth]: known });
      };
      return new SearchClient(this.#start(), { program, model, ...wish }, put);
    });
  }

  /** Ends what is under way; what was found stays. */
  stop(): void {
    for (const client of this.#clients) client.stop();
  }

  /** Calls back with an outcome of a model as soon as its witness is known. */
  witness(side: number, key: string, then: (finding: Finding) => void): void {
    this.#clients[side]?.witness(key, then);
  }

  /** Ends every worker. */
  dispose(): void {
    for (const client of this.#clients) client.dispose();
    this.#clients = [];
  }
}
