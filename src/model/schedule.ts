// Running call by call, by the rule of the executor: start one call, then wait until every task is idle or asleep.
//
// Interface: outcomesOfPicks: every outcome that one schedule of picks allows; momentsOfPicks: with the worlds between the
// calls. One of them, step by step: turns.ts.
// A schedule of picks is a list of task numbers; a pick whose task cannot start a call is skipped, and behind
// the last pick the lowest task that can start one is picked until none can. Where a call wakes several tasks,
// every order of their steps is followed. When all are idle or asleep, the background actions that a run
// waits for take their steps, the lowest first; those that no run waits for may come at any time, and so may timers, which
// run at last when no call can start.

import type { Outcome } from "../trace/outcome.js";
import type { CacheChoices } from "../trace/snapshot.js";
import type { World } from "../trace/world.js";
import type { Core, Setup } from "./core.js";
import type { Rounds } from "./views/outcome.js";

/** What a schedule of picks allows. */
export interface Allowed {
  readonly outcomes: readonly Outcome[];
  /** Whether every order was followed; else the outcomes are only some of those allowed. */
  readonly complete: boolean;
  /** Why a run under this schedule left the model, if one did: then more outcomes may be allowed. */
  readonly unmodelled?: string;
  /** For each outcome, if asked for: the world before the first call, and after each round. */
  readonly moments?: readonly (readonly World[])[];
}

/** States that outcomesOfPicks visits at most: far above what three woken tasks need. */
const STATES_MAX = 20_000;

/** Every outcome of a program under one schedule of picks. Throws TooLarge. */
export function outcomesOfPicks(core: Core, setup: Setup, picks: readonly number[]): Allowed {
  core.reset(setup);
  const rounds = setup.program.background === undefined ? core.runPicks(picks) : undefined;
  if (rounds) return allowed([core.outcome(rounds)], true, core.unmodelled());
  core.reset(setup);
  return everyOrder(core, picks);
}

/** The same, and what the worlds between the calls were: an outcome comes as often as there are ways to it that differ
 *  in one of them. Pages that `choices` names leave the cache, or come into it, if they may. Throws TooLarge. */
export function momentsOfPicks(
  core: Core,
  setup: Setup,
  picks: readonly number[],
  choices: CacheChoices = () => [],
): Allowed {
  core.reset(setup);
  return everyOrder(core, picks, choices);
}

const allowed = (
  outcomes: readonly Outcome[],
  complete: boolean,
  unmodelled: string | undefined,
): Allowed => ({ outcomes, complete, ...(unmodelled === undefined ? {} : { unmodelled }) });

/** A quiescent state and the history that its outcome will tell. */
interface Point {
  readonly state: Uint8Array;
  readonly round: number;
  readonly pick: number;
  readonly rounds: readonly Rounds[];
  /** Where moments are asked for: the worlds so far, and the hashes that tell them apart. */
  readonly worlds: readonly World[];
  readonly past: string;
}

