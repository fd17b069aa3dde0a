// The reference model's state: plain values, and what is derived from them by counting.
//
// Law: a State is never changed. A step copies it whole and changes the copy, its World; there, what
// is shared (a folio by cache and slots, a pipe by its ends) is one value that all refer to.

import * as policy from "../../assembly/abi/decisions.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import { FD_FIRST } from "../../assembly/abi/program.js";
import type { CallId, Program } from "../../src/language/program.js";
import type { SyscallName } from "../../src/language/syscalls.js";
import type { Environment } from "../../src/trace/environment.js";

/** Profile, policy and machine of a run. The model works byte by byte: grids do not matter. */
type Words = { readonly switches: number; readonly decisions: number };
export type Options = Words & { readonly gridBytes: number; readonly environment: Environment };

/** Folio lock, i_rwsem, pipe mutex or f_pos lock. */
export type Lock = { locked: boolean };
/** A folio that begins at page `index` of a file; a page of a pipe is one too. */
export type Folio = Lock & { readonly index: number; readonly bytes: Uint8Array };
export type Inode = Lock & { size: number; readonly pages: Map<number, Folio> };
/** Bytes of a folio; `offset` counts from its begin. */
export type Span = { readonly folio: Folio; readonly offset: number; readonly len: number };
/** A slot; `expected`: the bytes it held when it took its reference (P1). */
export type Slot = Span & { readonly flags: number; readonly expected: Uint8Array };
type Queues = { readonly rdWait: Frame[]; readonly wrWait: Frame[] };
type Ring = { readonly slots: Slot[]; capacity: number };
export type Pipe = Lock & Queues & Ring & { polled: boolean };
/** An open file description, of an inode or a pipe; `previousPos` is for readahead. */
type Position = { pos: number; previousPos: number };
export type File = Lock & Position & { inode?: Inode; pipe?: Pipe; readonly flags: number };

/** What a call gave; `bytes` are the data read. */
type Stored = { out?: number; bytes?: Uint8Array; sigpipe?: boolean };
export type Result = Readonly<Stored & { ret: number; errno?: number }>;

/** A call, its operands as numbers: data by their length, NULL undefined. */
type Args = readonly (bigint | undefined)[];
type Called = { readonly id: CallId; readonly name: SyscallName; readonly args: Args };
/** Position, bytes still wanted and done; what a write was given, or a read has taken. */
type Progress = { pos: number; rest: number; done: number; bytes: Uint8Array };
/** Folios looked up, and i_size then; or the length to truncate to. The folio of a write step. */
type Lookup = { batch: Folio[]; limit: number; folio?: Folio };
/** Where it sleeps or slept, and the line that follows. */
type Wait = { pipe: Pipe; queue: keyof Queues; exclusive: boolean; then: string };
/** `freed`: a slot was freed; `fd`: open() has reserved it; `flags`: of splice, tee and poll. */
type Others = { wait?: Wait; slept: boolean; freed: boolean; fd: number; flags: number };
/** `held`: the descriptions in use, fd_in first; `result`: given, but other lines come first. */
type Locals = Progress & Lookup & Others & { held: File[]; result?: Result };
/** A call that runs, and the line of docs/steps.md before which it stands. */
export type Frame = Called & Locals & { line: string };

type Inputs = { readonly program: Program; readonly options: Options };
/** Descriptors (undefined: only reserved), names, results, and calls returned and running. */
type Tables = { fds: Map<number, File | undefined>; names: Map<number, Inode> };
type Calls = { results: Map<CallId, Result>; tasks: { returned: number; frame?: Frame }[] };
/** One moment of a run, in the making. `broken`: a consumer got other bytes than its slot held at
 *  first (P1); `unmodelled`: why the run has left the model. */
export type World = Inputs & Tables & Calls & { broken: boolean; unmodelled?: string };

/** What a step ends with: the next line, also with changed locals, or what the call gives. */
export type Next = string | (Partial<Locals> & { line: string }) | Result;
export type Body = (f: Frame, s: World) => Next;
/** The lines of docs/steps.md. */
export type Lines = Readonly<Record<string, Body>>;

export const error = (errno: number, sigpipe = false): Result => ({ ret: -1, errno, sigpipe });

