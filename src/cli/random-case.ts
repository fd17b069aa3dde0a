// The random programs of `kernel --random`: each one found again by its seed and number.
//
// Interface: caseOf.

import { randomProgram } from "../arbitraries/random.js";
import type { Sample } from "../arbitraries/index.js";

/** The program with this number. Of twelve, two may use sockets, two may map files, and four move bytes in other ways than
 *  splice does, so that the mail's race stays frequent; wires have no kernel. */
export const caseOf = (seed: number, index: number): Sample => {
  const sockets = index % 6 === 1;
  const memory = index % 6 === 4;
  return randomProgram(seed, index, { sockets, memory, moves: index % 3 === 1 });
};
