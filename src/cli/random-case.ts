// The random programs of `kernel --random`: each one found again by its seed and number.
//
// Interface: caseOf.

import { randomProgram } from "../arbitraries/random.js";
import type { Sample } from "../arbitraries/index.js";

/** The program with this number. Of twelve, two may use sockets, two may map files, two may do what concerns their names
 *  and their disk, one of these with maps too, and one may open devices, so that the mail's race stays frequent; wires
 *  have no kernel. */
export const caseOf = (seed: number, index: number): Sample => {
  const storage = index % 6 === 5;
  const devices = index % 12 === 8;
  const memory = index % 6 === 4 || (storage && index % 12 === 5);
  return randomProgram(seed, index, { sockets: index % 6 === 1, memory, storage, devices });
};
