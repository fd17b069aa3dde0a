// The calls of generated programs: for each kind its weight, its usual place in the order of things, and
// how its operands are decoded.
//
// Interface: KINDS, MEMORY_KINDS, ACCESS_KINDS, MAIL_KINDS, CallKind, Decoded; Site and what socket-calls.ts and memory-calls.ts share.
// The simplest choice stands first everywhere, since 0 decodes to it. What a file's reader of a pipe may
// come to see needs a splice, then a write to the file, then a read of the pipe: `place` makes that
// order likely, and noise in the decoder makes every other order possible.

import * as fcntl from "../../assembly/abi/fcntl.js";
import {
  PAGE_SIZE,
  SPLICE_F_GIFT,
  SPLICE_F_MORE,
  SPLICE_F_MOVE,
  SPLICE_F_NONBLOCK,
} from "../../assembly/abi/pipe.js";
import type { CallId, Operand, Run } from "../language/program.js";
import type { SyscallName } from "../language/syscalls.js";
import type { Context, Role } from "./context.js";
import { partOfPage } from "./declare.js";
import type { Digits } from "./digits.js";
import { memoryKinds } from "./memory-calls.js";

/** A call without its number and names. */
export interface Decoded {
  readonly syscall: SyscallName;
  readonly operands: readonly Operand[];
}

/** Where a call is being decoded. */
export interface Site {
  readonly digits: Digits;
  readonly context: Context;
  readonly thread: number;
  readonly id: CallId;
}

/** One kind of call. */
export interface CallKind {
  readonly weight: number;
  /** From 0, early, to 10, late. */
  readonly place: number;
  readonly decode: (site: Site) => Decoded;
}

export const NULL: Operand = { kind: "null" };

/** Operands are immutable, so programs share the numbers they have in common. */
const INTS = new Map<number, Operand>();

export function int(value: number): Operand {
  let operand = INTS.get(value);
  if (operand === undefined) {
    operand = { kind: "int", value: BigInt(value) };
    INTS.set(value, operand);
  }
  return operand;
}
export const pointer = (value: number): Operand => ({ kind: "pointer", value: BigInt(value) });

export const data = (site: Site, lenBytes: number): Operand => {
  const runs: Run[] = lenBytes === 0 ? [] : [{ byte: site.context.nextByte(), lenBytes }];
  return { kind: "data", content: runs };
};

export const fd = ({ context, digits, thread }: Site, role: Role): Operand =>
  context.fd(digits, thread, role);

/** A number of bytes: a page, two, a part of one, more. */
export function amount({ digits, context }: Site): number {
  const { grid } = context.declared;
  switch (digits.weighted([46, 20, 22, 8, 4])) {
    case 0:
      return PAGE_SIZE;
    case 1:
      return 2 * PAGE_SIZE;
    case 2:
      return partOfPage(digits, grid);
    case 3:
      return PAGE_SIZE + partOfPage(digits, grid);
    default:
      return 3 * PAGE_SIZE;
  }
}

/** An offset in a file: most often a page's begin. */
export function offset({ digits, context }: Site): number {
  const { grid } = context.declared;
  const page = PAGE_SIZE * digits.weighted([68, 24, 5, 3]);
  return digits.rarely(18) ? page + partOfPage(digits, grid) : page;
}

/** An offset that begins a page, but for a few: what is spliced into the page that it comes from then stays
 *  where it is, and a copy onto itself at another offset is left open by Linux. */
export const pageOffset = (site: Site): number => {
  const at = offset(site);
  return site.digits.rarely(8) ? at : at - (at % PAGE_SIZE);
};

/** A count that may be far more than there is. */
export const count = (site: Site): number =>
  site.digits.weighted([88, 12]) === 0 ? amount(site) : site.digits.of([65536, 16384]);

