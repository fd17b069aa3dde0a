// The calls on /dev/null and /dev/zero in generated programs: what is thrown away, and pages of nobody's zeros.
//
// Interface: DEVICE_KINDS.

import { O_RDONLY, O_RDWR, O_WRONLY } from "../../assembly/abi/fcntl.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import { DEVICES } from "../language/program.js";
import type { Operand } from "../language/program.js";
import { filledEnd, fd, int, NULL, spliceFlags } from "./calls.js";
import type { CallKind, Decoded, Site } from "./calls.js";

const MODES = [O_RDWR, O_RDONLY, O_WRONLY] as const;

/** One in four is used as a file from then on, the others by the kinds below. */
function openDevice({ digits, context, thread, id }: Site): Decoded {
  const device = digits.of(DEVICES);
  context.makeResult(thread, digits.rarely(25) ? "file" : "device", id);
  const flags = int(MODES[digits.weighted([80, 10, 10])]!);
  return { syscall: "open", operands: [{ kind: "name", name: device.name }, flags, int(0)] };
}

/** A device that the thread has opened; undefined if there is none. */
const made = ({ context, digits, thread }: Site): Operand | undefined =>
  context.madeFd(digits, thread, "device");

const LENGTHS = [PAGE_SIZE, 2 * PAGE_SIZE, 65536] as const;
const length = (site: Site): Operand => int(LENGTHS[site.digits.weighted([60, 30, 10])]!);

function spliceIn(site: Site): Decoded {
  const from = made(site);
  if (from === undefined) return openDevice(site);
  const to = fd(site, "write-end");
  if (to.kind === "pipe") site.context.filled.add(to.pipe);
  const at: Operand = site.digits.rarely(20) ? { kind: "pointer", value: 4096n } : NULL;
  const operands = [from, at, to, NULL, length(site), spliceFlags(site)];
  return { syscall: "splice", operands };
}

function spliceOut(site: Site): Decoded {
  const to = made(site);
  if (to === undefined) return openDevice(site);
  const operands = [filledEnd(site), NULL, to, NULL, length(site), spliceFlags(site)];
  return { syscall: "splice", operands };
}

/** The kinds. */
export const DEVICE_KINDS: readonly CallKind[] = [
  { weight: 9, place: 0, decode: openDevice },
  { weight: 7, place: 4, decode: spliceIn },
  { weight: 7, place: 6, decode: spliceOut },
];
