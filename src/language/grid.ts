// How finely a program cuts its data, and how much of it there can be.
//
// Interface: gridOf, boundsOf, measure (both), Bounds; sharesOf, boundariesOf: what comes from where.
// The grid is the greatest common divisor of 4096 and every offset, transfer length, file size and
// boundary between two byte values. On it a model may keep one value per cell in place of bytes.
// Not counted: arguments that are no amounts of data, counts beyond all data that there can be, and the
// numbers of calls that EINVAL ends.

import {
  FICLONE,
  FICLONERANGE,
  F_SETFL,
  F_SETPIPE_SZ,
  O_APPEND,
} from "../../assembly/abi/fcntl.js";
import {
  FALLOC_FL_INSERT_RANGE,
  FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_ZERO_RANGE,
} from "../../assembly/abi/mman.js";
import { PAGE_SIZE, PIPE_DEF_BUFFERS } from "../../assembly/abi/pipe.js";
import { RWF_APPEND } from "../../assembly/abi/uio.js";
import { callsOf, contentBytes, deviceOf, plainSyscall, segmentsOf } from "./program.js";
import type { Call, Content, Operand, Program, Prop } from "./program.js";
import { SYSCALL_NAMES, syscallRow } from "./syscalls.js";
import type { SyscallName } from "./syscalls.js";

/** Upper bounds, in bytes. */
export interface Bounds {
  /** No file ever grows beyond this. */
  readonly fileBytesMax: number;
  /** No call ever moves more than this. */
  readonly dataBytesMax: number;
}

/** The kernel refuses larger pipes than this. Mirrors: fs/pipe.c:round_pipe_size(). */
const PIPE_BYTES_MAX = 2 ** 31;
/** The largest count of one call. Mirrors: MAX_RW_COUNT. */
const MAX_RW_COUNT = 0x7ffff000;
/** Where bounds end: whatever is larger is as good as this. */
const BOUND_MAX = Number.MAX_SAFE_INTEGER;

const clip = (bytes: number): number => Math.min(bytes, BOUND_MAX);
const MASK64 = 2n ** 64n - 1n;

/** A call's numbers by the names of its parameters. */
interface Amounts {
  readonly call: Call;
  /** What a vectored call is like. */
  readonly syscall: SyscallName;
  /** Parameter name → place of the operand. */
  readonly places: ReadonlyMap<string, number>;
  /** Bytes that are described: to write, or memory to read into. */
  readonly dataBytes: number;
}

const PLACES = new Map(
  SYSCALL_NAMES.map((name) => [
    name,
    new Map(syscallRow(name).params.map((param, place) => [param.name, place])),
  ]),
);

function amountsOf(call: Call): Amounts {
  const places = PLACES.get(call.syscall)!;
  const dataBytes = contentBytes(memoryOf(call).flat());
  return { call, syscall: plainSyscall(call), places, dataBytes };
}

const memoryOf = ({ operands }: Call): readonly Content[] =>
  operands.flatMap((operand) => segmentsOf(operand) ?? []);

function operandOf({ call, places }: Amounts, name: string): Operand | undefined {
  const place = places.get(name);
  return place === undefined ? undefined : call.operands[place];
}

/** A number or the target of a pointer; undefined for NULL, or if left out. */
function exactly(amounts: Amounts, name: string): bigint | undefined {
  const found = operandOf(amounts, name);
  if (name === "offset" && floats(amounts)) return undefined;
  return found?.kind === "int" || found?.kind === "pointer" ? found.value : undefined;
}

/** Whether a call whose offset is a number acts at the file position. */
const floats = ({ call, syscall }: Amounts): boolean =>
  call.syscall !== syscall && (syscall === "read" || syscall === "write");

/** The same as a number that bounds are made of; 0 if there is none. */
const roughly = (amounts: Amounts, name: string): number =>
  clip(Number(exactly(amounts, name) ?? 0n));

/** Offsets and lengths that must not be negative: EINVAL comes first. */
const SIGNED: readonly string[] = [
  "offset",
  "length",
  "off_in",
  "off_out",
  "src_offset",
  "src_length",
  "dest_offset",
];

/** Whether EINVAL ends the call whatever else is true. lseek() may go backwards. */
const isRefused = (amounts: Amounts): boolean =>
  amounts.call.syscall !== "lseek" && SIGNED.some((name) => roughly(amounts, name) < 0);

