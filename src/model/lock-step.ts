// Two models on one schedule: the second follows a run of the first, step by step.
//
// Interface: follow, Pace.
// Models differ in the number of small steps, not in what the threads do. For each step of the run that
// leads, the follower's thread goes on until it has done the step of the same kind in the same call; steps
// that only the follower has come before it, steps that only the leader has are left out. A thread that
// has to wait catches up as soon as it can, before the next step of the leader.

import { callsOf, type CallId } from "../language/program.js";
import type { Trace, TraceStep } from "../trace/trace.js";
import type { Core, Setup } from "./core.js";
import { traceOfSteps } from "./trace.js";

/** How many steps leader and follower have done at each moment; the first moment is the start. */
export type Pace = readonly (readonly [lead: number, followed: number])[];

/** How far a follower's thread is looked ahead for the leader's step: more than any call takes for a page. */
const LOOK_AHEAD_STEPS = 64;

/** Runs `setup` on the schedule of a run that another model made of the same program. Throws TooLarge. */
export function follow(
  core: Core,
  setup: Setup,
  lead: Trace,
  keptMax = Infinity,
): { trace: Trace; pace: Pace } {
  core.reset(setup);
  const follower = new Follower(core, setup);
  for (const [i, step] of lead.steps.entries()) follower.after(step, i);
  const trace = traceOfSteps(core, setup, follower.schedule, { keptMax });
  const pace = follower.pace;
  for (let done = follower.schedule.length + 1; done <= trace.steps.length; done++)
    pace.push([lead.steps.length, done]);
  return { trace, pace };
}

class Follower {
  readonly schedule: number[] = [];
  readonly pace: [number, number][] = [[0, 0]];
  readonly #core: Core;
  readonly #threads: number;
  /** The place of each call in its thread. */
  readonly #places: ReadonlyMap<CallId, number>;
  /** By thread: how many calls the leader has seen returned. */
  readonly #returned: number[];

  constructor(core: Core, setup: Setup) {
    const { threads } = setup.program;
    this.#core = core;
    this.#threads = threads.length;
    this.#places = new Map(threads.flatMap((t) => t.calls.map((call, place) => [call.id, place])));
    this.#returned = threads.map(() => 0);
    if (this.#places.size !== callsOf(setup.program).length)
      throw new Error("a call has no thread");
  }

  /** Does what the leader's step number `index` calls for. */
  after(step: TraceStep, index: number): void {
    const { task } = step;
    const before = this.schedule.length;
    if (task >= this.#threads) {
      if (this.#core.enabled().includes(task)) this.#step(task);
    } else if (step.call !== undefined) {
      const place = this.#places.get(step.call)!;
      this.#doAhead(task, this.#stepsTowards(task, place, step.phase));
      if (step.events.some((e) => e.kind === "call-return")) this.#returned[task] = place + 1;
    }
    this.#catchUp();
    const own = this.schedule.length - before;
    for (let extra = 1; extra < own; extra++) this.pace.push([index, before + extra]);
    this.pace.push([index + 1, this.schedule.length]);
  }

  #step(action: number): void {
    this.#core.step(action);
    this.schedule.push(action);
  }

  #doAhead(task: number, steps: number): void {
    for (let i = 0; i < steps; i++) this.#step(task);
  }

  /** How many steps of a thread it takes to do the step of a kind in a call; 0 if it does not come to it. */
  #stepsTowards(task: number, place: number, phase: string): number {
    const core = this.#core;
    const state = core.save();
    let found = 0;
    for (let steps = 1; steps <= LOOK_AHEAD_STEPS && found === 0; steps++) {
      const at = core.placeOf(task);
      if (at > place || !core.enabledThreads().includes(task)) break;
      if (at === place && core.phase(task) === phase) found = steps;
      core.step(task);
    }
    core.load(state);
    return found;
  }

  /** Every thread whose call has returned for the leader goes on towards its own return. */
  #catchUp(): void {
    const core = this.#core;
    for (let again = true; again;) {
      again = false;
      for (const [task, returned] of this.#returned.entries()) {
        while (core.placeOf(task) < returned && core.enabledThreads().includes(task)) {
          this.#step(task);
          again = true;
        }
      }
    }
  }
}
