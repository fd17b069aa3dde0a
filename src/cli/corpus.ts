// A corpus of scenarios: what each one shows on the model, against what was written down.
//
//   x.litmus, x.expected (policy linux), x.POLICY.expected for every other policy that matters
//
// Interface: corpusOf, CorpusCase; summaryOf, claimsOf, Claim.
// A summary is herd's: every order of starting the calls, call by call, and of the steps that the kernel
// takes on its own between them. Interleavings inside calls are not followed.

import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { outcomeKey } from "../trace/outcome-key.js";
import { judge, verdict } from "../compare/judge.js";
import { callSchedules } from "../kernel/schedules.js";
import type { Program } from "../language/program.js";
import { Core } from "../model/core.js";
import type { Setup } from "../model/core.js";
import { outcomesOfOrders } from "../model/orders.js";
import { PROFILES } from "../model/profiles.js";
import { outcomesOfPicks } from "../model/schedule.js";
import type { Outcome } from "../trace/outcome.js";
import { CannotRun } from "./exit.js";
import { whyOf } from "./files.js";
import { setupOf } from "./scenario.js";
import type { ModelOptions } from "./scenario.js";
import { verdictOf } from "./verdict.js";

/** A scenario and one policy. */
export interface CorpusCase {
  readonly scenario: string;
  readonly policy: string;
  readonly expected: string;
}

/** Orders of starting calls that a summary follows at most. */
const SCHEDULES_MAX = 1000;

/** The cases of a folder, by name, or of one scenario; one without any .expected gets the one of `linux`. */
export async function corpusOf(path: string): Promise<CorpusCase[]> {
  const isOne = path.endsWith(".litmus");
  const folder = isOne ? dirname(path) : path;
  const files = await readdir(folder, { recursive: !isOne }).catch((error: unknown) => {
    const remedy = "name a scenario, or a folder of scenarios";
    throw new CannotRun(`${path} cannot be read: ${whyOf(error)}`, remedy);
  });
  return files
    .filter((file) => (isOne ? file === basename(path) : file.endsWith(".litmus")))
    .sort()
    .flatMap((file) => casesOf(folder, file, files));
}

function casesOf(folder: string, file: string, files: readonly string[]): CorpusCase[] {
  const stem = basename(file, ".litmus");
  const policies = files
    .filter((each) => dirname(each) === dirname(file) && basename(each).startsWith(`${stem}.`))
    .flatMap((each) => /^\.(.+)\.expected$/.exec(basename(each).slice(stem.length))?.[1] ?? []);
  return ["linux", ...policies.sort()].map((policy) => {
    const suffix = policy === "linux" ? "" : `.${policy}`;
    const expected = join(folder, dirname(file), `${stem}${suffix}.expected`);
    return { scenario: join(folder, file), policy, expected };
  });
}

interface Seen {
  readonly outcomes: readonly Outcome[];
  readonly unmodelled?: string;
  /** How many schedules were followed, in words. */
  readonly schedules: string;
}

function everySchedule(core: Core, setup: Setup): Seen {
  const schedules = callSchedules(setup.program, SCHEDULES_MAX + 1);
  const outcomes: Outcome[] = [];
  for (const picks of schedules.slice(0, SCHEDULES_MAX)) {
    const { outcomes: some, unmodelled } = outcomesOfPicks(core, setup, picks);
    if (unmodelled !== undefined) return { outcomes, unmodelled, schedules: "" };
    outcomes.push(...some);
  }
  const more = schedules.length > SCHEDULES_MAX ? ", of more" : "";
  return { outcomes, schedules: `${Math.min(schedules.length, SCHEDULES_MAX)}${more}` };
}

/** Distinct outcomes are counted, not schedules: there are far more orders than outcomes. */
function everyOrder(core: Core, setup: Setup): Seen {
  const { complete, outcomes: all, ...rest } = outcomesOfOrders(core, setup);
  const distinct = new Map(all.map((outcome) => [outcomeKey(outcome), outcome]));
  const outcomes = [...distinct.values()];
  return {
    ...rest,
    outcomes,
    schedules: complete ? "all, with background steps" : "some, of more",
  };
}

/** What a scenario shows with one profile and policy. */
export interface Claim {
  readonly profile: string;
  /** The lines that tell it. */
  readonly lines: readonly string[];
}

/** What a scenario shows, as its .expected file says it: with the default profile, then where others differ. */
export function summaryOf(program: Program, options: ModelOptions): string {
  const [first, ...others] = claimsOf(program, options);
  const { schedules, outcomes, policy } = first!;
  return [
    `Test ${program.name} ${program.condition?.quantifier ?? "without a condition"}`,
    `Profile ${first!.profile}, policy ${policy}`,
    ...(schedules === "" ? [] : [`Schedules ${schedules}, outcomes ${outcomes}`]),
    ...first!.lines,
    ...others
      .filter(({ lines }) => lines.join() !== first!.lines.join())
      .map(({ profile, lines }) => `But on ${profile}: ${lines.join("; ")}`),
    "",
  ].join("\n");
}

/** The same as data, the default profile first. */
export function claimsOf(
  program: Program,
  options: ModelOptions,
): (Claim & { readonly schedules: string; readonly outcomes: number; readonly policy: string })[] {
  const core = new Core();
  const names =
    options.profile === undefined ? PROFILES.map(({ name }) => name) : [options.profile];
  return names.map((profile) => {
    const setup = setupOf(program, { ...options, profile });
    const policy = setup.policy.name;
    const { outcomes, unmodelled, schedules } =
      program.wires.length > 0 ? everyOrder(core, setup) : everySchedule(core, setup);
    if (unmodelled !== undefined)
      return {
        profile,
        policy,
        schedules: "",
        outcomes: 0,
        lines: [`Not modelled: ${unmodelled}`],
      };
    const { filter } = program;
    const kept = outcomes.filter((each) => filter === undefined || judge(program, filter, each));
    const { observation, positive, negative, holds } = verdict(program, outcomes);
    const unexpected = new Set(outcomes.flatMap((each) => verdictOf(program, each).unexpected));
    const lines = [
      `Observation ${program.name} ${observation} ${positive} ${negative}`,
      `Condition ${holds === "unknown" ? "unknown" : holds ? "holds" : "does not hold"}`,
      ...[...unexpected].map((line) => `Unexpected ${line}`),
    ];
    return { profile, policy, schedules, outcomes: kept.length, lines };
  });
}