/** A count is unsigned. */
const countOf = (amounts: Amounts): bigint =>
  (exactly(amounts, "len") ?? exactly(amounts, "count") ?? memoryToFill(amounts)) & MASK64;

const memoryToFill = ({ syscall, dataBytes }: Amounts): bigint =>
  READS.includes(syscall) ? BigInt(dataBytes) : 0n;

const STREAMS: ReadonlySet<string | undefined> = new Set(["pipe", "made-pipe", "socket", "wire"]);

/** Whether a descriptor is no file's for certain. */
const isStream = (operand: Operand | undefined): boolean => STREAMS.has(operand?.kind);

/** The largest capacity that any pipe can have. */
function capacityOf(program: Program, calls: readonly Amounts[]): number {
  let capacity = PIPE_DEF_BUFFERS * PAGE_SIZE;
  const grow = (size: number): void => {
    while (size <= PIPE_BYTES_MAX && capacity < size) capacity *= 2;
  };
  for (const { sizeBytes } of program.pipes) grow(sizeBytes ?? 0);
  for (const each of calls) grow(askedBy(each));
  return capacity;
}

/** The capacity that a call asks for. */
const askedBy = (amounts: Amounts): number =>
  amounts.call.syscall === "fcntl" && roughly(amounts, "command") === F_SETPIPE_SZ
    ? roughly(amounts, "arg")
    : 0;

/** What a splice or tee can move at most, and what a copy can, but for the size of its source. */
const movedBy = (amounts: Amounts, capacity: number): number =>
  Math.min(Number(countOf(amounts)), capacity);

const CLONES: readonly number[] = [FICLONE, FICLONERANGE];

const isClone = (amounts: Amounts): boolean =>
  amounts.call.syscall === "ioctl" && CLONES.includes(roughly(amounts, "request"));

/** Whether a file gets what another one has. */
const isCopy = (amounts: Amounts): boolean =>
  amounts.call.syscall === "copy_file_range" || isClone(amounts);

/** What copy_file_range() and clones can move at most: a file as long as the others make one, and as copies make it. */
function copiedMax(calls: readonly Amounts[], bytes: number): number {
  let most = bytes;
  for (const each of calls) {
    if (isClone(each)) most += roughly(each, "dest_offset");
    else most += exactly(each, "off_out") === undefined ? most : roughly(each, "off_out");
  }
  return clip(most);
}

/** The end of what a clone can give its target: a length of 0 is the whole source. */
const clonedBy = (amounts: Amounts, capacity: number): number =>
  roughly(amounts, "dest_offset") + Math.min(roughly(amounts, "src_length") || capacity, capacity);

/** Whether bytes move between two descriptors, each with an offset. */
const isMove = ({ call }: Amounts): boolean =>
  call.syscall === "splice" || call.syscall === "copy_file_range";

/** The end of what a call can write at an offset of its own. */
function endOf(amounts: Amounts, capacity: number): number {
  const { call, syscall, dataBytes } = amounts;
  if (call.syscall === "ftruncate") return roughly(amounts, "length");
  if (syscall === "pwrite") return roughly(amounts, "offset") + dataBytes;
  if (call.syscall === "fallocate") return allocatedBy(amounts);
  if (isClone(amounts)) return clonedBy(amounts, capacity);
  if (!isMove(amounts) || exactly(amounts, "off_out") === undefined) return 0;
  return roughly(amounts, "off_out") + movedBy(amounts, capacity);
}

/** The end of what fallocate() allocates or zeroes, where the file grows with it. */
function allocatedBy(amounts: Amounts): number {
  const mode = roughly(amounts, "mode") & ~FALLOC_FL_KEEP_SIZE;
  const keeps = mode !== roughly(amounts, "mode");
  if (keeps || (mode !== 0 && mode !== FALLOC_FL_ZERO_RANGE)) return 0;
  return roughly(amounts, "offset") + Math.max(roughly(amounts, "len"), 0);
}

