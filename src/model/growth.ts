// About how many states a search breadth first is going to find, from how its levels have grown so far.
//
// A level holds what can be reached in so many steps and no fewer. The runs of a scenario are about equally long, so
// the last level is known beforehand; in between, interleavings make levels rise and fall about as
// x^p * (end - x)^2, of which p follows from the last levels.
// Interface: Growth, Level, shortestRun; shareText, timeText.
// Gaps: of scenarios whose last levels are long and thin it says up to twice too much; before a tenth of the states is
// found it may be wrong by a factor of three (test/unit/explore/growth.test.ts). Depth first has no levels.

import { thousands } from "../trace/amounts.js";
import type { Core, Setup } from "./core.js";
import type { SearchFacts } from "./search.js";

/** What is known of a level. */
export interface Level {
  readonly depth: number;
  /** States in it, about. */
  readonly states: number;
  /** States in all levels before. */
  readonly before: number;
}

/** Levels between the two that p is taken from: fewer follow every bump. */
const SPAN = 12;
/** Levels that are left at least, while there are states to expand. */
const LEFT_MIN = 2;
/** States that are found before anything is said: of the first levels nothing follows. */
const FOUND_MIN = 5000;

/** The levels of one search, and what follows from them. */
export class Growth {
  readonly #end: number;
  readonly #levels: Level[] = [];

  /** `end`: steps of a short run: the depth of the last level, about. */
  constructor(end: number) {
    this.#end = end;
  }

  /** Notes a level; only the first note of each counts. Levels may be left out. */
  note(level: Level): void {
    const last = this.#levels.at(-1);
    if (level.states > 0 && level.depth > (last?.depth ?? 0)) this.#levels.push(level);
  }

  /** All states of the search, about; undefined while little is known. */
  statesAbout(): number | undefined {
    const now = this.#levels.at(-1);
    const then = this.#levels.findLast(({ depth }) => depth + SPAN <= (now?.depth ?? 0));
    if (now === undefined || then === undefined) return undefined;
    if (now.before + now.states < FOUND_MIN) return undefined;
    const left = Math.max(this.#end - now.depth, LEFT_MIN);
    const shrunk = 2 * Math.log(left / (left + now.depth - then.depth));
    const power = (Math.log(now.states / then.states) - shrunk) / Math.log(now.depth / then.depth);
    let sum = now.before;
    for (let step = 0; step < left; step++)
      sum += now.states * ((now.depth + step) / now.depth) ** power * ((left - step) / left) ** 2;
    return sum;
  }
}

/** Random runs that are drawn: a few milliseconds. */
const RUNS = 200;
/** Steps of one run at most, as in sampling.ts. */
const STEPS_MAX = 1 << 16;

/** Steps of the shortest of some random runs. The core is left anywhere. Throws TooLarge. */
export function shortestRun(core: Core, setup: Setup): number {
  core.reset(setup);
  const start = core.save();
  let shortest = STEPS_MAX;
  for (let run = 0; run < RUNS; run++) {
    core.load(start);
    const at = core.raw.scheduleAt(STEPS_MAX);
    shortest = Math.min(shortest, core.raw.walk(1, run, 0, 0, at, STEPS_MAX));
  }
  return shortest;
}

/** "about 40 % of some 1,000,000 states done". */
export function shareText(
  { states, frontier }: Pick<SearchFacts, "states" | "frontier">,
  about: number,
): string {
  const all = Math.max(about, states);
  const share = Math.floor((100 * (states - frontier)) / all);
  return `about ${share} % of some ${thousands(rounded(all))} states done`;
}

/** To two digits: more would be a lie. */
const rounded = (value: number): number => Number(value.toPrecision(2));

/** ", some 3 min left"; nothing where nobody can tell. */
export function timeText(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  const steps = [
    ["s", 1],
    ["min", 60],
    ["h", 3600],
    ["days", 86_400],
  ] as const;
  const [unit, size] = steps.findLast(([, each]) => seconds >= 2 * each) ?? steps[0];
  return `, some ${thousands(Math.max(1, seconds / size))} ${unit} left`;
}
