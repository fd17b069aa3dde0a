// What the page and the worker of a search say to each other: plain data.
//
// Interface: Question, Request, Answer and its kinds, Finding, WaitFinding; BOUNDS.
// A question is asked once per worker. The worker answers with progress at most ten times a second, and once with how the
// search ended. It ends with "idle" when every outcome has its witness; with "settled" when it looks for no more until it
// is asked for one.

import type { Counts, Verdict } from "../../compare/judge.js";
import type { Observed } from "../../compare/observe.js";
import type { Program } from "../../language/program.js";
import type { Ending } from "../../model/ending.js";
import type { SampleOptions } from "../../model/sampling.js";
import type { Witness } from "../../model/wanted-witnesses.js";

/** Which model to ask, spelled as on the command line. */
export interface Model {
  readonly profile: string;
  readonly policy: string;
}

/** Random runs in place of a search. */
export interface Sample extends SampleOptions {
  readonly runs: number;
}

/** What to find out. */
export interface Question {
  readonly program: Program;
  readonly model: Model;
  /** Whether copies take time, so that they may mix what they meet. */
  readonly tear: boolean;
  /** Every reduction, or none. */
  readonly reduced: boolean;
  readonly sample?: Sample;
}

/** How far a search goes. As on the command line, but for the memory: of the search and of that for witnesses together. */
export const BOUNDS = {
  memoryBytes: 512 * 2 ** 20,
  transitions: 1_000_000_000,
  witnessTransitions: 3_000_000,
} as const;

/** From the page. "way": the witness of this outcome first. */
export type Request =
  | { readonly kind: "ask"; readonly question: Question }
  | { readonly kind: "stop" }
  | { readonly kind: "way"; readonly key: string };

/** An outcome. */
export interface Finding {
  readonly key: string;
  /** observe() of the outcome, and its parts. */
  readonly shows: string;
  readonly parts: readonly Observed[];
  /** How it counts: each is 0 or 1. */
  readonly counts: Counts;
  /** A call never returns; a call sleeps although what it waits for is there (P10). */
  readonly blocked: boolean;
  readonly lostWake: boolean;
  readonly witness?: Witness;
  /** Runs of a sample that had it. */
  readonly drawn?: number;
}

/** A thread that can come to wait for a folio that a pipe or a socket holds (P4). */
export interface WaitFinding {
  readonly task: number;
  readonly text: string;
  /** It ends where the thread waits. */
  readonly witness?: Witness;
}

/** How far a search is. */
export interface Reached {
  readonly phase: "search" | "sample" | "witnesses";
  readonly states: number;
  readonly transitions: number;
  readonly frontier: number;
  readonly depth: number;
  readonly bytes: number;
  /** Runs that were drawn. */
  readonly runs: number;
  /** Outcomes that have their cheapest witness; all of them. */
  readonly minimal: number;
  readonly outcomes: number;
  /** Since the question was asked. */
  readonly seconds: number;
  /** All states, about; absent while nobody can tell. */
  readonly statesAbout?: number;
}

/** How a search or a sample ended, and what its outcomes are worth. */
export type How = Ending | { readonly word: "sampled"; readonly because: string };

/** What is known at the end. */
export interface Ended {
  readonly how: How;
  readonly verdict: Verdict;
  readonly reached: Reached;
  /** Of the question, as the command line prints it; absent where the worker was ended. */
  readonly hash?: string;
}

/** Why there is no answer. "too large to search": random runs can still be drawn. "trap": a defect of the core; "broken":
 *  the worker could not be started, or ended. */
export interface Failed {
  readonly failure: "too large to search" | "too large" | "unknown name" | "trap" | "broken";
  readonly message: string;
  /** Of a trap: the actions up to it, where they are known. */
  readonly schedule?: readonly number[];
}

/** From the worker. */
export type Answer =
  | {
      readonly kind: "progress";
      readonly reached: Reached;
      /** What is said of the condition so far. */
      readonly verdict: Verdict;
      /** Outcomes that are new or have changed, by their places in the order in which they were found. */
      readonly findings: readonly (readonly [place: number, finding: Finding])[];
      readonly waits: readonly WaitFinding[];
    }
  | { readonly kind: "ended"; readonly ended: Ended }
  | { readonly kind: "settled" | "idle" }
  | { readonly kind: "failed"; readonly failed: Failed };