/** What a call can add behind the file position, or behind the end of an O_APPEND file. */
function grownBy(amounts: Amounts, capacity: number, appends: boolean): number {
  const { call, syscall, dataBytes } = amounts;
  if (syscall === "write") return isStream(operandOf(amounts, "fd")) ? 0 : dataBytes;
  if (syscall === "pwrite") return appends || appendsItself(amounts) ? dataBytes : 0;
  if (call.syscall === "lseek") return Math.max(roughly(amounts, "offset"), 0);
  if (call.syscall === "sendfile") return sentInto(amounts);
  if (call.syscall === "fallocate" && roughly(amounts, "mode") === FALLOC_FL_INSERT_RANGE)
    return Math.max(roughly(amounts, "len"), 0);
  if (!isMove(amounts) || isStream(operandOf(amounts, "fd_out"))) return 0;
  // Beside F_SETFL a splice at an offset may come to append, too.
  const isBehind = appends || operandOf(amounts, "off_out")?.kind === "null";
  return isBehind ? movedBy(amounts, capacity) : 0;
}

const appendsItself = (amounts: Amounts): boolean =>
  amounts.call.syscall === "pwritev2" && (roughly(amounts, "flags") & RWF_APPEND) !== 0;

/** What a sendfile can add to a file: it goes on for as long as its input does, which may be its output. */
const sentInto = (amounts: Amounts): number =>
  isStream(operandOf(amounts, "out_fd")) || isStream(operandOf(amounts, "in_fd"))
    ? 0
    : Math.min(Number(countOf(amounts)), MAX_RW_COUNT);

/** What a call can add to all pipes and sockets together. */
function pipedBy(amounts: Amounts, capacity: number, fileBytes: number, zeros: boolean): number {
  const { call, syscall, dataBytes } = amounts;
  if (syscall === "write") return dataBytes;
  if (call.syscall === "tee" || call.syscall === "vmsplice") return movedBy(amounts, capacity);
  if (call.syscall === "sendfile") return Math.min(Number(countOf(amounts)), fileBytes);
  if (call.syscall === "sendmsg") return wholePages(Number(countOf(amounts)));
  if (call.syscall !== "splice" || isStream(operandOf(amounts, "fd_in"))) return 0;
  return Math.min(movedBy(amounts, capacity), zeros ? capacity : fileBytes);
}

/** Memory shows the last page of a file whole. */
const wholePages = (bytes: number): number => clip(Math.ceil(bytes / PAGE_SIZE) * PAGE_SIZE);

/** Calls that get as much as they ask for from /dev/zero. */
const READS: readonly string[] = ["read", "pread"];

/** Calls that move whole pages: their numbers cut nothing. */
const BY_PAGES: readonly string[] = [
  "ioctl",
  "mmap",
  "munmap",
  "madvise",
  "msync",
  "posix_fadvise",
];

const makesAppending = (amounts: Amounts): boolean =>
  (amounts.call.syscall === "open" && (roughly(amounts, "flags") & O_APPEND) !== 0) ||
  (amounts.call.syscall === "fcntl" &&
    roughly(amounts, "command") === F_SETFL &&
    (roughly(amounts, "arg") & O_APPEND) !== 0);

function boundsOfCalls(program: Program, calls: readonly Amounts[]): Bounds {
  const capacity = capacityOf(program, calls);
  const appends = calls.some(makesAppending);
  let end = 0;
  let grown = 0;
  for (const { content } of program.files) end = Math.max(end, contentBytes(content));
  const add = (each: Amounts, most: number): void => {
    end = Math.max(end, endOf(each, most));
    grown += grownBy(each, most, appends);
  };
  const moving = calls.filter((each) => !isRefused(each));
  const copies = moving.filter(isCopy);
  for (const each of moving) if (!copies.includes(each)) add(each, capacity);
  const copied = copiedMax(copies, end + grown);
  for (const each of copies) add(each, copied);
  const fileBytesMax = clip(end + grown);
  const zeros = calls.some(({ call }) => deviceOf(call.operands[0]) !== undefined);
  let piped = 0;
  let loaded = 0;
  for (const each of calls)
    if (each.call.syscall === "load") loaded = Math.max(loaded, Number(countOf(each)));
    else if (each.call.syscall === "mmap") loaded = Math.max(loaded, wholePages(fileBytesMax));
  for (const each of moving) piped += pipedBy(each, capacity, fileBytesMax, zeros);
  if (zeros)
    for (const each of calls)
      if (READS.includes(each.syscall)) loaded = Math.max(loaded, clip(Number(countOf(each))));
  // A socket holds what went through a pipe's capacity several times.
  const streamed = program.sockets.length > 0 ? piped : Math.min(capacity, piped);
  return { fileBytesMax, dataBytesMax: Math.max(fileBytesMax, loaded, streamed) };
}

