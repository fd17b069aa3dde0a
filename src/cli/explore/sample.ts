// Random runs in place of a search.
//
// Interface: sampleAll.

import { Core } from "../../model/core.js";
import type { Setup } from "../../model/core.js";
import { Sampling } from "../../model/sampling.js";
import type { SampleOptions } from "../../model/sampling.js";
import { thousands } from "../../trace/amounts.js";
import type { Edge } from "../edge.js";
import { goalsOf } from "../../compare/goals.js";
import type { Which } from "../../compare/goals.js";
import { breathe, opened } from "./result.js";
import type { Bounds, SearchResult } from "./result.js";
import { witnessAll } from "./witness.js";

/** Random runs between two looks at Ctrl-C. */
const RUNS = 200;

/** Draws runs until there are enough or Ctrl-C. */
export async function sampleAll(
  edge: Edge,
  setup: Setup,
  sample: SampleOptions & { readonly runs: number },
  bounds: Bounds,
  witnesses: Which,
): Promise<SearchResult> {
  const started = edge.now();
  const core = new Core();
  const sampling = opened(() => new Sampling(core, setup, sample));
  while (sampling.runs < sample.runs && !edge.signal.aborted) {
    sampling.draw(Math.min(RUNS, sample.runs - sampling.runs));
    const [done, all] = [thousands(sampling.runs), thousands(sample.runs)];
    edge.progress(`${done} of ${all} runs, ${sampling.outcomes().length} outcomes`);
    await breathe();
  }
  edge.progressDone();
  const drawn = sampling.outcomes().map(({ count, ...each }) => ({ ...each, drawn: count }));
  const waits = [...sampling.waits()].map(([task, schedule]) => ({ task, schedule }));
  const { unmodelled } = sampling;
  const goals = goalsOf(setup.program, witnesses, drawn);
  const reached = { outcomes: drawn, waits, goals };
  const witnessed = await witnessAll(edge, core, setup, reached, bounds);
  const seconds = (edge.now() - started) / 1000;
  if (unmodelled !== undefined)
    return { word: "unmodelled", because: unmodelled, ...witnessed, seconds };
  const because = sampling.because();
  return { word: "sampled", because, ...witnessed, seconds };
}
