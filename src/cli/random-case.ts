// The random programs of `kernel --random`: each one found again by its seed and number.
//
// Interface: caseOf.

import { randomProgram } from "../arbitraries/random.js";
import type { Sample } from "../arbitraries/index.js";

/** The program with this number. Of twelve, two may use sockets, three may map files, two may do what concerns the names and
 *  the disk of files, one may open devices, one FIFOs, three may have memory in segments, and four move bytes in other ways than
 *  splice does, so that the mail's race stays
 *  frequent; wires have no kernel. */
export const caseOf = (seed: number, index: number): Sample => {
  const sockets = index % 6 === 1;
  const storage = index % 6 === 5;
  const devices = index % 12 === 8;
  const fifos = index % 12 === 10;
  const vectors = [2, 7, 11].includes(index % 12);
  const memory = index % 6 === 4 || index % 12 === 5;
  const moves = index % 3 === 1;
  return randomProgram(seed, index, { sockets, memory, moves, storage, devices, fifos, vectors });
};