/** Upper bounds for the sizes of files and for what one call can move. */
export function boundsOf(program: Program): Bounds {
  const { fileBytesMax, dataBytesMax } = measure(program);
  return { fileBytesMax, dataBytesMax };
}

/** The grid of a program, in bytes: a power of two, at least 1, at most 4096. */
export function gridOf(program: Program): number {
  return measure(program).gridBytes;
}

/** Grid and bounds in one go. */
export function measure(program: Program): Bounds & { readonly gridBytes: number } {
  const calls = callsOf(program).map(amountsOf);
  const bounds = boundsOfCalls(program, calls);
  let cuts = PAGE_SIZE;
  for (const each of program.files) cuts |= boundariesOf(each.content);
  for (const each of calls) if (!isRefused(each)) cuts |= cutsOf(each, bounds.dataBytesMax);
  if (program.condition !== undefined) cuts |= propCuts(program.condition.prop);
  if (program.filter !== undefined) cuts |= propCuts(program.filter);
  return { gridBytes: cuts & -cuts, ...bounds };
}

// Cuts are or-ed together: the greatest common divisor of 4096 and some numbers is the lowest bit that is
// set in any of them, and only their lowest 13 bits matter.

const lowBits = (value: bigint): number => Number(BigInt.asUintN(13, value));

function cutsOf(amounts: Amounts, dataBytesMax: number): number {
  if (BY_PAGES.includes(amounts.call.syscall)) return 0;
  const count = countOf(amounts);
  let cuts = memoryCuts(amounts);
  for (const name of SIGNED) cuts |= lowBits(exactly(amounts, name) ?? 0n);
  return count > dataBytesMax ? cuts : cuts | lowBits(count);
}

/** Memory to read into has one boundary, where it faults. */
function memoryCuts({ call, syscall }: Amounts): number {
  const segments = memoryOf(call);
  if (!READS.includes(syscall)) return boundariesOf(segments.flat());
  const runs = segments.flat();
  const fault = runs.findIndex(({ byte }) => byte === "fault");
  return fault < 0 ? 0 : contentBytes(runs.slice(0, fault));
}

/** Where one run ends and the next begins, and the end of the last: lengths that add up to no finer cut. */
export const boundariesOf = (content: Content): number =>
  content.reduce((cuts, run) => cuts | run.lenBytes, 0);

function propCuts(prop: Prop): number {
  switch (prop.kind) {
    case "true":
    case "snapshot":
    case "number":
      return 0;
    case "data":
    case "file":
    case "pipe":
    case "wire":
      return boundariesOf(prop.content);
    case "not":
      return propCuts(prop.prop);
    case "and":
    case "or":
      return prop.props.reduce((cuts, each) => cuts | propCuts(each), 0);
  }
}

/** What one call has to do with the size of a state. */
export interface Share {
  readonly call: Call;
  /** Its numbers, or-ed together: the lowest bit is the finest cut. */
  readonly cuts: number;
  /** The end of what it can write, or what it can add to a file. */
  readonly bytes: number;
  /** The capacity that it asks for, of a pipe. */
  readonly capacityBytes: number;
}

/** What each call has to do with it; all 0 where EINVAL ends the call. */
export function sharesOf(program: Program): Share[] {
  const all = callsOf(program).map(amountsOf);
  const { fileBytesMax, dataBytesMax } = boundsOfCalls(program, all);
  const capacity = capacityOf(program, all);
  const appends = all.some(makesAppending);
  return all.map((each) => {
    const { call } = each;
    if (isRefused(each)) return { call, cuts: 0, bytes: 0, capacityBytes: 0 };
    const most = isCopy(each) ? fileBytesMax : capacity;
    const bytes = Math.max(endOf(each, most), grownBy(each, most, appends));
    return { call, cuts: cutsOf(each, dataBytesMax), bytes, capacityBytes: askedBy(each) };
  });
}
