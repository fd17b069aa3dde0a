// What `npm run bench -- page` steps through: the scenario of the corpus with most to draw, and a run of ten thousand
// steps.
//
// Interface: Scenario, largestScenario, longScenario.

import { readFileSync } from "node:fs";
import { parseProgram } from "../../src/language/parse-program.js";
import { Core, TooLarge } from "../../src/model/core.js";
import { parsePolicy } from "../../src/model/policies.js";
import { parseProfile } from "../../src/model/profiles.js";
import { traceOf } from "../../src/model/trace.js";
import { ENVIRONMENT } from "../../src/trace/environment.js";
import type { Trace } from "../../src/trace/trace.js";
import { filesUnder, inRoot } from "../paths.js";

/** A scenario, and the run that the page opens it with. */
export interface Scenario {
  readonly name: string;
  readonly text: string;
  readonly model: typeof MODEL;
  readonly steps: number;
}

const MODEL = { profile: "6.18/ext4", policy: "linux" };
const core = new Core();

function runOf(text: string): Trace | undefined {
  const { program } = parseProgram(text);
  if (program === undefined) return undefined;
  const model = { profile: parseProfile(MODEL.profile), policy: parsePolicy(MODEL.policy) };
  try {
    return traceOf(core, { program, ...model, environment: ENVIRONMENT }, []);
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

const scenarioOf = (text: string, { program, steps }: Trace): Scenario => ({
  ...{ name: program.name, text, model: MODEL, steps: steps.length },
});

/** Folios at the fullest moment. */
const foliosOf = ({ steps }: Trace): number =>
  Math.max(0, ...steps.map(({ world }) => world.folios.length));

/** The scenario with most folios at a time; of those, with most steps. */
export function largestScenario(): Scenario {
  const runs = filesUnder("litmus")
    .filter((file) => file.endsWith(".litmus"))
    .flatMap((file) => {
      const text = readFileSync(inRoot(file), "utf8");
      const trace = runOf(text);
      return trace === undefined ? [] : [{ text, trace, folios: foliosOf(trace) }];
    })
    .sort((a, b) => b.folios - a.folios || b.trace.steps.length - a.trace.steps.length);
  return scenarioOf(runs[0]!.text, runs[0]!.trace);
}

/** Of 200 that a scenario may have; each takes 52 steps. */
const CALLS = 196;

/** Two threads that copy sixteen pages at a time, over and over: ten thousand steps. */
export function longScenario(): Scenario {
  const call = "  copy_file_range(f, 0, g, 0, 65536, 0)\n";
  const thread = (name: string): string => `thread ${name} {\n${call.repeat(CALLS / 2)}}\n`;
  const files = "file f = 0x11 * 65536\nfile g = 0x22 * 65536\n";
  const text = `litmus long\n${files}${thread("a")}${thread("b")}`;
  const trace = runOf(text);
  if (trace === undefined) throw new Error("the long scenario does not run");
  return scenarioOf(text, trace);
}
