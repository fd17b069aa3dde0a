// The reference model's state: immutable values, and what can be derived from them.
//
// Interface: State and its parts, Draft; queries (holders, marked, readers …), and the few primitive
// changes that the calls share (goTo, sleepOn, wake, finish, lockMutex).
// Law: every value in a map is immutable; a step copies the maps (Draft) and puts new values in.
// Reference counts, reader and writer counts are never stored: they are counted.

import * as decide from "../../assembly/abi/decisions.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import { FD_FIRST } from "../../assembly/abi/program.js";
import type { Call, Operand, Program } from "../../src/language/program.js";
import { declaredFd } from "../../src/language/program.js";

/** What the machine under the program allows. */
export interface Environment {
  readonly capSysResource: boolean;
  readonly pipeMaxSizeBytes: number;
  readonly pipeUserPagesSoft: number;
  readonly fileSizeLimitBytes?: number;
  readonly pageSizeBytes: number;
}

/** Profile, policy, grid and machine of a run. */
export interface Options {
  readonly switches: number;
  readonly decisions: number;
  readonly gridBytes: number;
  readonly environment: Environment;
}

/** Nobody holds the lock. */
export const FREE = -1;
/** The zero page: always there, never written, without references. */
export const ZERO_PAGE = 0;

/** A folio, cached or not; a page of a pipe is one of order 0. */
export interface Folio {
  readonly order: number;
  /** Page index in the file it was made for. */
  readonly index: number;
  readonly cells: Uint8Array;
  readonly dirty: boolean;
  readonly hasPrivate: boolean;
  readonly lock: number;
}

export interface Inode {
  readonly sizeBytes: number;
  /** Page index → folio. */
  readonly pages: ReadonlyMap<number, number>;
  readonly rwsem: number;
}

/** An open file description, of an inode or of a pipe; the other one is 0. */
export interface File {
  readonly inode: number;
  readonly pipe: number;
  readonly flags: number;
  readonly pos: number;
  /** Where the last read or splice from it ended, for readahead. */
  readonly previousPos: number;
  readonly posLock: number;
}

export interface Slot {
  readonly folio: number;
  /** Offset in the folio, in bytes. */
  readonly offset: number;
  readonly lenBytes: number;
  readonly flags: number;
  /** The cells it held when it took its reference (P1). */
  readonly expected: Uint8Array;
}

export type Queue = "readWaiters" | "writeWaiters";
type Waiters = readonly { readonly task: number; readonly exclusive: boolean }[];

export interface Pipe {
  readonly slots: readonly Slot[];
  readonly capacity: number;
  readonly mutex: number;
  readonly polled: boolean;
  readonly readWaiters: Waiters;
  readonly writeWaiters: Waiters;
}

/** What a call gave; `cells` are the data read. */
export interface Result {
  readonly ret: number;
  readonly errno: number;
  readonly out?: number;
  readonly cells?: Uint8Array;
  readonly sigpipe?: boolean;
}

/** A call that runs: the line of docs/steps.md it stands before, and its locals. */
export interface Frame {
  readonly call: Call;
  readonly line: string;
  /** Descriptions it holds a reference on: the first operand's, then the second's. */
  readonly held: readonly number[];
  /** File position, and the bytes still wanted and done. */
  readonly pos: number;
  readonly rest: number;
  readonly done: number;
  /** What write() was given; the cells read so far. */
  readonly cells: Uint8Array;
  /** The folios looked up, each with its offset in the file, and the i_size sampled then. */
  readonly batch: readonly { readonly folio: number; readonly atBytes: number }[];
  readonly limit: number;
  /** The folio that a write step works on. */
  readonly folio: number;
  /** Where it sleeps, and the line that follows. */
  readonly sleep?: { readonly pipe: number; readonly queue: Queue; readonly exclusive: boolean };
  readonly then: string;
  readonly slept: boolean;
  /** A slot was freed that a writer may be waiting for. */
  readonly freed: boolean;
  readonly errno: number;
  /** Flags of a splice or tee, events of a poll. */
  readonly flags: number;
  /** The descriptor that open() has reserved. */
  readonly fd: number;
  /** With line "fput": what the call returns afterwards. */
  readonly result?: Result;
}

