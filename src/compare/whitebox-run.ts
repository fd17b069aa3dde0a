// A whole run seen by the white box: whether some way that the model allows agrees with it at every moment.
//
// Interface: conformMoments, momentTitle, Way, SeenRun.
// The outcome is judged first, as without the white box. Of the moments the first one that differs is told: those after it
// follow from it. Of several ways the one that agrees for longest is told.

import type { Program } from "../language/program.js";
import type { Outcome } from "../trace/outcome.js";
import type { Snapshot } from "../trace/snapshot.js";
import type { World } from "../trace/world.js";
import { conform, messageOf, sameOutcome } from "./conform.js";
import type { Difference, Divergence } from "./conform.js";
import { callTitle } from "./names.js";
import { momentDifferences, triedToDrop } from "./whitebox.js";

/** A way that the model allows: its outcome, and the world before the first call and after each. */
export interface Way {
  readonly outcome: Outcome;
  readonly worlds: readonly World[];
}

/** What a kernel gave, with a snapshot for each world of a way. */
export interface SeenRun {
  readonly outcome: Outcome;
  readonly snapshots: readonly Snapshot[];
}

/** The way that agrees with a run, or the nearest one and how it differs. No way at all: `worlds` is empty. */
export function conformMoments(
  program: Program,
  seen: SeenRun,
  ways: readonly Way[],
): { readonly worlds: readonly World[]; readonly divergence?: Divergence } {
  const { outcome: observed } = seen;
  const allowed = ways.map(({ outcome }) => outcome);
  const agreeing = ways.filter(({ outcome }) => sameOutcome(observed, outcome));
  if (agreeing.length === 0) {
    const divergence = conform(observed, allowed, program);
    const worlds = ways[0]?.worlds ?? [];
    return divergence === undefined ? { worlds } : { worlds, divergence };
  }
  let nearest: Parted | undefined;
  for (const way of agreeing) {
    const parted = partOf(program, seen, way);
    if (parted.differences.length === 0) return { worlds: way.worlds };
    if (nearest === undefined || parted.moment > nearest.moment) nearest = parted;
  }
  const { differences, way } = nearest!;
  const message = messageOf(differences, agreeing.length);
  return { worlds: way.worlds, divergence: { observed, allowed, differences, message } };
}

/** Where a run and a way part, and how. */
interface Parted {
  readonly way: Way;
  readonly moment: number;
  readonly differences: readonly Difference[];
}

function partOf(program: Program, { outcome, snapshots }: SeenRun, way: Way): Parted {
  for (const [moment, world] of way.worlds.entries()) {
    const snapshot = snapshots[moment];
    if (snapshot === undefined) throw new Error("there is a snapshot for each round");
    const when = momentTitle(program, outcome, moment);
    const differences = momentDifferences(
      when,
      snapshot,
      world,
      triedToDrop(program, outcome, moment),
    );
    if (differences.length > 0) return { way, moment, differences };
  }
  return { way, moment: way.worlds.length, differences: [] };
}

/** "at the start", "after read() at client:a": the call that was started last. */
export function momentTitle(program: Program, { results }: Outcome, moment: number): string {
  const last = results.find(({ startedAt }) => startedAt === moment - 1);
  return moment === 0 || last === undefined
    ? "at the start"
    : `after ${callTitle(program, last.call)}`;
}
