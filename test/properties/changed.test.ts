// Programs that no generator would write, their operands changed by chance: descriptors of another kind, numbers from the edges.
// Every law holds after every step, and no step touches what it did not declare.

import { expect, test } from "vitest";
import debugCore from "../../build/core/debug.js";
import { Core } from "../../src/model/core.js";
import { EVERYTHING, SETTINGS, describeCase, randomCase, setupOf } from "../helpers/cases.js";
import { brokenLaw } from "../helpers/laws.js";
import { numbersBelow } from "../helpers/numbers.js";
import { changeOperands } from "../helpers/operands.js";
import { RUNS_FACTOR, SEED } from "../seed.js";

const PROGRAMS = 600;
const WIRES_EVERY = 12;

test("laws hold with changed operands, and no step touches what it did not declare", () => {
  const checked = new Core(debugCore);
  const below = numbersBelow(SEED);
  for (let index = 0; index < PROGRAMS * RUNS_FACTOR; index++) {
    const constraints = { ...EVERYTHING, wires: index % WIRES_EVERY === 0 };
    const { program, schedule } = randomCase(SEED, index, constraints);
    const setup = setupOf(changeOperands(program, below), SETTINGS[below(SETTINGS.length)]!);
    const failure = brokenLaw(checked, setup, schedule);
    if (failure !== undefined) expect.fail(describeCase(setup, schedule, failure));
  }
});