/** A thread: how many calls have returned, and the one that runs. */
export interface Task {
  readonly returned: number;
  readonly frame?: Frame;
}

/** One moment of a run. */
export interface State {
  readonly program: Program;
  readonly options: Options;
  readonly folios: ReadonlyMap<number, Folio>;
  readonly inodes: ReadonlyMap<number, Inode>;
  readonly files: ReadonlyMap<number, File>;
  readonly pipes: ReadonlyMap<number, Pipe>;
  /** Descriptor → description; RESERVED while open() truncates. */
  readonly fds: ReadonlyMap<number, number>;
  /** Name in the folder → inode. */
  readonly names: ReadonlyMap<number, number>;
  readonly results: ReadonlyMap<number, Result>;
  readonly tasks: ReadonlyMap<number, Task>;
  readonly nextId: number;
  /** A consumer got other bytes than its slot held when it took its reference: P1 is broken. */
  readonly broken: boolean;
  /** Why the run has left the model. */
  readonly unmodelled?: string;
}

export const RESERVED = 0;

/** A state in the making: the maps are its own, the values in them are not. */
export type Draft = {
  -readonly [K in keyof State]: State[K] extends ReadonlyMap<infer A, infer B>
    ? Map<A, B>
    : State[K];
};

/** Copies the maps, so that a step can change them. */
export const draftOf = (s: State): Draft => ({
  ...s,
  folios: new Map(s.folios),
  inodes: new Map(s.inodes),
  files: new Map(s.files),
  pipes: new Map(s.pipes),
  fds: new Map(s.fds),
  names: new Map(s.names),
  results: new Map(s.results),
  tasks: new Map(s.tasks),
});

/** The value with this id, which must be there. */
export function get<T>(map: ReadonlyMap<number, T>, id: number): T {
  const value = map.get(id);
  if (value === undefined) throw new Error(`reference model: no ${id} in a map`);
  return value;
}

/** Replaces the value with this id by one with other fields. */
export const update = <T>(map: Map<number, T>, id: number, fields: Partial<T>): void => {
  map.set(id, { ...get(map, id), ...fields });
};

/** Adds a value under a fresh id. */
export function add<T>(d: Draft, map: Map<number, T>, value: T): number {
  map.set(d.nextId, value);
  return d.nextId++;
}

// Descriptors and descriptions.

/** What a fresh description starts with. */
export const NEW_FILE: File = {
  inode: 0,
  pipe: 0,
  flags: 0,
  pos: 0,
  previousPos: -1,
  posLock: FREE,
};

/** Gives a description the lowest free descriptor. */
export function install(d: Draft, file: number): number {
  let fd = FD_FIRST;
  while (d.fds.has(fd)) fd++;
  d.fds.set(fd, file);
  return fd;
}

export const isReadable = (file: File): boolean => ((file.flags + 1) & 1) !== 0;
export const isWritable = (file: File): boolean => ((file.flags + 1) & 2) !== 0;

/** The number that an operand stands for. */
export function valueOf(s: State, operand: Operand | undefined): bigint {
  switch (operand?.kind) {
    case "int":
    case "pointer":
      return operand.value;
    case "file":
    case "pipe":
      return BigInt(declaredFd(s.program, operand));
    case "result":
      return BigInt(s.results.get(operand.call)?.ret ?? -1);
    case "made-pipe": {
      const fds = s.results.get(operand.call)?.out;
      if (fds === undefined) return -1n;
      return BigInt(operand.end === "r" ? fds % 0x10000 : Math.floor(fds / 0x10000));
    }
    default:
      return 0n;
  }
}

