// The reference model's state: immutable values, and what is derived from them by counting.
//
// Interface: State and its parts, Draft; queries (holders, marked, readers …); the primitive changes
// that calls share (goTo, sleepOn, wake, finish, fail).
// Law: values in the maps never change; a step copies the maps (Draft) and puts new values in.
// Lengths and offsets are bytes, multiples of the grid; cells hold one byte value each.

import * as decide from "../../assembly/abi/decisions.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import { FD_FIRST } from "../../assembly/abi/program.js";
import type { Call, Operand, Program } from "../../src/language/program.js";
import { declaredFd } from "../../src/language/program.js";
import type { Environment } from "../../src/trace/environment.js";
import { readFdOf, writeFdOf } from "../../src/trace/outcome.js";

/** Profile, policy, grid and machine of a run. */
export interface Options {
  readonly switches: number;
  readonly decisions: number;
  readonly gridBytes: number;
  readonly environment: Environment;
}

/** Owner of a lock that nobody holds. */
export const FREE = -1;
/** The zero page: always there, never written, without references. */
export const ZERO_PAGE = 0;
/** What a descriptor names while open() still truncates. */
export const RESERVED = 0;
const NONE = new Uint8Array();

type Ids = ReadonlyMap<number, number>;
type FolioState = Readonly<{ dirty: boolean; hasPrivate: boolean; lock: number }>;
/** A folio, cached at page `index` or no longer; a page of a pipe is one of order 0. */
export type Folio = FolioState & Readonly<{ order: number; index: number; cells: Uint8Array }>;
export type Inode = Readonly<{ sizeBytes: number; pages: Ids; rwsem: number }>;

/** previousPos: where the last read or splice ended, for readahead. */
type Position = Readonly<{ pos: number; previousPos: number; posLock: number }>;
/** An open file description, of an inode or of a pipe; the other one is 0. */
export type File = Readonly<{ inode: number; pipe: number; flags: number }> & Position;

/** Bytes of a folio; `offset` counts from its begin. */
export type Span = Readonly<{ folio: number; offset: number; lenBytes: number }>;
/** A slot; `expected`: the cells it held when it took its reference (P1). */
export type Slot = Span & Readonly<{ flags: number; expected: Uint8Array }>;
type Waiters = readonly Readonly<{ task: number; exclusive: boolean }>[];
type Queues = Readonly<{ readWaiters: Waiters; writeWaiters: Waiters }>;
type Ring = Readonly<{ slots: readonly Slot[]; capacity: number }>;
export type Pipe = Ring & Queues & Readonly<{ mutex: number; polled: boolean }>;

/** What a call gave; `cells` are the data read. */
type Stored = Readonly<{ out?: number; cells?: Uint8Array; sigpipe?: boolean }>;
export type Result = Stored & Readonly<{ ret: number; errno: number }>;

/** Position, bytes still wanted and done; what write() was given, or read() has taken. */
type Progress = Readonly<{ pos: number; rest: number; done: number; cells: Uint8Array }>;
/** Folios looked up, with their offsets in the file, and the i_size sampled then. */
export type Batch = readonly Readonly<{ folio: number; atBytes: number }>[];
type Lookup = Readonly<{ batch: Batch; limit: number }>;
type Sleep = readonly [pipe: number, queue: keyof Queues, exclusive: boolean];
type Waiting = Readonly<{ sleep?: Sleep; then: string; slept: boolean; freed: boolean }>;
/** `folio`: a write step works on it; `flags`: of splice, tee, poll; `fd`: open() reserved it. */
type Others = Readonly<{ folio: number; errno: number; flags: number; fd: number }>;
/** A call that runs: the line of docs/steps.md before which it stands, and its locals.
 *  `held`: the descriptions of its operands; `result`: given, but *fput* comes first. */
export type Frame = Readonly<{ call: Call; line: string; held: readonly number[] }> &
  (Progress & Lookup & Waiting & Others & { readonly result?: Result });
/** A thread: how many calls have returned, and the one that runs. */
export type Task = Readonly<{ returned: number; frame?: Frame }>;

/** One moment of a run. */
export interface State {
  readonly program: Program;
  readonly options: Options;
  readonly folios: ReadonlyMap<number, Folio>;
  readonly inodes: ReadonlyMap<number, Inode>;
  readonly files: ReadonlyMap<number, File>;
  readonly pipes: ReadonlyMap<number, Pipe>;
  /** Descriptor → description; name in the folder → inode. */
  readonly fds: Ids;
  readonly names: Ids;
  readonly results: ReadonlyMap<number, Result>;
  readonly tasks: ReadonlyMap<number, Task>;
  readonly nextId: number;
  /** A consumer got other bytes than its slot held at first: P1 is broken. */
  readonly broken: boolean;
  /** Why the run has left the model. */
  readonly unmodelled?: string;
}

