// The calls on memfds in generated programs: what seals forbid, and who is in their way.
//
// Interface: MEMFD_KINDS.

import {
  F_ADD_SEALS,
  F_GET_SEALS,
  F_SEAL_EXEC,
  F_SEAL_FUTURE_WRITE,
  F_SEAL_GROW,
  F_SEAL_SEAL,
  F_SEAL_SHRINK,
  F_SEAL_WRITE,
  MFD_ALLOW_SEALING,
  MFD_EXEC,
  MFD_NOEXEC_SEAL,
} from "../../assembly/abi/fcntl.js";
import {
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_READ,
  PROT_WRITE,
} from "../../assembly/abi/mman.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import type { Operand } from "../language/program.js";
import {
  amount,
  data,
  fd,
  filledEnd,
  int,
  NULL,
  offset,
  pointer,
  spliceFlags,
  spliceFrom,
} from "./calls.js";
import type { CallKind, Decoded, Site } from "./calls.js";

const FLAGS = [MFD_ALLOW_SEALING, MFD_NOEXEC_SEAL, 0, MFD_EXEC | MFD_NOEXEC_SEAL] as const;

/** The name, which nobody looks at, is that of the first file. */
function create({ digits, context, thread, id }: Site): Decoded {
  context.makeResult(thread, "memfd", id);
  const flags = int(FLAGS[digits.weighted([84, 8, 6, 2])]!);
  return { syscall: "memfd_create", operands: [{ kind: "name", name: 0 }, flags] };
}

/** A memfd that the thread has made; undefined if there is none. */
const made = ({ context, digits, thread }: Site): Operand | undefined =>
  context.madeFd(digits, thread, "memfd");

const SEALS = [
  F_SEAL_WRITE,
  F_SEAL_FUTURE_WRITE,
  F_SEAL_GROW,
  F_SEAL_SHRINK,
  F_SEAL_SEAL,
  F_SEAL_EXEC,
  F_SEAL_WRITE | F_SEAL_GROW,
  0x40,
] as const;

/** Now and then of a file that is no memfd. */
function addSeals(site: Site): Decoded {
  const of = site.digits.rarely(6) ? fd(site, "file") : made(site);
  if (of === undefined) return create(site);
  const seals = SEALS[site.digits.weighted([34, 18, 14, 14, 6, 4, 8, 2])]!;
  return { syscall: "fcntl", operands: [of, int(F_ADD_SEALS), int(seals)] };
}

function getSeals(site: Site): Decoded {
  const of = site.digits.rarely(10) ? fd(site, "file") : made(site);
  if (of === undefined) return create(site);
  return { syscall: "fcntl", operands: [of, int(F_GET_SEALS)] };
}

function write(site: Site): Decoded {
  const to = made(site);
  if (to === undefined) return create(site);
  const at = offset(site);
  const len = site.context.budget.takeAt(at, amount(site));
  return { syscall: "pwrite", operands: [to, data(site, len), int(at)] };
}

function resize(site: Site): Decoded {
  const of = made(site);
  if (of === undefined) return create(site);
  const wanted = amount(site);
  const len = site.digits.rarely(25) ? 0 : site.context.budget.takeAt(0, wanted);
  return { syscall: "ftruncate", operands: [of, int(len)] };
}

function allocate(site: Site): Decoded {
  const of = made(site);
  if (of === undefined) return create(site);
  const at = offset(site);
  const len = site.context.budget.takeAt(at, amount(site));
  const punches = site.digits.weighted([70, 30]) === 0;
  const mode = punches ? FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE : 0;
  return { syscall: "fallocate", operands: [of, int(mode), int(at), int(len)] };
}

function spliceIn(site: Site): Decoded {
  const from = made(site);
  return from === undefined ? create(site) : spliceFrom(site, from);
}

function spliceOut(site: Site): Decoded {
  const to = made(site);
  if (to === undefined) return create(site);
  const at = offset(site);
  const len = site.context.budget.takeAt(at, amount(site));
  const operands = [filledEnd(site), NULL, to, pointer(at), int(len), spliceFlags(site)];
  return { syscall: "splice", operands };
}

function map(site: Site): Decoded {
  const { digits, context, thread, id } = site;
  const of = made(site);
  if (of === undefined) return create(site);
  const kind = digits.weighted([75, 25]) === 0 ? MAP_SHARED : MAP_PRIVATE;
  const prot = digits.weighted([60, 40]) === 0 ? PROT_READ | PROT_WRITE : PROT_READ;
  const pages = 1 + digits.pick(2);
  context.makeMapping(thread, id);
  const operands = [NULL, int(pages * PAGE_SIZE), int(prot), int(kind), of, int(0)];
  return { syscall: "mmap", operands };
}

function read(site: Site): Decoded {
  const from = made(site);
  if (from === undefined) return create(site);
  return { syscall: "pread", operands: [from, int(amount(site)), int(offset(site))] };
}

/** The kinds. */
export const MEMFD_KINDS: readonly CallKind[] = [
  { weight: 20, place: 0, decode: create },
  { weight: 18, place: 6, decode: addSeals },
  { weight: 5, place: 8, decode: getSeals },
  { weight: 16, place: 4, decode: write },
  { weight: 7, place: 5, decode: resize },
  { weight: 6, place: 6, decode: allocate },
  { weight: 14, place: 4, decode: spliceIn },
  { weight: 8, place: 6, decode: spliceOut },
  { weight: 10, place: 3, decode: map },
  { weight: 5, place: 8, decode: read },
];
