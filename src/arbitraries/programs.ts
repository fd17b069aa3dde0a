// fast-check arbitraries for programs and schedules.
//
// Interface: programs, samples, schedules, picksOf.
// They are synchronous and unbiased: fast-check's habit of trying extreme numbers first would make
// most early programs alike. Shrinking leaves calls out and makes operands simpler, first choice
// first; every shrunk value is a valid program.

import fc from "fast-check";
import { callsOf } from "../language/program.js";
import type { Program } from "../language/program.js";
import { limitsOf } from "./constraints.js";
import type { ProgramConstraints } from "./constraints.js";
import { decodeProgram } from "./decode.js";
import type { Sample } from "./decode.js";
import { NUMBER_MAX } from "./digits.js";

/** Programs together with the schedule that runs their calls in the order of their generation. */
export function samples(constraints: ProgramConstraints = {}): fc.Arbitrary<Sample> {
  const limits = limitsOf(constraints);
  const number = fc.nat(NUMBER_MAX);
  // Half as long again as is used: programs of full length are the likely ones.
  const maxLength = Math.ceil(limits.callsMax * 1.5);
  const numbers = fc.array(number, { minLength: 1, maxLength, size: "max" });
  return fc
    .noBias(fc.tuple(number, numbers))
    .map(([head, rest]) => decodeProgram(head, rest, limits));
}

/** Valid programs of 1 to `callsMax` calls. */
export function programs(constraints: ProgramConstraints = {}): fc.Arbitrary<Program> {
  return samples(constraints).map((sample) => sample.program);
}

/** Schedules at the grain of steps: each byte, modulo the number of enabled steps, chooses the next
 *  one, with the task that ran last as 0. Shrinks towards fewer switches. */
export function schedules(stepsMax = 64): fc.Arbitrary<Uint8Array> {
  return fc.noBias(fc.uint8Array({ maxLength: stepsMax, size: "max" }));
}

/** Schedules at the grain of calls for one program: the thread of each call to start. */
export function picksOf(program: Program): fc.Arbitrary<number[]> {
  const maxLength = callsOf(program).length;
  return fc.array(fc.nat(program.threads.length - 1), { maxLength, size: "max" });
}