/** A bit that no call knows. */
const SPLICE_F_UNKNOWN = 16;
const SPLICE_FLAGS = [
  0,
  SPLICE_F_NONBLOCK,
  SPLICE_F_MOVE,
  SPLICE_F_MORE,
  SPLICE_F_MOVE | SPLICE_F_NONBLOCK,
  SPLICE_F_GIFT,
  SPLICE_F_UNKNOWN,
] as const;
export const spliceFlags = ({ digits }: Site): Operand =>
  int(SPLICE_FLAGS[digits.weighted([58, 28, 4, 3, 4, 2, 1])]!);

export function spliceFileToPipe(site: Site): Decoded {
  return spliceFrom(site, fd(site, "file"));
}

/** From a descriptor of a file into a pipe. */
export function spliceFrom(site: Site, from: Operand): Decoded {
  const to = fillingEnd(site);
  const len = int(count(site));
  const at = site.digits.weighted([80, 20]) === 0 ? pointer(offset(site)) : NULL;
  const offOut = site.digits.rarely(1) ? pointer(0) : NULL;
  return { syscall: "splice", operands: [from, at, to, offOut, len, spliceFlags(site)] };
}

function splicePipeToFile(site: Site): Decoded {
  if (tooEarly(site)) return spliceFileToPipe(site);
  const { budget } = site.context;
  const from = filledEnd(site);
  const to = fd(site, "file");
  const wanted = amount(site);
  const floating = site.digits.rarely(25) && budget.takeAnywhere(wanted);
  const at = floating ? 0 : pageOffset(site);
  const len = floating ? wanted : budget.takeAt(at, wanted);
  const offOut = floating ? NULL : pointer(at);
  return { syscall: "splice", operands: [from, NULL, to, offOut, int(len), spliceFlags(site)] };
}

function splicePipeToPipe(site: Site): Decoded {
  const pipes = twoPipes(site);
  if (pipes === undefined) return readPipe(site);
  const [from, to] = pipes;
  return {
    syscall: "splice",
    operands: [from, NULL, to, NULL, int(count(site)), spliceFlags(site)],
  };
}

function tee(site: Site): Decoded {
  const pipes = twoPipes(site);
  if (pipes === undefined) return spliceFileToPipe(site);
  const [from, to] = pipes;
  return { syscall: "tee", operands: [from, to, int(count(site)), spliceFlags(site)] };
}

/** A read end and the write end of another pipe; most often undefined where there is only one pipe. */
function twoPipes(site: Site): [from: Operand, to: Operand] | undefined {
  const { pipes } = site.context.declared;
  const careless = site.digits.rarely(6);
  if ((pipes.length < 2 && !careless) || tooEarly(site)) return undefined;
  const from = filledEnd(site);
  if (from.kind !== "pipe" || careless) return [from, fillingEnd(site)];
  site.context.filled.add(1 - from.pipe);
  return [from, { kind: "pipe", pipe: 1 - from.pipe, end: "w" }];
}

function pwrite(site: Site): Decoded {
  const to = fd(site, "file");
  const at = offset(site);
  const wanted = amount(site);
  const appends = to.kind === "result" || site.context.appends;
  const len =
    appends && !site.context.budget.takeAnywhere(wanted)
      ? 0
      : site.context.budget.takeAt(at, wanted);
  const bad = site.digits.rarely(1);
  return { syscall: "pwrite", operands: [to, data(site, len), int(bad ? -1 : at)] };
}

function write(site: Site): Decoded {
  const to = fd(site, "file");
  const wanted = amount(site);
  if (site.context.budget.takeAnywhere(wanted))
    return { syscall: "write", operands: [to, data(site, wanted)] };
  const len = site.context.budget.takeAt(0, wanted);
  return { syscall: "pwrite", operands: [to, data(site, len), int(0)] };
}

const writePipe = (site: Site): Decoded => ({
  syscall: "write",
  operands: [fillingEnd(site), data(site, amount(site))],
});

function readPipe(site: Site): Decoded {
  if (tooEarly(site)) return spliceFileToPipe(site);
  return { syscall: "read", operands: [filledEnd(site), int(count(site))] };
}

/** Most often true where no pipe can hold anything yet: to consume would only fail or block. */
export const tooEarly = ({ digits, context }: Site): boolean =>
  !digits.rarely(15) && context.filled.size === 0;