/** `choices`: moments are asked for. */
function everyOrder(core: Core, picks: readonly number[], choices?: CacheChoices): Allowed {
  const outcomes: Outcome[] = [];
  const moments: (readonly World[])[] = [];
  const look = (before?: Point): Pick<Point, "worlds" | "past"> =>
    choices
      ? {
          worlds: [...(before?.worlds ?? []), core.world()],
          past: `${before?.past ?? ""} ${core.hash()}`,
        }
      : { worlds: [], past: "" };
  let visited = 0;
  let unmodelled: string | undefined;
  const never = core.statuses().map(() => ({ startedAt: -1, returnedAt: -1 }));
  const mayGoOn = (): boolean => ++visited <= STATES_MAX;
  const points = settle(core, mayGoOn).map((state): Point => {
    core.load(state);
    return { state, round: 0, pick: 0, rounds: never, ...look() };
  });
  const seen = new Set<string>();
  for (let point = points.pop(); point; point = points.pop()) {
    core.load(point.state);
    const next = startNext(core, picks, point.pick);
    const started = next ?? (startTimer(core) ? picks.length : undefined);
    if (started === undefined) {
      outcomes.push(core.outcome(point.rounds));
      moments.push(point.worlds);
      unmodelled ??= core.unmodelled();
      continue;
    }
    for (const settled of settle(core, mayGoOn)) {
      core.load(settled);
      const made = choices?.(point.round + 1, core.world()) ?? [];
      for (const { inode, page, comes } of made)
        if (comes) core.bringIn(inode, page);
        else core.reclaim(inode, page);
      const state = made.length > 0 ? core.save() : settled;
      const rounds = noteRound(core, point.rounds, point.round);
      // Nobody looks when a timer has run.
      const seenNow = next === undefined ? point : look(point);
      const key = `${core.hash()} ${point.round} ${started} ${JSON.stringify(rounds)}${seenNow.past}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const { worlds, past } = seenNow;
      points.push({ state, round: point.round + 1, pick: started, rounds, worlds, past });
    }
  }
  const all = allowed(outcomes, visited <= STATES_MAX, unmodelled);
  return choices ? { ...all, moments } : all;
}

/** Starts the next call that the picks allow; the place of the next pick, or undefined if none can start. */
function startNext(core: Core, picks: readonly number[], from: number): number | undefined {
  const inside = core.inside();
  const startable = core.enabledThreads().filter((task) => !inside.includes(task));
  let at = from;
  while (at < picks.length && !startable.includes(picks[at]!)) at++;
  const task = picks[at] ?? startable[0];
  if (task === undefined) return undefined;
  core.step(task);
  return at + 1;
}

/** Runs a timer where no call can start, so that all picks are over; false without one. */
function startTimer(core: Core): boolean {
  const [timer] = core.enabledLate();
  if (timer !== undefined) core.step(timer);
  return timer !== undefined;
}

/** Every quiescent state that the present one can reach without starting a call, whatever the kernel does in the
 *  background meanwhile. */
function settle(core: Core, mayGoOn: () => boolean): Uint8Array[] {
  const quiescent: Uint8Array[] = [];
  const seen = new Set<bigint>();
  stepToChoice(core);
  const open = [core.save()];
  for (let state = open.pop(); state; state = open.pop()) {
    core.load(state);
    const running = runningActions(core);
    if (running.length === 0) quiescent.push(state);
    for (const [i, task] of [...running, ...actionsAtWill(core)].entries()) {
      if (i > 0) core.load(state);
      core.step(task);
      stepToChoice(core);
      const hash = core.hash();
      if (seen.has(hash)) continue;
      seen.add(hash);
      if (mayGoOn()) open.push(core.save());
    }
  }
  return quiescent;
}

/** Actions that may come now or later. */
const actionsAtWill = (core: Core): number[] => [...core.enabledLate(), ...core.enabledIdle()];

/** Steps on as long as there is one way to go. */
function stepToChoice(core: Core): void {
  for (;;) {
    const running = runningActions(core);
    if (running.length !== 1 || actionsAtWill(core).length > 0) return;
    core.step(running[0]!);
  }
}

function noteRound(core: Core, before: readonly Rounds[], round: number): Rounds[] {
  return core.statuses().map((status, call) => {
    const { startedAt, returnedAt } = before[call]!;
    return {
      startedAt: startedAt < 0 && status !== "not-started" ? round : startedAt,
      returnedAt: returnedAt < 0 && status === "returned" ? round : returnedAt,
    };
  });
}

/** The tasks that can step inside a call; where there are none, the background action that goes next. */
function runningActions(core: Core): number[] {
  const inside = core.inside();
  const running = core.enabledThreads().filter((task) => inside.includes(task));
  return running.length > 0 ? running : core.enabledProgress().slice(0, 1);
}