/** A state in the making: the maps are its own, the values in them are not. */
export type Draft = {
  -readonly [K in keyof State]: State[K] extends ReadonlyMap<infer A, infer B>
    ? Map<A, B>
    : State[K];
};
/** One step, or the rest of one: changes the draft and gives it back. */
export type Body = (d: Draft, me: number, f: Frame) => Draft;
/** Lines of docs/steps.md, and their guards. */
export type Lines = Readonly<Record<string, Body>>;
export type Guards = Readonly<Record<string, (s: State, f: Frame) => boolean>>;

/** Copies the maps, so that a step can change them. */
export function draftOf(s: State): Draft {
  const copy = (value: unknown): unknown => (value instanceof Map ? new Map(value) : value);
  return Object.fromEntries(Object.entries(s).map(([key, v]) => [key, copy(v)])) as Draft;
}

/** The value with this id, which must be there. */
export function get<T>(map: ReadonlyMap<number, T>, id: number | undefined): T {
  const value = map.get(id ?? -1);
  if (value === undefined) throw new Error(`reference model: no value with id ${id}`);
  return value;
}

/** Puts a value with other fields in the place of the one with this id. */
export const update = <T>(map: Map<number, T>, id: number, fields: Partial<T>) =>
  map.set(id, { ...get(map, id), ...fields });

/** Adds a value under a fresh id. */
export function add<T>(d: Draft, map: Map<number, T>, value: T): number {
  map.set(d.nextId, value);
  return d.nextId++;
}

// Descriptors and descriptions.

/** The number that an operand stands for. */
export function valueOf(s: State, operand: Operand | undefined): bigint {
  if (operand?.kind === "int" || operand?.kind === "pointer") return operand.value;
  if (operand?.kind === "file" || operand?.kind === "pipe")
    return BigInt(declaredFd(s.program, operand));
  if (operand?.kind === "result") return BigInt(s.results.get(operand.call)?.ret ?? -1);
  if (operand?.kind !== "made-pipe") return 0n;
  const fds = s.results.get(operand.call)?.out;
  return BigInt(fds === undefined ? -1 : operand.end === "r" ? readFdOf(fds) : writeFdOf(fds));
}

/** The same as a C int, and as a signed 64-bit number. */
export const intOf = (s: State, operand: Operand | undefined): number =>
  Number(BigInt.asIntN(32, valueOf(s, operand)));
export const longOf = (s: State, operand: Operand | undefined): bigint =>
  BigInt.asIntN(64, valueOf(s, operand));

/** A new description, of an inode or a pipe. */
export const openFile = (d: Draft, target: Partial<File>): number =>
  add(d, d.files, {
    inode: 0,
    pipe: 0,
    flags: 0,
    pos: 0,
    previousPos: -1,
    posLock: FREE,
    ...target,
  });

/** Gives a description the lowest free descriptor. */
export function install(d: Draft, file: number): number {
  let fd = FD_FIRST;
  while (d.fds.has(fd)) fd++;
  d.fds.set(fd, file);
  return fd;
}

export const isReadable = (file: File): boolean => ((file.flags + 1) & 1) !== 0;
export const isWritable = (file: File): boolean => ((file.flags + 1) & 2) !== 0;

const count = <T>(all: Iterable<T>, test: (one: T) => boolean): number =>
  [...all].filter(test).length;
const frames = (s: State): Frame[] => [...s.tasks.values()].flatMap(({ frame }) => frame ?? []);

export const readers = (s: State, pipe: number): number =>
  count(s.files.values(), (file) => file.pipe === pipe && isReadable(file));
export const writers = (s: State, pipe: number): number =>
  count(s.files.values(), (file) => file.pipe === pipe && isWritable(file));

// Folios and cells.

/** One field of the policy's word. */
export const decision = (s: State, shift: number, mask: number): number =>
  (s.options.decisions >> shift) & mask;

const inSlots = (s: State, id: number): number =>
  [...s.pipes.values()].reduce((n, { slots }) => n + count(slots, (x) => x.folio === id), 0);
const inBatches = (s: State, id: number, test: (f: Frame) => boolean): number =>
  count(frames(s), (f) => test(f) && f.batch.some((item) => item.folio === id));

/** References from outside the page cache. */
export const holders = (s: State, id: number): number =>
  inSlots(s, id) + inBatches(s, id, () => true);

/** The policy's flag: slots and splices in flight, where they are counted. */
export const marked = (s: State, id: number): boolean =>
  decision(s, decide.DECIDE_MARK_SHIFT, decide.DECIDE_MARK_MASK) === decide.MARK_COUNT &&
  inSlots(s, id) + inBatches(s, id, (f) => f.call.syscall === "splice") > 0;

/** The reference count that the kernel stores. */
export const references = (s: State, id: number): number =>
  [...s.inodes.values()].reduce((n, { pages }) => n + count(pages.values(), (x) => x === id), 0) +
  (get(s.folios, id).hasPrivate ? 1 : 0) +
  holders(s, id);

