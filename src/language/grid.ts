// How finely a program cuts its data, and how much of it there can be.
//
// Interface: gridOf, boundsOf, Bounds.
// The grid is the greatest common divisor of 4096 and every offset, transfer length, file size and
// boundary between two byte values. On it a model may keep one value per cell in place of bytes.
// Not counted: arguments that are no amounts of data, counts beyond all data that there can be, and the
// numbers of calls that EINVAL ends.

import { F_SETPIPE_SZ, O_APPEND } from "../../assembly/abi/fcntl.js";
import { PAGE_SIZE, PIPE_DEF_BUFFERS } from "../../assembly/abi/pipe.js";
import { callsOf, contentBytes } from "./program.js";
import type { Call, Content, Operand, Program, Prop } from "./program.js";
import { syscallRow } from "./syscalls.js";

/** Upper bounds, in bytes. */
export interface Bounds {
  /** No file ever grows beyond this. */
  readonly fileBytesMax: number;
  /** No call ever moves more than this. */
  readonly dataBytesMax: number;
}

/** The kernel refuses larger pipes than this. Mirrors: fs/pipe.c:round_pipe_size(). */
const PIPE_BYTES_MAX = 2n ** 31n;
/** Files never end beyond this. Mirrors: MAX_LFS_FILESIZE. */
const FILE_OFFSET_MAX = 2n ** 63n - 1n;

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const sum = (values: readonly bigint[]): bigint => values.reduce((total, each) => total + each, 0n);
const largest = (values: readonly bigint[]): bigint => values.reduce(max, 0n);
const lengthOf = (content: Content): bigint => BigInt(contentBytes(content));
/** For numbers above 2^53 a bound is as good as the number. */
const asNumber = (value: bigint): number => Number(min(value, BigInt(Number.MAX_SAFE_INTEGER)));

/** A call's numbers by the names of its parameters. */
interface Amounts {
  readonly call: Call;
  /** A number or the target of a pointer; undefined for NULL, or if left out. */
  readonly of: (name: string) => bigint | undefined;
  readonly operand: (name: string) => Operand | undefined;
  readonly dataBytes: bigint;
}

function amountsOf(call: Call): Amounts {
  const { params } = syscallRow(call.syscall);
  const operand = (name: string): Operand | undefined =>
    call.operands[params.findIndex((param) => param.name === name)];
  const data = operand("data");
  return {
    call,
    operand,
    of: (name) => {
      const found = operand(name);
      return found?.kind === "int" || found?.kind === "pointer" ? found.value : undefined;
    },
    dataBytes: data?.kind === "data" ? lengthOf(data.content) : 0n,
  };
}

/** Offsets and lengths that must not be negative: EINVAL comes first. */
const SIGNED: readonly string[] = ["offset", "length", "off_in", "off_out"];

/** Whether EINVAL ends the call whatever else is true. lseek() may go backwards. */
const isRefused = ({ call, of }: Amounts): boolean =>
  call.syscall !== "lseek" && SIGNED.some((name) => (of(name) ?? 0n) < 0n);

/** A count is unsigned. */
const countOf = ({ of }: Amounts): bigint => BigInt.asUintN(64, of("len") ?? of("count") ?? 0n);

const isPipeEnd = (operand: Operand | undefined): boolean =>
  operand?.kind === "pipe" || operand?.kind === "made-pipe";

/** The largest capacity that any pipe can have. */
function capacityOf(program: Program, amounts: readonly Amounts[]): bigint {
  const asked = amounts
    .filter(({ call, of }) => call.syscall === "fcntl" && of("command") === BigInt(F_SETPIPE_SZ))
    .map(({ of }) => of("arg") ?? 0n);
  const declared = program.pipes.map((pipe) => BigInt(pipe.sizeBytes ?? 0));
  let capacity = BigInt(PIPE_DEF_BUFFERS * PAGE_SIZE);
  for (const size of [...asked, ...declared])
    while (size <= PIPE_BYTES_MAX && capacity < size) capacity *= 2n;
  return capacity;
}

