// Write-back and reclaim at any time beside random programs: the laws hold, steps touch what they declare, and
// nobody who is promised his bytes can tell that a page was away.

import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import debugCore from "../../build/core/debug.js";
import { environments, programs, schedules } from "../../src/arbitraries/index.js";
import { parseProgram } from "../../src/language/index.js";
import type { Program } from "../../src/language/program.js";
import { Core, TooLarge } from "../../src/model/core.js";
import { parsePolicy } from "../../src/model/policies.js";
import { parseProfile } from "../../src/model/profiles.js";
import { traceOfSteps } from "../../src/model/trace.js";
import type { Trace } from "../../src/trace/trace.js";
import { SETTINGS, SMALL_FILES, describeCase, setupOf, withDaemons } from "../helpers/cases.js";
import type { Setting } from "../helpers/cases.js";
import { brokenLaw, differsFromCopy } from "../helpers/laws.js";
import { RUNS_FACTOR } from "../seed.js";

/** A core that has trapped cannot be used again: shrinking goes on with a new one. */
let core = new Core();
let checked = new Core(debugCore);
let runs = 0;
let tooLarge = 0;

type Check = typeof brokenLaw;

function holds(check: Check, numRuns: number, on: () => Core, callsMax: number): void {
  const program = programs({ ...SMALL_FILES, threadsMax: 3, callsMax }).map(withDaemons);
  fc.assert(
    fc.property(
      ...[program, environments(), schedules(200), fc.constantFrom(...SETTINGS)],
      (each, environment, schedule, setting: Setting) => {
        const setup = { ...setupOf(each, setting), environment };
        runs++;
        try {
          on().reset(setup);
        } catch (error) {
          if (!(error instanceof TooLarge)) throw error;
          tooLarge++;
          return;
        }
        const failure = check(on(), setup, schedule);
        if (failure === undefined) return;
        core = new Core();
        checked = new Core(debugCore);
        throw new Error(describeCase(setup, schedule, failure));
      },
    ),
    { numRuns: numRuns * RUNS_FACTOR },
  );
}

afterAll(() => {
  console.log(`background: ${runs} runs, ${tooLarge} of them with too many actions`);
  expect(tooLarge).toBeLessThan(runs / 4);
});

test("all laws hold after every step", () => {
  holds(brokenLaw, 1500, () => core, 10);
});

test("no step touches what it did not declare", () => {
  holds(brokenLaw, 300, () => checked, 10);
});

test("call by call, whoever keeps P1 gives the outcomes of copy without them", () => {
  holds(differsFromCopy, 40, () => core, 4);
});

/** Runs one thread beside one page of `f`: action 1 is its write-back, action 2 its reclaim. */
function run(calls: string, schedule: readonly number[], policy = "linux"): Trace {
  const text = `litmus x\nfile f\npipe p\nbackground writeback\nbackground reclaim\nthread a {\n${calls}\n}\n`;
  const program: Program = parseProgram(text).program!;
  const setting = { profile: parseProfile("6.18/ext4"), policy: parsePolicy(policy) };
  return traceOfSteps(core, setupOf(program, setting), schedule);
}
/** The steps of a trace by name, those of threads apart. */
const daemonSteps = ({ steps }: Trace): string[] =>
  steps.flatMap(({ background, phase }) =>
    background === undefined ? [] : [`${background}: ${phase}`],
  );

const CALL = (steps: number): number[] => Array.from({ length: steps }, () => 0);
/** Steps of a pwrite of one page under linux: enter, i_rwsem, folio, store, stored, unlock. */
const PWRITE = CALL(6);

describe("a page of ext4", () => {
  test("is written back, dropped and read again", () => {
    const calls = "pwrite(f, 0x11 * 4096, 0)\nr = pread(f, 4096, 0)";
    const trace = run(calls, [...PWRITE, 1, 2]);
    expect(daemonSteps(trace)).toEqual([
      "writeback of page 0 of f: write page",
      "reclaim of page 0 of f: drop page",
    ]);
    expect(trace.price).toMatchObject({ pagesWritten: 1, pagesReadBack: 1 });
    expect(trace.outcome.results[1]!.data).toEqual(new Uint8Array(4096).fill(0x11));
  });

  test("is not dropped while it is dirty, nor while a pipe holds it", () => {
    const calls = "pwrite(f, 0x11 * 4096, 0)\nsplice(f, 0, p.w, NULL, 4096, 0)";
    const enabledAfter = (schedule: readonly number[]): number[] => {
      run(calls, schedule);
      return core.enabled();
    };
    expect(enabledAfter(PWRITE)).toEqual([1]);
    expect(run(calls, [...PWRITE, 2]).steps.some(({ task }) => task === 2)).toBe(false);
    expect(enabledAfter([...PWRITE, 1])).toEqual([]);
  });

  test("is not written back while its writer has it locked", () => {
    const stored = run("pwrite(f, 0x11 * 4096, 0)", [...PWRITE.slice(0, 4), 1]);
    expect(stored.steps.map(({ task }) => task)).toEqual(PWRITE);
  });

  test("loses its flag of the mail with the cache", () => {
    const calls =
      "pwrite(f, 0x11 * 4096, 0)\nsplice(f, 0, p.w, NULL, 4096, 0)\nread(p.r, 4096)\npwrite(f, 0x22 * 4096, 0)";
    const spliced = [...CALL(7), ...CALL(5), ...CALL(5)];
    expect(run(calls, [...spliced], "cow-mail").price!.pagesCopied).toBe(1);
    expect(run(calls, [...spliced, 1, 2], "cow-mail").price!.pagesCopied).toBe(0);
  });
});