/** A zeroed folio that nobody holds yet. */
export function newFolio(d: Draft, order: number, index: number): number {
  const cells = new Uint8Array((PAGE_SIZE << order) / d.options.gridBytes);
  const fresh = { dirty: false, hasPrivate: false, lock: FREE };
  return add(d, d.folios, { order, index, cells, ...fresh });
}

/** Part of some cells. */
export const cut = (s: State, cells: Uint8Array, from: number, lenBytes: number): Uint8Array =>
  cells.slice(from / s.options.gridBytes, (from + lenBytes) / s.options.gridBytes);
export const load = (s: State, { folio, offset, lenBytes }: Span): Uint8Array =>
  cut(s, get(s.folios, folio).cells, offset, lenBytes);

/** Changes cells of a folio, for all who hold it. */
export function store(d: Draft, folio: number, offset: number, changed: Uint8Array): void {
  const cells = get(d.folios, folio).cells.slice();
  cells.set(changed, offset / d.options.gridBytes);
  update(d.folios, folio, { cells });
}

export function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** The slot from `at` on, for `lenBytes`. */
export const partOf = (s: State, slot: Slot, at: number, lenBytes = slot.lenBytes - at): Slot => {
  const expected = cut(s, slot.expected, at, lenBytes);
  return { ...slot, offset: slot.offset + at, lenBytes, expected };
};

/** The bytes of a slot as they are now, checked against its snapshot. */
export function consume(d: Draft, slot: Slot): Uint8Array {
  const taken = load(d, slot);
  d.broken ||= taken.some((cell, i) => cell !== slot.expected[i]);
  return taken;
}

// Tasks: starting, going on, sleeping, waking, returning.

/** The frame of a call that starts. */
export const newFrame = (call: Call): Frame => ({
  ...{ call, line: "enter", held: [], pos: 0, rest: 0, done: 0, cells: NONE, batch: [], limit: 0 },
  ...{ then: "", slept: false, freed: false, folio: 0, errno: 0, flags: 0, fd: 0 },
});

/** Moves a task to a line of its call. */
export function goTo(d: Draft, me: number, line: string, locals: Partial<Frame> = {}): Draft {
  update(d.tasks, me, { frame: { ...get(d.tasks, me).frame!, ...locals, line } });
  return d;
}

/** The next line is sleep(queue, exclusive?, condition); `then` follows. */
export const sleepOn = (d: Draft, me: number, sleep: Sleep, then: string, locals = {}): Draft =>
  goTo(d, me, "sleep", { sleep, then, ...locals });

/** Enters a queue: exclusive waiters at the tail, the others at the head. */
export function enqueue(d: Draft, task: number, [pipe, queue, exclusive]: Sleep): Draft {
  const queued = get(d.pipes, pipe)[queue];
  const waiter = { task, exclusive };
  update(d.pipes, pipe, { [queue]: exclusive ? [...queued, waiter] : [waiter, ...queued] });
  return d;
}

/** *one*: all non-exclusive waiters and the first exclusive one leave; *all*: every waiter. */
export function wake(d: Draft, pipe: number, queue: keyof Queues, all = false): void {
  const exclusive = get(d.pipes, pipe)[queue].filter((waiter) => waiter.exclusive);
  update(d.pipes, pipe, { [queue]: all ? [] : exclusive.slice(1) });
}

export const isAsleep = (s: State, task: number): boolean =>
  [...s.pipes.values()]
    .flatMap((pipe) => [...pipe.readWaiters, ...pipe.writeWaiters])
    .some((waiter) => waiter.task === task);

/** Ends the call; a description that loses its last reference needs a step *fput* first. */
export function finish(d: Draft, me: number, ret: number, stored: Partial<Result> = {}): Draft {
  const { held } = get(d.tasks, me).frame!;
  goTo(d, me, "fput", { held: [], batch: [], result: { ret, errno: 0, ...stored } });
  const isUsed = (file: number): boolean =>
    [...d.fds.values()].includes(file) || frames(d).some((f) => f.held.includes(file));
  goTo(d, me, "fput", { held: [...new Set(held)].filter((file) => !isUsed(file)) });
  return returnIfFree(d, me);
}

/** Back to user space, unless a description is still to be put. */
export function returnIfFree(d: Draft, me: number): Draft {
  const { returned, frame } = get(d.tasks, me);
  if (!frame?.result || frame.held.length > 0) return d;
  d.results.set(frame.call.id, frame.result);
  d.tasks.set(me, { returned: returned + 1 });
  return d;
}

/** Ends the call with an errno. */
export const fail = (d: Draft, me: number, errno: number, stored: Stored = {}): Draft =>
  finish(d, me, -1, { errno, ...stored });
