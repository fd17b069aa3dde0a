// The random programs of `kernel --random`: each one found again by its seed and number.
//
// Interface: caseOf.

import { randomProgram } from "../arbitraries/random.js";
import type { Sample } from "../arbitraries/index.js";

/** The program with this number. Every second one may use sockets; wires have no kernel. */
export const caseOf = (seed: number, index: number): Sample =>
  randomProgram(seed, index, { sockets: index % 2 === 1 });
