// The orders of threads that were looked at.
//
// Interface: TimelineEntry, entryOf, orderOf, withEntry, movedAlong; commonLength.

import { outcomeKey } from "../trace/outcome-key.js";
import type { Outcome } from "../trace/outcome.js";
import type { Order, Run } from "./runner.js";

/** An order of threads that was looked at. */
export interface TimelineEntry {
  readonly id: number;
  /** Where it was forked from another, if it was. */
  readonly parent?: number;
  /** Steps that it has in common with its parent. */
  readonly forkedAt: number;
  /** The action of each step of the first model. */
  readonly schedule: readonly number[];
  /** Equal for equal outcomes of the first model. */
  readonly outcomeKey: string;
  readonly snapshot: Outcome["snapshot"];
  /** Copies may tear in it. */
  readonly tear: boolean;
}

/** Older ones are forgotten. */
const TIMELINES_MAX = 200;
/** The newest that are run again where the model changes. */
const MOVED_MAX = 20;

/** The entry of a run. */
export function entryOf(run: Run, id: number, forkedAt: number, parent?: number): TimelineEntry {
  const { schedule, outcome, tear = false } = run.traces[0]!;
  const key = { outcomeKey: outcomeKey(outcome), snapshot: outcome.snapshot };
  return { id, ...(parent === undefined ? {} : { parent }), forkedAt, schedule, tear, ...key };
}

/** What runs an entry again. */
export const orderOf = ({ schedule, tear }: TimelineEntry): Order => ({ steps: schedule, tear });

/** How many steps two schedules begin with in common. */
export function commonLength(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((action, i) => action !== b[i]);
  return differs < 0 ? a.length : differs;
}

/** The entries with that of another run, and which it is: one that is there already stays as it is. */
export function withEntry(
  entries: readonly TimelineEntry[],
  run: Run,
  forkedAt: number,
  parent: number | undefined,
): { readonly entries: readonly TimelineEntry[]; readonly id: number } {
  const made = entryOf(run, Math.max(...entries.map((t) => t.id)) + 1, forkedAt, parent);
  const known = entries.find(
    (t) => t.tear === made.tear && t.schedule.join() === made.schedule.join(),
  );
  if (known !== undefined) return { entries, id: known.id };
  return { entries: [...entries, made].slice(-TIMELINES_MAX), id: made.id };
}

/** The entries as another leading model goes through them: the newest, and the one that is shown. `run`: runs one there. */
export function movedAlong(
  entries: readonly TimelineEntry[],
  current: number,
  run: (entry: TimelineEntry) => Run,
): TimelineEntry[] {
  const kept = entries.filter((t, i, all) => t.id === current || i >= all.length - MOVED_MAX);
  const runs = kept.map(run);
  return kept.map(({ id, parent }, i) => {
    const at = kept.findIndex((t) => t.id === parent);
    if (at < 0) return entryOf(runs[i]!, id, 0);
    const [own, its] = [runs[i]!, runs[at]!].map((each) => each.traces[0]!.schedule);
    return entryOf(runs[i]!, id, commonLength(own!, its!), parent);
  });
}
