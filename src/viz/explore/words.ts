// What the page says about a search, in words.
//
// Interface: becauseOf, wordOf, verdictWord, priceText, rateText, sizeText, counted, Mark, markOf, spokenOf.

import type { Sign } from "../../compare/states.js";
import type { Program } from "../../language/program.js";
import { COMPLETE } from "../../model/ending.js";
import { shareText } from "../../model/growth.js";
import type { Witness } from "../../model/wanted-witnesses.js";
import { plural, thousands } from "../../trace/amounts.js";
import type { Known } from "./client.js";
import { BOUNDS } from "./protocol.js";
import type { Ended, Reached } from "./protocol.js";

/** "12,345 states". */
export const counted = (count: number, noun: string): string =>
  plural(count, noun).replace(/^\d+/, thousands(count));

const MEBIBYTE = 2 ** 20;

/** "512 MiB". */
export const sizeText = (bytes: number): string => `${thousands(bytes / MEBIBYTE)} MiB`;

/** What the ending's word means here. */
export function becauseOf({ how, reached }: Ended): string {
  if (how.word === "complete") return COMPLETE;
  if (how.word === "sampled") return how.because;
  if (how.word === "unmodelled") return `a run leaves the model: ${how.why}`;
  const share =
    reached.statesAbout === undefined ? "" : `, with ${shareText(reached, reached.statesAbout)}`;
  switch (how.bound) {
    case "memory":
      return `by memory: a search on the page may take ${sizeText(BOUNDS.memoryBytes)}${share}`;
    case "transitions":
      return `by ${thousands(BOUNDS.transitions)} transitions${share}`;
    case "stopped":
      return `you stopped it after ${counted(reached.states, "state")}${share}`;
    case "state":
      return "a state is larger than a search can keep";
    case "shard":
    case "fingerprints":
      return "it was not searched whole";
  }
}

/** Herd's first word: whether the scenario's claim holds. */
export const verdictWord = ({
  verdict: { holds },
}: Pick<Known, "verdict">): "Ok" | "No" | "Unknown" =>
  holds === "unknown" ? "Unknown" : holds ? "Ok" : "No";

/** "2 preemptions, 28 steps"; with "at most" where a cheaper one may exist. */
export function priceText({ minimal, preemptions, schedule }: Witness): string {
  const price = `${plural(preemptions, "preemption")}, ${plural(schedule.length, "step")}`;
  return minimal ? price : `${price} or fewer`;
}

/** "12,345 states a second". */
export function rateText({ phase, states, runs, seconds }: Reached): string {
  const done = phase === "sample" ? runs : states;
  const rate = thousands(done / Math.max(seconds, 0.001));
  return `${rate} ${phase === "sample" ? "runs" : "states"} a second`;
}

/** What a line of the table is to the condition. */
export interface Mark {
  readonly text: string;
  /** It settles the condition: a counterexample, or an example. */
  readonly kind: "counterexample" | "example" | "plain";
}

/** Of a line with this sign; undefined where the scenario asks nothing. */
export function markOf({ condition }: Program, sign: Sign): Mark | undefined {
  if (condition === undefined) return undefined;
  const text = sign === "*" ? "holds" : sign === "?" ? "either" : "does not hold";
  if (condition.quantifier === "forall")
    return { text, kind: sign === "*" ? "plain" : "counterexample" };
  if (sign === " ") return { text, kind: "plain" };
  return { text, kind: condition.quantifier === "exists" ? "example" : "counterexample" };
}

/** One sentence for who listens: how a search ended. */
export function spokenOf({ question, ended, failed, findings, ...known }: Known): string {
  const { policy } = question.model;
  if (failed) return `${policy}: ${failed.message}`;
  if (!ended) return "";
  const count = plural(findings.length, "outcome");
  return `${policy}: ${ended.how.word}, ${count}, ${verdictWord(known)}.`;
}
