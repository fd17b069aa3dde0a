// Programs with numbers that nobody would choose: whatever the language accepts, the core runs without a
// trap and to an end, keeps its laws, or says that the run is too large or not modelled.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { environments, programs, schedules } from "../../src/arbitraries/index.js";
import { parseProgram, printProgram } from "../../src/language/index.js";
import type { Call, Operand, Program } from "../../src/language/program.js";
import { Core, TooLarge } from "../../src/model/core.js";
import type { Setup } from "../../src/model/core.js";
import { SETTINGS, describeCase, guarded, setupOf } from "../helpers/cases.js";
import { brokenLaw } from "../helpers/laws.js";
import { RUNS_FACTOR } from "../seed.js";

/** Replaces the number of one operand. */
interface Change {
  readonly call: number;
  readonly operand: number;
  readonly value: bigint;
}

const powers = fc
  .tuple(fc.nat(64), fc.constantFrom(-1n, 0n, 1n), fc.constantFrom(-1n, 1n))
  .map(([exponent, more, sign]) => sign * (2n ** BigInt(exponent) + more));
const values = fc.oneof(powers, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }));
const changes = fc.array(fc.record({ call: fc.nat(11), operand: fc.nat(5), value: values }), {
  minLength: 1,
  maxLength: 6,
});

function changed(program: Program, list: readonly Change[]): Program {
  const operandOf = (call: Call, index: number, operand: Operand): Operand => {
    const change = list.find((each) => each.call === call.id && each.operand === index);
    if (change === undefined) return operand;
    const isNumber = operand.kind === "int" || operand.kind === "pointer";
    return isNumber ? { ...operand, value: change.value } : operand;
  };
  const threads = program.threads.map((thread) => ({
    ...thread,
    calls: thread.calls.map((call) => ({
      ...call,
      operands: call.operands.map((operand, index) => operandOf(call, index, operand)),
    })),
  }));
  return { ...program, threads };
}

const counts = { refused: 0, tooLarge: 0, unmodelled: 0, ran: 0 };
/** A core that has trapped cannot be used again: shrinking goes on with a new one. */
let core = new Core();

/** Runs what the language accepts, and counts how it went. */
function tryRun(setup: Setup, schedule: Uint8Array): void {
  const failure = guarded(() => {
    if (isTooLarge(setup)) {
      counts.tooLarge++;
      return undefined;
    }
    const broken = brokenLaw(core, setup, schedule);
    if (core.unmodelled() === undefined) counts.ran++;
    else counts.unmodelled++;
    return broken;
  });
  if (failure === undefined) return;
  core = new Core();
  throw new Error(describeCase(setup, schedule, failure));
}

function isTooLarge(setup: Setup): boolean {
  try {
    core.reset(setup);
    return false;
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    return true;
  }
}

afterAll(() => {
  console.log(`absurd numbers: ${JSON.stringify(counts)}`);
});

test("absurd numbers neither trap nor hang the core", { timeout: 60_000 * RUNS_FACTOR }, () => {
  fc.assert(
    fc.property(
      ...[programs({ callsMax: 12 }), changes, schedules(100), fc.constantFrom(...SETTINGS)],
      environments(),
      (program, list, schedule, setting, environment) => {
        const text = printProgram(changed(program, list));
        const parsed = parseProgram(text);
        if (parsed.program === undefined) {
          expect(parsed.diagnostics.length, text).toBeGreaterThan(0);
          counts.refused++;
          return;
        }
        expect(printProgram(parsed.program)).toBe(text);
        tryRun({ ...setupOf(parsed.program, setting), environment }, schedule);
      },
    ),
    { numRuns: 1000 * RUNS_FACTOR },
  );
  expect(counts.ran).toBeGreaterThan(counts.refused / 20);
});

test.each([
  ["pread(f, -1, 0)\n  pwrite(f, 0x22 * 4096, 4291062171)"],
  [
    "pread(f, 2147483648, 0)\n  pread(f, 2147483648, 0)\n  pread(f, 2, 0)\n  ftruncate(f, 2147483647)",
  ],
])("reads that no state has room for are refused: %s", (calls) => {
  const { program } = parseProgram(`litmus x\nfile f = 0x11 * 4096\nthread a {\n  ${calls}\n}\n`);
  expect(isTooLarge(setupOf(program!, SETTINGS[0]!))).toBe(true);
});