/** The first description that a call uses, and the last; the only one is both. */
export const first = ({ held }: Frame): File => held[0]!;
export const last = ({ held }: Frame): File => held[held.length - 1]!;
/** Argument `i` as a C int, and as a signed 64-bit number. */
export const int = (f: Frame, i: number): number => Number(BigInt.asIntN(32, f.args[i] ?? 0n));
export const long = (f: Frame, i: number): bigint => BigInt.asIntN(64, f.args[i] ?? 0n);

export const newFile = (flags: number, target: { inode: Inode } | { pipe: Pipe }): File => ({
  ...{ flags, pos: 0, previousPos: -1, locked: false, ...target },
});

/** Gives a description, or a reservation, the lowest free descriptor. */
export function install(s: World, file?: File): number {
  let fd = FD_FIRST;
  while (s.fds.has(fd)) fd++;
  s.fds.set(fd, file);
  return fd;
}

export const canRead = ({ flags }: File): boolean => ((flags + 1) & 1) !== 0;
export const canWrite = ({ flags }: File): boolean => ((flags + 1) & 2) !== 0;
export const frames = (s: World): Frame[] => s.tasks.flatMap(({ frame }) => frame ?? []);
/** Every description that a descriptor or a call refers to. */
export const openFiles = (s: World): Set<File | undefined> =>
  new Set([...s.fds.values(), ...frames(s).flatMap(({ held }) => held)]);
const isOpen = (s: World, pipe: Pipe, can: (file: File) => boolean): boolean =>
  [...openFiles(s)].some((file) => file?.pipe === pipe && can(file));
export const hasReaders = (s: World, pipe: Pipe): boolean => isOpen(s, pipe, canRead);
export const hasWriters = (s: World, pipe: Pipe): boolean => isOpen(s, pipe, canWrite);

/** One field of the policy's word. */
export const decides = (s: World, on: "SPLICE" | "MARK" | "LOCK" | "WRITE" | "TRUNCATE"): number =>
  (s.options.decisions >> policy[`DECIDE_${on}_SHIFT`]) & policy[`DECIDE_${on}_MASK`];

/** The policy's flag: a slot, or a splice in flight, refers to the folio. */
export const marked = (s: World, folio: Folio): boolean =>
  decides(s, "MARK") === policy.MARK_COUNT &&
  ([...openFiles(s)].some((file) => file?.pipe?.slots.some((slot) => slot.folio === folio)) ||
    frames(s).some((f) => f.name === "splice" && f.batch.includes(folio)));

/** A folio that nobody holds yet. */
export function newFolio(index: number, bytes = new Uint8Array(PAGE_SIZE)): Folio {
  return { index, bytes, locked: false };
}
export const pageOf = (bytes: number): number => Math.floor(bytes / PAGE_SIZE);
export const load = ({ folio: { bytes }, offset, len }: Span) => bytes.slice(offset, offset + len);
export const concat = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** What a folio has at a position of the file, at most so many bytes. */
export function spanIn(folio: Folio, pos: number, most: number): Span {
  const offset = pos - folio.index * PAGE_SIZE;
  return { folio, offset, len: Math.min(most, folio.bytes.length - offset) };
}

/** The slot from `at` on, for `len` bytes. */
export const partOf = (slot: Slot, at: number, len = slot.len - at): Slot => ({
  ...{ ...slot, offset: slot.offset + at, len, expected: slot.expected.slice(at, at + len) },
});

/** The bytes of a slot as they are now, checked against its snapshot. */
export function consume(s: World, slot: Slot): Uint8Array {
  s.broken ||= load(slot).some((byte, i) => byte !== slot.expected[i]);
  return load(slot);
}

/** A step has moved `n` bytes. */
export function move(f: Frame, n: number): void {
  f.pos += n;
  f.rest -= n;
  f.done += n;
}

/** *one*: all non-exclusive waiters and the first exclusive one leave; *all*: every waiter. */
export function wake(queue: Frame[], all = false): void {
  const firstExclusive = queue.find((f) => f.wait?.exclusive);
  const stay = queue.filter((f) => !all && f.wait?.exclusive && f !== firstExclusive);
  queue.splice(0, queue.length, ...stay);
}
