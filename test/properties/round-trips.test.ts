// A program comes back from its text and from its words; both are the same the second time.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { programs } from "../../src/arbitraries/index.js";
import { encode } from "../../src/language/encode.js";
import { parseProgram, printProgram } from "../../src/language/index.js";
import { CORNERS } from "../helpers/cases.js";
import { meaningOf, readWords } from "../helpers/words.js";
import { RUNS_FACTOR } from "../seed.js";

const anyProgram = programs({ threadsMax: 4, callsMax: 20 });
const parameters = { numRuns: 500 * RUNS_FACTOR };

describe("a generated program", () => {
  test("comes back from its text", () => {
    fc.assert(
      fc.property(anyProgram, (program) => {
        expect(parseProgram(printProgram(program)).program).toStrictEqual(program);
      }),
      parameters,
    );
  });

  test("comes back from its words, as far as words tell", () => {
    fc.assert(
      fc.property(anyProgram, (program) => {
        expect(readWords(encode(program))).toStrictEqual(meaningOf(program));
      }),
      parameters,
    );
  });
});

test.each(CORNERS.map((program) => ({ name: program.name, program })))(
  "the corner $name comes back from both",
  ({ program }) => {
    expect(parseProgram(printProgram(program)).program).toStrictEqual(program);
    expect(readWords(encode(program))).toStrictEqual(meaningOf(program));
  },
);