/** The same as a C int: a descriptor, flags or a command. */
export const intOf = (s: State, operand: Operand | undefined): number =>
  Number(BigInt.asIntN(32, valueOf(s, operand)));

/** The same as a signed 64-bit number. */
export const longOf = (s: State, operand: Operand | undefined): bigint =>
  BigInt.asIntN(64, valueOf(s, operand));

/** The description that a descriptor operand names; undefined is EBADF. */
export function fileOf(s: State, operand: Operand | undefined): number | undefined {
  const file = s.fds.get(intOf(s, operand));
  return file === RESERVED ? undefined : file;
}

const countOf = <T>(all: Iterable<T>, test: (one: T) => boolean): number => {
  let count = 0;
  for (const one of all) if (test(one)) count++;
  return count;
};

const frames = (s: State): Frame[] => [...s.tasks.values()].flatMap((task) => task.frame ?? []);

/** References on a description: descriptors, and calls that run. */
export const fileReferences = (s: State, file: number): number =>
  countOf(s.fds.values(), (f) => f === file) + countOf(frames(s), (f) => f.held.includes(file));

export const readers = (s: State, pipe: number): number =>
  countOf(s.files.values(), (f) => f.pipe === pipe && isReadable(f));
export const writers = (s: State, pipe: number): number =>
  countOf(s.files.values(), (f) => f.pipe === pipe && isWritable(f));

// Folios.

export const folioBytes = (folio: Folio): number => PAGE_SIZE << folio.order;

const inSlots = (s: State, folio: number): number =>
  [...s.pipes.values()].reduce((n, p) => n + countOf(p.slots, (slot) => slot.folio === folio), 0);

const inBatches = (s: State, folio: number, ofSplice: boolean): number =>
  countOf(frames(s), (f) => {
    const counts = !ofSplice || f.call.syscall === "splice";
    return counts && f.batch.some((item) => item.folio === folio);
  });

/** References from outside the page cache: slots, and batches in flight. */
export const holders = (s: State, folio: number): number =>
  inSlots(s, folio) + inBatches(s, folio, false);

/** The folio's reference count: what the kernel stores is counted here. */
export function references(s: State, id: number): number {
  let cached = 0;
  for (const inode of s.inodes.values()) cached += countOf(inode.pages.values(), (f) => f === id);
  return cached + (get(s.folios, id).hasPrivate ? 1 : 0) + holders(s, id);
}

/** One field of the policy's word. */
export const decision = (s: State, shift: number, mask: number): number =>
  (s.options.decisions >> shift) & mask;

/** Whether the policy's flag is set on a folio: an outside reference is counted on it. */
export const marked = (s: State, folio: number): boolean =>
  decision(s, decide.DECIDE_MARK_SHIFT, decide.DECIDE_MARK_MASK) === decide.MARK_COUNT &&
  inSlots(s, folio) + inBatches(s, folio, true) > 0;

// Cells.

/** Cells of a folio. All in bytes, multiples of the grid. */
export function load(s: State, folio: number, offset: number, lenBytes: number): Uint8Array {
  const grid = s.options.gridBytes;
  return get(s.folios, folio).cells.slice(offset / grid, (offset + lenBytes) / grid);
}

/** Changes cells of a folio, for all who hold it. */
export function store(d: Draft, folio: number, offset: number, cells: Uint8Array): void {
  const changed = get(d.folios, folio).cells.slice();
  changed.set(cells, offset / d.options.gridBytes);
  update(d.folios, folio, { cells: changed });
}

/** Part of some cells, in bytes. */
export const cut = (s: State, cells: Uint8Array, from: number, lenBytes: number): Uint8Array =>
  cells.subarray(from / s.options.gridBytes, (from + lenBytes) / s.options.gridBytes);

/** A zeroed folio that nobody holds yet. */
export const newFolio = (d: Draft, order: number, index: number): number =>
  add(d, d.folios, {
    order,
    index,
    cells: new Uint8Array((PAGE_SIZE << order) / d.options.gridBytes),
    dirty: false,
    hasPrivate: false,
    lock: FREE,
  });

