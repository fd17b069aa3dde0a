// The reference model: the calls, steps, blocking and policies of docs/steps.md once more, small and
// immutable, to be compared step by step with the core.
//
// Interface: initial, enabled, step, outcome, blockedTasks, snapshotBroken, and the State.
// Laws: step never changes its argument; everything that can be counted is not stored.

import type { Program } from "../../src/language/program.js";
import { callsOf, contentBytes } from "../../src/language/program.js";
import type { CallResult, FinalFile, FinalPipe, Outcome } from "../../src/trace/outcome.js";
import { ENTER, cellsOf } from "./enter.js";
import { FILE_LINES, writeAll } from "./files.js";
import { PIPE_LINES, makePipe, resize } from "./pipes.js";
import * as st from "./state.js";
import type { Draft, Frame, Line, Lines, Options, State } from "./state.js";
import { O_RDWR } from "../../assembly/abi/fcntl.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";

export type { Environment, Options, State } from "./state.js";
export { references } from "./state.js";

/** The state before the first call: declared files are written, declared pipes made. */
export function initial(program: Program, options: Options): State {
  const zeroPage = {
    order: 0,
    index: 0,
    cells: new Uint8Array(PAGE_SIZE / options.gridBytes),
    dirty: false,
    hasPrivate: false,
    lock: st.FREE,
  };
  const d: Draft = {
    program,
    options,
    folios: new Map([[st.ZERO_PAGE, zeroPage]]),
    inodes: new Map(),
    files: new Map(),
    pipes: new Map(),
    fds: new Map(),
    names: new Map(),
    results: new Map(),
    tasks: new Map(program.threads.map((_, task) => [task, { returned: 0 }])),
    nextId: 1,
    broken: false,
  };
  program.files.forEach((_, name) => declareFile(d, name));
  for (const { flags, sizeBytes } of program.pipes) {
    const [fd] = makePipe(d, flags);
    const { pipe } = st.get(d.files, st.get(d.fds, fd));
    if (sizeBytes !== undefined) resize(d, pipe, BigInt(sizeBytes));
  }
  return d;
}

/** Writes the content of a declared file piece by piece: what is no hole, cut at the step's size. */
function declareFile(d: Draft, name: number): void {
  const { content, folioOrder } = d.program.files[name]!;
  const inode = st.newInode(d);
  const chunkBytes = PAGE_SIZE << (folioOrder ?? 0);
  const bytes = new Uint8Array(contentBytes(content));
  const pieces: { from: number; to: number }[] = [];
  let at = 0;
  for (const run of content) {
    const end = at + run.lenBytes;
    if (run.byte !== "hole") bytes.fill(run.byte, at, end);
    while (run.byte !== "hole" && at < end) {
      const to = Math.min(end, at - (at % chunkBytes) + chunkBytes);
      const last = pieces.at(-1);
      if (last?.to === at && at % chunkBytes !== 0) last.to = to;
      else pieces.push({ from: at, to });
      at = to;
    }
    at = end;
  }
  for (const { from, to } of pieces)
    writeAll(d, inode, from, cellsOf(bytes.subarray(from, to), d.options.gridBytes));
  st.update(d.inodes, inode, { sizeBytes: bytes.length });
  d.names.set(name, inode);
  st.install(d, st.add(d, d.files, { ...st.NEW_FILE, inode, flags: O_RDWR }));
}

/** *fput*: the description has lost its last reference. */
const FPUT: Line = {
  when: (s, f) => {
    const { pipe } = st.get(s.files, f.held[0]!);
    return pipe === 0 || st.get(s.pipes, pipe).mutex === st.FREE;
  },
  run(d, me, f) {
    const { pipe, inode } = st.get(d.files, f.held[0]!);
    d.files.delete(f.held[0]!);
    if (pipe) {
      const ends = [st.readers(d, pipe), st.writers(d, pipe)];
      if (ends.every((n) => n === 0)) d.pipes.delete(pipe);
      else if (ends.includes(0))
        for (const queue of ["readWaiters", "writeWaiters"] as const)
          st.wake(d, pipe, queue, "all");
    } else if (![...d.files.values()].some((file) => file.inode === inode))
      if (![...d.names.values()].includes(inode)) d.inodes.delete(inode);
    st.goTo(d, me, "fput", { held: f.held.slice(1) });
    if (f.held.length === 1) st.returnToUser(d, me);
  },
};

const LINES: Lines = { ...FILE_LINES, ...PIPE_LINES, fput: FPUT };

