// One moment of one side: everything that the panels' geometry is made from.
//
// Interface: SceneInput, threadName, plural, fitText.

import type { Program } from "../../language/program.js";
import type { CallResult } from "../../trace/outcome.js";
import type { World } from "../../trace/world.js";
import type { Layout } from "./layout.js";
import type { Provenance } from "./provenance.js";

/** What a panel looks at. */
export interface SceneInput {
  readonly program: Program;
  readonly world: World;
  readonly provenance: Provenance;
  readonly layout: Layout;
  /** Outcome.values, where a cell may be a set. */
  readonly values: readonly number[] | undefined;
  /** What each call gave in the end. */
  readonly results: readonly CallResult[];
  /** Copies that were made since the moment before: of which frame each new one is. */
  readonly copies: ReadonlyMap<number, number>;
}

/** The name of a thread. */
export const threadName = (program: Program, task: number): string =>
  program.threads[task]?.name ?? `task ${task}`;

/** "1 reference", "2 references". */
export const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** Cuts a text that has no room, in pixels, for letters of a width. */
export function fitText(text: string, room: number, letter: number): string {
  const most = Math.floor(room / letter);
  return text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1))}…`;
}