/** A read end, most often of a pipe that was filled. */
export function filledEnd(site: Site): Operand {
  const from = fd(site, "read-end");
  const { filled } = site.context;
  if (from.kind !== "pipe" || filled.has(from.pipe) || site.digits.rarely(10)) return from;
  const [pipe] = filled;
  return pipe === undefined ? from : { kind: "pipe", pipe, end: "r" };
}

/** A write end; its pipe counts as filled from now on. */
export function fillingEnd(site: Site): Operand {
  const to = fd(site, "write-end");
  if (to.kind === "pipe") site.context.filled.add(to.pipe);
  return to;
}

const readFile = (site: Site): Decoded => ({
  syscall: "read",
  operands: [fd(site, "file"), int(count(site))],
});

const pread = (site: Site): Decoded => ({
  syscall: "pread",
  operands: [fd(site, "file"), int(count(site)), int(offset(site))],
});

function ftruncate(site: Site): Decoded {
  const to = fd(site, "file");
  const { digits, context } = site;
  const { grid } = context.declared;
  const inside = PAGE_SIZE * digits.weighted([55, 35, 10]) + partOfPage(digits, grid);
  const wanted = digits.weighted([60, 28, 12]) === 0 ? inside : PAGE_SIZE * digits.pick(4);
  const length = context.budget.takeAt(0, wanted);
  return { syscall: "ftruncate", operands: [to, int(digits.rarely(1) ? -1 : length)] };
}

/** How files are opened: flags, and which name; "new" is a file that the scenario does not declare. */
const OPENS = [
  ["declared", fcntl.O_RDWR],
  ["declared", fcntl.O_RDONLY],
  ["declared", fcntl.O_RDWR | fcntl.O_APPEND],
  ["declared", fcntl.O_RDWR | fcntl.O_TRUNC],
  ["new", fcntl.O_RDWR | fcntl.O_CREAT],
  ["folder", fcntl.O_RDWR | fcntl.O_TMPFILE],
  ["declared", fcntl.O_WRONLY],
  ["new", fcntl.O_RDWR | fcntl.O_CREAT | fcntl.O_EXCL],
  ["declared", fcntl.O_RDONLY | fcntl.O_TRUNC],
  ["new", fcntl.O_RDONLY],
  ["declared", fcntl.O_RDWR | fcntl.O_CREAT | fcntl.O_EXCL],
  ["folder", fcntl.O_RDWR],
] as const;
const OPEN_WEIGHTS = [24, 12, 14, 14, 10, 8, 6, 4, 3, 2, 2, 1];
const OPEN_MODE = 0o600;

function open(site: Site): Decoded {
  const { digits, context, thread, id } = site;
  const [which, flags] = OPENS[digits.weighted(OPEN_WEIGHTS)]!;
  const files = context.declared.files.length;
  if (which === "new") context.newNameUsed = true;
  const name = which === "folder" ? -1 : which === "new" ? files : digits.pick(files);
  const creates = (flags & fcntl.O_CREAT) !== 0 || which === "folder";
  context.makeResult(thread, "file", id);
  const operands: Operand[] = [{ kind: "name", name }, int(flags), int(creates ? OPEN_MODE : 0)];
  return { syscall: "open", operands };
}

const DUPPED: readonly Role[] = ["file", "write-end", "read-end"];
const DUPPED_AMONG_SOCKETS: readonly Role[] = [...DUPPED, "receiver", "sender"];

function dup(site: Site): Decoded {
  const { digits, context, thread, id } = site;
  const role = digits.of(context.declared.sockets.length > 0 ? DUPPED_AMONG_SOCKETS : DUPPED);
  const of = context.fd(digits, thread, role);
  context.makeResult(thread, context.roleOf(of, thread), id);
  return { syscall: "dup", operands: [of] };
}