/** The end of what a call can make of a file by an offset or length of its own. */
function endOf(amounts: Amounts, capacity: bigint): bigint {
  const { call, of, dataBytes } = amounts;
  const offOut = of("off_out");
  if (call.syscall === "ftruncate") return of("length") ?? 0n;
  if (call.syscall === "pwrite") return min((of("offset") ?? 0n) + dataBytes, FILE_OFFSET_MAX);
  if (call.syscall !== "splice" || offOut === undefined) return 0n;
  return min(offOut + min(countOf(amounts), capacity), FILE_OFFSET_MAX);
}

/** What a call can add behind the file position, or behind the end of an O_APPEND file. */
function grownBy(amounts: Amounts, capacity: bigint, appends: boolean): bigint {
  const { call, operand, of, dataBytes } = amounts;
  if (call.syscall === "write") return isPipeEnd(operand("fd")) ? 0n : dataBytes;
  if (call.syscall === "pwrite") return appends ? dataBytes : 0n;
  if (call.syscall === "lseek") return largest([of("offset") ?? 0n]);
  if (call.syscall !== "splice" || isPipeEnd(operand("fd_out"))) return 0n;
  return operand("off_out")?.kind === "null" ? min(countOf(amounts), capacity) : 0n;
}

/** What a call can add to all pipes together. */
function pipedBy(amounts: Amounts, capacity: bigint, fileBytes: bigint): bigint {
  const { call, operand, dataBytes } = amounts;
  if (call.syscall === "write") return dataBytes;
  if (call.syscall === "tee") return min(countOf(amounts), capacity);
  if (call.syscall !== "splice" || isPipeEnd(operand("fd_in"))) return 0n;
  return min(countOf(amounts), min(capacity, fileBytes));
}

interface ExactBounds {
  readonly file: bigint;
  readonly data: bigint;
}

function exactBounds(program: Program, calls: readonly Amounts[]): ExactBounds {
  const valid = calls.filter((each) => !isRefused(each));
  const capacity = capacityOf(program, calls);
  const appends = calls.some(
    ({ call, of }) => call.syscall === "open" && ((of("flags") ?? 0n) & BigInt(O_APPEND)) !== 0n,
  );
  const initial = largest(program.files.map((file) => lengthOf(file.content)));
  const ends = largest(valid.map((each) => endOf(each, capacity)));
  const grown = sum(valid.map((each) => grownBy(each, capacity, appends)));
  const file = max(initial, ends) + grown;
  const piped = sum(valid.map((each) => pipedBy(each, capacity, file)));
  return { file, data: max(file, min(capacity, piped)) };
}

/** Upper bounds for the sizes of files and for what one call can move. */
export function boundsOf(program: Program): Bounds {
  const { file, data } = exactBounds(program, callsOf(program).map(amountsOf));
  return { fileBytesMax: asNumber(file), dataBytesMax: asNumber(data) };
}

/** The grid of a program, in bytes: a power of two, at least 1, at most 4096. */
export function gridOf(program: Program): number {
  const calls = callsOf(program).map(amountsOf);
  const { data } = exactBounds(program, calls);
  const cuts = [
    ...program.files.flatMap((file) => boundariesOf(file.content)),
    ...calls.filter((each) => !isRefused(each)).flatMap((each) => cutsOf(each, data)),
    ...(program.condition === undefined ? [] : propCuts(program.condition.prop)),
    ...(program.filter === undefined ? [] : propCuts(program.filter)),
  ];
  return Number(cuts.reduce(gcd, BigInt(PAGE_SIZE)));
}

function cutsOf(amounts: Amounts, dataBytesMax: bigint): bigint[] {
  const { of, operand } = amounts;
  const data = operand("data");
  const count = countOf(amounts);
  const offsets = SIGNED.map((name) => of(name) ?? 0n);
  const boundaries = data?.kind === "data" ? boundariesOf(data.content) : [];
  return [...offsets, ...boundaries, ...(count > dataBytesMax ? [] : [count])];
}

/** Where one run ends and the next begins, and the end of the last. */
function boundariesOf(content: Content): bigint[] {
  let at = 0n;
  return content.map((run) => (at += BigInt(run.lenBytes)));
}

function propCuts(prop: Prop): bigint[] {
  switch (prop.kind) {
    case "true":
    case "snapshot":
    case "number":
      return [];
    case "data":
    case "file":
    case "pipe":
      return boundariesOf(prop.content);
    case "not":
      return propCuts(prop.prop);
    case "and":
    case "or":
      return prop.props.flatMap(propCuts);
  }
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
