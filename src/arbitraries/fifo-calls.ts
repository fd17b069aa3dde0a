// The calls on FIFOs in generated programs.
//
// Interface: FIFO_KINDS.
// All FIFOs of a program have the name of the file that it does not declare, but for a few that fail.

import {
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  POLLIN,
  POLLOUT,
} from "../../assembly/abi/fcntl.js";
import type { Operand } from "../language/program.js";
import { NULL, amount, count, data, fd, filledEnd, fillingEnd, int, offset } from "./calls.js";
import { pageOffset, pointer, spliceFlags } from "./calls.js";
import type { CallKind, Decoded, Site } from "./calls.js";
import type { Role } from "./context.js";

/** The FIFO's name, or, now and then, a declared file's. */
function name({ digits, context }: Site): Operand {
  if (digits.rarely(6)) return { kind: "name", name: digits.pick(2) - 1 };
  context.newNameUsed = true;
  return { kind: "name", name: context.declared.files.length };
}

function make(site: Site): Decoded {
  site.context.fifoMade = true;
  return { syscall: "mkfifo", operands: [name(site), int(0o600)] };
}

/** A writer that does not wait stands behind the readers that do not: it needs one. */
const MODES = [
  O_RDWR,
  O_RDONLY | O_NONBLOCK,
  O_WRONLY | O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
  O_RDWR | O_NONBLOCK,
] as const;

function open(site: Site): Decoded {
  const { digits, context, thread, id } = site;
  if (!context.fifoMade && !digits.rarely(5)) return make(site);
  const flags = MODES[digits.weighted([26, 24, 14, 14, 14, 8])]!;
  const mode = flags & (O_WRONLY | O_RDWR);
  if (mode !== O_WRONLY) context.makeResult(thread, "read-end", id);
  if (mode !== O_RDONLY) context.makeResult(thread, "write-end", id);
  return { syscall: "open", operands: [name(site), int(flags), int(0)] };
}

/** An end that the thread has opened; undefined if there is none. */
const made = ({ context, digits, thread }: Site, role: Role): Operand | undefined =>
  context.madeFd(digits, thread, role);

function fill(site: Site): Decoded {
  const to = made(site, "write-end");
  if (to === undefined) return open(site);
  const flags = spliceFlags(site);
  switch (site.digits.weighted([45, 35, 10, 10])) {
    case 0:
      return { syscall: "write", operands: [to, data(site, amount(site))] };
    case 1: {
      const at = pointer(offset(site));
      const operands = [fd(site, "file"), at, to, NULL, int(count(site)), flags];
      return { syscall: "splice", operands };
    }
    case 2:
      return { syscall: "tee", operands: [filledEnd(site), to, int(count(site)), flags] };
    default: {
      const operands = [filledEnd(site), NULL, to, NULL, int(count(site)), flags];
      return { syscall: "splice", operands };
    }
  }
}

function drain(site: Site): Decoded {
  const from = made(site, "read-end");
  if (from === undefined) return open(site);
  switch (site.digits.weighted([60, 20, 20])) {
    case 0:
      return { syscall: "read", operands: [from, int(count(site))] };
    case 1: {
      const at = pageOffset(site);
      const len = int(site.context.budget.takeAt(at, amount(site)));
      const operands = [from, NULL, fd(site, "file"), pointer(at), len, spliceFlags(site)];
      return { syscall: "splice", operands };
    }
    default: {
      const to = fillingEnd(site);
      const operands = [from, NULL, to, NULL, int(count(site)), spliceFlags(site)];
      return { syscall: "splice", operands };
    }
  }
}

/** Of either end; one in four waits. */
function poll(site: Site): Decoded {
  const role = site.digits.of(["read-end", "write-end"] as const);
  const of = made(site, role);
  if (of === undefined) return open(site);
  const events = site.digits.of([POLLIN, POLLOUT, POLLIN | POLLOUT]);
  const timeout = site.digits.rarely(25) ? -1 : 0;
  return { syscall: "poll", operands: [of, int(events), int(timeout)] };
}

function close(site: Site): Decoded {
  const of = made(site, site.digits.of(["read-end", "write-end"] as const));
  return of === undefined ? open(site) : { syscall: "close", operands: [of] };
}

const unlink = (site: Site): Decoded => ({ syscall: "unlink", operands: [name(site)] });

/** The kinds. */
export const FIFO_KINDS: readonly CallKind[] = [
  { weight: 8, place: 0, decode: make },
  { weight: 30, place: 1, decode: open },
  { weight: 18, place: 5, decode: fill },
  { weight: 16, place: 8, decode: drain },
  { weight: 6, place: 7, decode: poll },
  { weight: 12, place: 9, decode: close },
  { weight: 2, place: 7, decode: unlink },
];
