// Which witnesses are looked for and shown: what decides the condition, what is a deadlock, what lost a wake-up; or all.
//
// Interface: classesOf, Class, goalsOf, Goal, Which; isBlocked, hasLostWake, isDeadlock.
// A search for minimal witnesses takes most of the time of a large search: it ends with the last goal.

import { verdict } from "./judge.js";
import type { Program } from "../language/program.js";
import type { Outcome } from "../trace/outcome.js";

/** Whose witnesses are shown. */
export type Which = "deciding" | "all" | "none";

/** Anything that came of a run. */
interface Finished {
  readonly key: string;
  readonly outcome: Outcome;
}

/** Outcomes of which one witness says enough. */
export interface Class<Each> {
  /** In front of what the outcome shows. */
  readonly title: string;
  readonly members: readonly Each[];
}

/** Keys of outcomes: a witness of any one of them is enough. */
export type Goal = readonly string[];

/** Whether a call never returns. */
export const isBlocked = ({ outcome }: Pick<Finished, "outcome">): boolean =>
  outcome.results.some((result) => result.status === "blocked");

/** Whether a call sleeps although what it waits for is there (P10). */
export const hasLostWake = ({ outcome }: Pick<Finished, "outcome">): boolean =>
  outcome.results.some((result) => result.lostWake === true);

/** Whether a call never returns, and no wake-up was lost. */
export const isDeadlock = (each: Pick<Finished, "outcome">): boolean =>
  isBlocked(each) && !hasLostWake(each);

/** The classes that are shown where nobody asks for more; none is empty. */
export function classesOf<Each extends Finished>(
  program: Program,
  outcomes: readonly Each[],
): Class<Each>[] {
  const classes = [
    { title: "Witness of ", members: outcomes.filter((each) => decides(program, each)) },
    { title: "Witness of the deadlock: ", members: outcomes.filter(isDeadlock) },
    { title: "Witness of the lost wake-up: ", members: outcomes.filter(hasLostWake) },
  ];
  return classes.filter(({ members }) => members.length > 0);
}

/** Whether an outcome alone settles the condition: a counterexample, or an example. */
function decides(program: Program, { outcome }: Finished): boolean {
  if (program.condition === undefined) return false;
  const { positive, negative } = verdict(program, [outcome]);
  return (program.condition.quantifier === "forall" ? negative : positive) > 0;
}

/** What a search for witnesses has to find. */
export function goalsOf(program: Program, which: Which, outcomes: readonly Finished[]): Goal[] {
  const keysOf = (all: readonly Finished[]): Goal => all.map(({ key }) => key);
  if (which === "none") return [];
  if (which === "all") return outcomes.map(({ key }) => [key]);
  return classesOf(program, outcomes).map(({ members }) => keysOf(members));
}