function pipe2(site: Site): Decoded {
  const { digits, context, thread, id } = site;
  const flags = [fcntl.O_NONBLOCK, 0, fcntl.O_DIRECT][digits.weighted([70, 22, 8])]!;
  context.make(thread, "read-end", { kind: "made-pipe", call: id, end: "r" });
  context.make(thread, "write-end", { kind: "made-pipe", call: id, end: "w" });
  return { syscall: "pipe2", operands: [{ kind: "newpipe", name: `n${id}` }, int(flags)] };
}

function close(site: Site): Decoded {
  const { digits, context, thread } = site;
  const made = digits.pick(2) === 1 ? context.madeFd(digits, thread) : undefined;
  return { syscall: "close", operands: [made ?? context.anyDeclared(digits)] };
}

function lseek(site: Site): Decoded {
  const of = fd(site, "file");
  const { digits, context } = site;
  const whence = [fcntl.SEEK_SET, fcntl.SEEK_END, fcntl.SEEK_CUR][digits.weighted([60, 25, 15])]!;
  const wanted = offset(site);
  const at = whence === fcntl.SEEK_SET ? context.budget.takeAt(0, wanted) : 0;
  const back = whence === fcntl.SEEK_END && digits.pick(2) === 1 ? -context.declared.grid : at;
  return { syscall: "lseek", operands: [of, int(back), int(whence)] };
}

const PIPE_SIZES = [8192, 4096, 16384, 65536, 5000, 0] as const;

function pipeCapacity(site: Site): Decoded {
  const { digits } = site;
  const of = fd(site, "write-end");
  const asks = digits.weighted([65, 35]) === 1;
  if (asks) return { syscall: "fcntl", operands: [of, int(fcntl.F_GETPIPE_SZ)] };
  const size = PIPE_SIZES[digits.weighted([35, 15, 22, 20, 4, 4])]!;
  return { syscall: "fcntl", operands: [of, int(fcntl.F_SETPIPE_SZ), int(size)] };
}

const anyFd = (site: Site): Operand =>
  fd(site, site.digits.of(["read-end", "write-end", "file"] as const));

const ioctl = (site: Site): Decoded => ({
  syscall: "ioctl",
  operands: [anyFd(site), int(fcntl.FIONREAD)],
});

function poll(site: Site): Decoded {
  const of = anyFd(site);
  const events = [fcntl.POLLIN, fcntl.POLLOUT, fcntl.POLLIN | fcntl.POLLOUT];
  const timeout = site.digits.rarely(16) ? -1 : 0;
  return { syscall: "poll", operands: [of, int(site.digits.of(events)), int(timeout)] };
}

/** Calls on memory, where a program may have them. */
export const MEMORY_KINDS: readonly CallKind[] = memoryKinds({ fd, int, data, amount, offset });

/** Those of them that only load and store. */
export const ACCESS_KINDS = MEMORY_KINDS.slice(1, 3);

/** All kinds; the first is what 0 decodes to. */
export const KINDS: readonly CallKind[] = [
  { weight: 26, place: 0, decode: spliceFileToPipe },
  { weight: 19, place: 6, decode: pwrite },
  { weight: 13, place: 11, decode: readPipe },
  { weight: 6, place: 2, decode: writePipe },
  { weight: 5, place: 11, decode: splicePipeToFile },
  { weight: 5, place: 5, decode: splicePipeToPipe },
  { weight: 4, place: 4, decode: tee },
  { weight: 3, place: 8, decode: pread },
  { weight: 3, place: 6, decode: write },
  { weight: 3, place: 8, decode: readFile },
  { weight: 5, place: 6, decode: ftruncate },
  { weight: 3, place: 0, decode: open },
  { weight: 2, place: 1, decode: dup },
  { weight: 2, place: 10, decode: close },
  { weight: 1, place: 1, decode: pipe2 },
  { weight: 2, place: 3, decode: lseek },
  { weight: 2, place: 4, decode: pipeCapacity },
  { weight: 1, place: 8, decode: ioctl },
  { weight: 1, place: 8, decode: poll },
];

/** The kinds of the three calls that the mail is about: a splice, a write to the file, a read of the pipe. */
export const MAIL_KINDS: readonly number[] = [0, 1, 2];