/** One run of cells after another. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

/** Checks what a consumer takes from a slot's begin against the slot's snapshot. */
export function consume(d: Draft, slot: Slot, taken: Uint8Array): void {
  if (taken.some((cell, i) => cell !== slot.expected[i])) d.broken = true;
}

/** The slot without its first bytes. */
export const advanced = (s: State, slot: Slot, lenBytes: number): Slot => ({
  ...slot,
  offset: slot.offset + lenBytes,
  lenBytes: slot.lenBytes - lenBytes,
  expected: slot.expected.slice(lenBytes / s.options.gridBytes),
});

// Tasks: going on, sleeping, waking, returning.

/** Moves a task to a line of its call. */
export function goTo(d: Draft, me: number, line: string, locals: Partial<Frame> = {}): void {
  const task = get(d.tasks, me);
  if (!task.frame) throw new Error("reference model: no call runs");
  d.tasks.set(me, { ...task, frame: { ...task.frame, ...locals, line } });
}

/** The next line is sleep(queue, exclusive?, condition), and `then` the one after it. */
export const sleepOn = (
  d: Draft,
  me: number,
  [pipe, queue, exclusive]: [number, Queue, boolean],
  then: string,
  locals: Partial<Frame> = {},
): void => goTo(d, me, "sleep", { ...locals, sleep: { pipe, queue, exclusive }, then });

/** Puts a task into a queue: exclusive waiters at the tail, the others at the head. */
export function enqueue(
  d: Draft,
  me: number,
  pipe: number,
  queue: Queue,
  exclusive: boolean,
): void {
  const queued = get(d.pipes, pipe)[queue];
  const waiter = { task: me, exclusive };
  update(d.pipes, pipe, { [queue]: exclusive ? [...queued, waiter] : [waiter, ...queued] });
}

/** *one*: all non-exclusive waiters and the first exclusive one leave; *all*: every waiter. */
export function wake(d: Draft, pipe: number, queue: Queue, how: "one" | "all" = "one"): void {
  const exclusive = get(d.pipes, pipe)[queue].filter((waiter) => waiter.exclusive);
  update(d.pipes, pipe, { [queue]: how === "all" ? [] : exclusive.slice(1) });
}

export const isAsleep = (s: State, task: number): boolean =>
  [...s.pipes.values()].some((pipe) =>
    [...pipe.readWaiters, ...pipe.writeWaiters].some((waiter) => waiter.task === task),
  );

/** Ends the call, with one more step for each description that loses its last reference. */
export function finish(d: Draft, me: number, ret: number, more: Partial<Result> = {}): void {
  const { held } = get(d.tasks, me).frame!;
  const result: Result = { ret, errno: 0, ...more };
  goTo(d, me, "fput", { held: [], result });
  const orphans = [...new Set(held)].filter((file) => fileReferences(d, file) === 0);
  goTo(d, me, "fput", { held: orphans });
  if (orphans.length === 0) returnToUser(d, me);
}

/** Stores the result; the next call may start. */
export function returnToUser(d: Draft, me: number): void {
  const { returned, frame } = get(d.tasks, me);
  d.results.set(frame!.call.id, frame!.result!);
  d.tasks.set(me, { returned: returned + 1 });
}

/** Ends the call with an errno. */
export const fail = (d: Draft, me: number, errno: number, more: Partial<Result> = {}): void =>
  finish(d, me, -1, { errno, ...more });

/** A line of docs/steps.md: `when` is its guard, `run` its effect. */
export interface Line {
  readonly when?: (s: State, f: Frame, me: number) => boolean;
  readonly run: (d: Draft, me: number, f: Frame) => void;
}
export type Lines = Readonly<Record<string, Line>>;

/** An empty file without a name. */
export const newInode = (d: Draft): number =>
  add(d, d.inodes, { sizeBytes: 0, pages: new Map(), rwsem: FREE });
