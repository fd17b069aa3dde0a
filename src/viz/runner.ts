// Runs of the page: one program under one or two models, on one schedule.
//
// Interface: ModelName, Run, Choice, choicesAt, Grain, Order, Runner.
// The first model leads; the second follows it step by step (src/model/lock-step.ts).

import type { Program } from "../language/program.js";
import { Core, type Setup } from "../model/core.js";
import { follow } from "../model/lock-step.js";
import { parsePolicy } from "../model/policies.js";
import { parseProfile } from "../model/profiles.js";
import { traceOf, traceOfSteps } from "../model/trace.js";
import { ENVIRONMENT } from "../trace/environment.js";
import type { Trace } from "../trace/trace.js";
import type { World } from "../trace/world.js";
import { timelineOf, type Timeline } from "./scene/timeline.js";

/** A model, as the command line spells it: "6.18/ext4", "cow". */
export interface ModelName {
  readonly profile: string;
  readonly policy: string;
}

/** One run, or two side by side. */
export interface Run {
  readonly traces: readonly Trace[];
  readonly timeline: Timeline;
}

/** Who may go next. */
export interface Choice {
  readonly action: number;
  /** The thread's name, or "nic w: transmit" for what the kernel does on its own. */
  readonly name: string;
}

/** Who may go next at a moment. */
export const choicesAt = ({ tasks, background }: World, { threads }: Program): Choice[] => [
  ...tasks.flatMap(({ task, enabled }) =>
    enabled ? [{ action: task, name: threads[task]!.name }] : [],
  ),
  ...background.map(({ action, name, step }) => ({ action, name: `${name}: ${step}` })),
];

/** How far one choice goes: to the end of the call, or one step. */
export type Grain = "call" | "step";

/** Who goes when: the action of each step, or which thread starts each call; and whether copies may tear. */
export type Order = (
  { readonly steps: readonly number[] } | { readonly picks: readonly number[] }
) & { readonly tear?: boolean };

/** Folios in all moments of a run together: some seconds and some hundred MB at most. */
const KEPT_MAX = 1_000_000;

/** Runs on one instance of the core. */
export class Runner {
  readonly #core = new Core();

  /** Throws TooLarge, UnknownName, CoreTrap. */
  run(program: Program, models: readonly ModelName[], order: Order): Run {
    const [lead, ...others] = models.map((model) => setupOf(program, model, order.tear));
    if (lead === undefined) throw new Error("a run needs a model");
    const trace =
      "steps" in order
        ? traceOfSteps(this.#core, lead, order.steps, { keptMax: KEPT_MAX })
        : traceOf(this.#core, lead, order.picks, KEPT_MAX);
    const [other] = others;
    if (other === undefined) return { traces: [trace], timeline: timelineOf([trace]) };
    const followed = follow(this.#core, other, trace, KEPT_MAX);
    const traces = [trace, followed.trace];
    return { traces, timeline: timelineOf(traces, followed.pace) };
  }

  /** The same order of threads under another leading model. */
  moved(trace: Trace, model: ModelName): readonly number[] {
    return follow(this.#core, setupOf(trace.program, model, trace.tear), trace).trace.schedule;
  }

  /** The schedule that lets an action go next, and then keeps to the old order as far as it can. */
  forked(trace: Trace, done: number, action: number, grain: Grain): number[] {
    const core = this.#core;
    this.#goTo(trace, done);
    const schedule = trace.schedule.slice(0, done);
    const step = (task: number): void => {
      core.step(task);
      schedule.push(task);
    };
    step(action);
    while (grain === "call" && core.inside().includes(action) && core.enabled().includes(action))
      step(action);
    let ahead = schedule.length - done;
    for (const task of trace.schedule.slice(done)) {
      if (task === action && ahead > 0) ahead--;
      else if (core.enabled().includes(task)) step(task);
    }
    return schedule;
  }

  #goTo(trace: Trace, done: number): void {
    this.#core.reset(setupOf(trace.program, trace, trace.tear));
    for (const task of trace.schedule.slice(0, done)) this.#core.step(task);
  }
}

const setupOf = (
  program: Program,
  { profile, policy }: ModelName,
  tear: boolean | undefined,
): Setup => ({
  program,
  tear: tear === true,
  profile: parseProfile(profile),
  policy: parsePolicy(policy),
  environment: ENVIRONMENT,
});
