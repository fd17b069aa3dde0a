// One moment of one side: everything that the panels' geometry is made from.
//
// Interface: SceneInput, threadName.

import type { Program } from "../../language/program.js";
import type { World } from "../../trace/world.js";
import type { Layout } from "./layout.js";
import type { Provenance } from "./provenance.js";

/** What a panel looks at. */
export interface SceneInput {
  readonly program: Program;
  readonly world: World;
  readonly provenance: Provenance;
  readonly layout: Layout;
}

/** The name of a thread. */
export const threadName = (program: Program, task: number): string =>
  program.threads[task]?.name ?? `task ${task}`;

/** "1 reference", "2 references". */
export const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