const nextCall = (s: State, task: number) =>
  s.program.threads[task]!.calls[st.get(s.tasks, task).returned];

function isEnabled(s: State, task: number): boolean {
  const { frame } = st.get(s.tasks, task);
  if (frame) return !st.isAsleep(s, task) && (LINES[frame.line]!.when?.(s, frame, task) ?? true);
  return nextCall(s, task)?.after.every((call) => s.results.has(call)) ?? false;
}

/** The tasks that have a step, in ascending order. */
export const enabled = (s: State): number[] =>
  [...s.tasks.keys()].filter((task) => isEnabled(s, task));

/** The tasks that are in a call and have no step: asleep, or waiting for a lock. */
export const blockedTasks = (s: State): number[] =>
  [...s.tasks.keys()].filter((task) => st.get(s.tasks, task).frame && !isEnabled(s, task));

/** Whether a consumer got other bytes than its slot held when it took its reference (P1). */
export const snapshotBroken = (s: State): boolean => s.broken;

const FRESH: Omit<Frame, "call"> = {
  line: "enter",
  held: [],
  pos: 0,
  rest: 0,
  done: 0,
  cells: new Uint8Array(),
  batch: [],
  limit: 0,
  folio: 0,
  then: "",
  slept: false,
  freed: false,
  errno: 0,
  flags: 0,
  fd: 0,
};

/** The state after one step of an enabled task. */
export function step(s: State, task: number): State {
  if (!isEnabled(s, task)) throw new Error(`reference model: task ${task} has no step`);
  const d = st.draftOf(s);
  const { frame, returned } = st.get(d.tasks, task);
  if (frame) LINES[frame.line]!.run(d, task, frame);
  else {
    const call = nextCall(d, task)!;
    d.tasks.set(task, { returned, frame: { ...FRESH, call } });
    ENTER[call.syscall](d, task, call);
  }
  return d;
}

// What came out.

function toBytes(s: State, cells: Uint8Array): Uint8Array {
  const grid = s.options.gridBytes;
  const bytes = new Uint8Array(cells.length * grid);
  cells.forEach((cell, at) => bytes.fill(cell, at * grid, (at + 1) * grid));
  return bytes;
}

function fileBytes(s: State, id: number): Uint8Array {
  const { pages, sizeBytes } = st.get(s.inodes, id);
  const bytes = new Uint8Array(sizeBytes);
  for (const [page, folio] of pages) {
    const offset = (page - st.get(s.folios, folio).index) * PAGE_SIZE;
    const room = Math.max(0, sizeBytes - page * PAGE_SIZE);
    const cells = st.load(s, folio, offset, PAGE_SIZE);
    if (room > 0) bytes.set(toBytes(s, cells).subarray(0, room), page * PAGE_SIZE);
  }
  return bytes;
}

function resultOf(s: State, call: number): CallResult {
  const result = s.results.get(call);
  const runs = [...s.tasks.values()].some(({ frame }) => frame?.call.id === call);
  if (!result) {
    const status = runs ? "blocked" : "not-started";
    return { call, status, ret: 0, errno: 0, data: new Uint8Array(), sigpipe: false };
  }
  const { cells = new Uint8Array(), sigpipe = false, ...numbers } = result;
  return { call, status: "returned", ...numbers, data: toBytes(s, cells), sigpipe };
}

/** What the run has given so far: results, files, pipes, and whether P1 held. */
export function outcome(s: State): Outcome {
  const files: FinalFile[] = [...s.names]
    .sort(([a], [b]) => a - b)
    .map(([name, inode]) => ({ name, bytes: fileBytes(s, inode) }));
  const pipes: FinalPipe[] = [];
  const seen = new Set(s.names.values());
  for (const [fd, id] of [...s.fds].sort(([a], [b]) => a - b)) {
    if (id === st.RESERVED) continue;
    const file = st.get(s.files, id);
    const target = file.pipe || file.inode;
    if (seen.has(target) || (file.pipe && !st.isReadable(file))) continue;
    seen.add(target);
    if (file.inode) files.push({ fd, bytes: fileBytes(s, target) });
    else {
      const slots = st.get(s.pipes, target).slots;
      const cells = slots.map((slot) => st.load(s, slot.folio, slot.offset, slot.lenBytes));
      pipes.push({ fd, bytes: toBytes(s, st.concat(...cells)) });
    }
  }
  const results = callsOf(s.program).map(({ id }) => resultOf(s, id));
  return { results, files, pipes, snapshot: !s.broken };
}
