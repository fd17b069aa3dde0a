// The random programs of `kernel --random`: each one found again by its seed and number.
//
// Interface: caseOf.

import { randomProgram } from "../arbitraries/random.js";
import type { Sample } from "../arbitraries/index.js";

/** The program with this number. Of six, one may use sockets and one may map files, so that the mail's race stays
 *  frequent; wires have no kernel. */
export const caseOf = (seed: number, index: number): Sample =>
  randomProgram(seed, index, { sockets: index % 6 === 1, memory: index % 6 === 4 });
