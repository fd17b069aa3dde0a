// The random programs of `kernel --random`: each one found again by its seed and number.
//
// Interface: caseOf; PARTS_HELP, partList: what all of them are to have.

import { randomProgram } from "../arbitraries/random.js";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import type { Sample } from "../arbitraries/index.js";

/** What programs may be asked to have: constraints of the generator. */
const PARTS = [
  "sockets",
  "memory",
  "moves",
  "storage",
  "devices",
  "fifos",
  "direct",
  "vectors",
  "memfds",
  "io_uring",
] as const;
/** A part; "caches" is asked for by --drop-caches. */
export type Part = (typeof PARTS)[number] | "caches";
export const PARTS_HELP = `what every random program may have: some of ${PARTS.join(", ")}`;

/** The parts that a list names. Throws InvalidArgumentError. */
export function partList(text: string): Part[] {
  return text.split(",").map((name) => {
    const part = PARTS.find((each) => each === name);
    if (part === undefined)
      throw new InvalidArgumentError(`${name} is none of ${PARTS.join(", ")}`);
    return part;
  });
}

/** The program with this number. Of twelve, two may use sockets (one of eight of them TCP, whose timers take time), four may map
 *  files, two may do what concerns the names and the disk of files, one may open devices, one FIFOs, one (and half of one more) files
 *  with O_DIRECT, one may make memfds, a quarter of one has io_uring make its requests, three may have memory in segments, and five move bytes in other ways than splice does, so that
 *  the mail's race stays frequent; wires have no kernel. `parts`: what every program may have, too. */
export const caseOf = (seed: number, index: number, parts: readonly Part[] = []): Sample => {
  const sockets = index % 6 === 1;
  const tcp = index % 48 === 1 || parts.includes("sockets");
  const storage = index % 6 === 5;
  const devices = index % 12 === 8;
  const fifos = index % 12 === 10;
  const direct = index % 12 === 6 || index % 24 === 4;
  const vectors = [2, 7, 11].includes(index % 12);
  const memfds = index % 12 === 3;
  const uring = index % 48 === 9;
  const memory = index % 6 === 4 || index % 12 === 5 || memfds;
  const moves = index % 3 === 1 || memfds;
  const others = { tcp, storage, devices, fifos, direct, vectors, memfds, uring };
  const asked = Object.fromEntries(
    parts.map((part) => [part === "io_uring" ? "uring" : part, true]),
  );
  return randomProgram(seed, index, { sockets, memory, moves, ...others, ...asked });
};
