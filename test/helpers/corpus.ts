// The scenarios of one thread, and of chains, in litmus/, and what their .expected files say of each profile.
//
// Interface: CORPUS, corpusCase, otherVerdict.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { verdict } from "../../src/compare/judge.js";
import { verdictOf } from "../../src/cli/verdict.js";
import { parseProgram } from "../../src/language/parse-program.js";
import type { Program } from "../../src/language/program.js";
import type { Core, Setup } from "../../src/model/core.js";
import { outcomesOfPicks } from "../../src/model/schedule.js";
import { guarded } from "./cases.js";
import type { Case } from "./cases.js";

interface Entry {
  readonly program: Program;
  /** What is expected where no profile says otherwise, then by profile. */
  readonly usual: string;
  readonly others: ReadonlyMap<string, string>;
}

export const CORPUS: readonly Entry[] = readdirSync("litmus", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".litmus"))
  .sort()
  .flatMap((file) => {
    const path = `litmus/${file}`;
    const { program } = parseProgram(readFileSync(path, "utf8"));
    const expected = path.replace(/litmus$/, "expected");
    const threads = program?.threads.filter(({ chain }) => chain === undefined);
    if (program === undefined || threads?.length !== 1) return [];
    if (program.wires.length > 0 || !existsSync(expected)) return [];
    const lines = readFileSync(expected, "utf8").trimEnd().split("\n").slice(3);
    const others = lines.flatMap((line) => {
      const [, profile, told] = /^But on (\S+): (.*)$/.exec(line) ?? [];
      return profile === undefined ? [] : [[profile, told!] as const];
    });
    const usual = lines.filter((line) => !line.startsWith("But on ")).join("; ");
    return [{ program, usual, others: new Map(others) }];
  });

/** The nth scenario, in its only order. */
export const corpusCase = (_seed: number, index: number): Case => ({
  program: CORPUS[index]!.program,
  schedule: new Uint8Array(),
});

/** What a scenario shows that its .expected file does not say. */
export function otherVerdict(core: Core, setup: Setup): string | undefined {
  return guarded(() => {
    const { program, profile } = setup;
    const entry = CORPUS.find((each) => each.program === program)!;
    const { outcomes, unmodelled } = outcomesOfPicks(core, setup, []);
    if (unmodelled !== undefined) return unmodelled;
    const { observation, positive, negative, holds } = verdict(program, outcomes);
    const shown = [
      `Observation ${program.name} ${observation} ${positive} ${negative}`,
      `Condition ${holds === true ? "holds" : "does not hold"}`,
      ...new Set(outcomes.flatMap((each) => verdictOf(program, each).unexpected)),
    ];
    const told = shown.map((line, i) => (i < 2 ? line : `Unexpected ${line}`)).join("; ");
    const wanted = entry.others.get(profile.name) ?? entry.usual;
    return told === wanted ? undefined : `expected "${wanted}", got "${told}"`;
  });
}
