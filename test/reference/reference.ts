// The reference model: the calls, steps, blocking and policies of docs/steps.md once more, small and
// immutable, to be compared step by step with the core.
//
// Interface: initial, enabled, step, outcome, blockedTasks, snapshotBroken, references; State.
// Laws: step never changes its argument; what can be counted is not stored.

import { O_RDWR } from "../../assembly/abi/fcntl.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import type { Program } from "../../src/language/program.js";
import { callsOf, expand } from "../../src/language/program.js";
import type { CallResult, FinalFile, FinalPipe, Outcome } from "../../src/trace/outcome.js";
import { ENTER, cellsOf, newInode } from "./enter.js";
import { FILE_GUARDS, FILE_LINES, writeFolio } from "./files.js";
import { PIPE_GUARDS, PIPE_LINES, makePipe, slotsFor } from "./pipes.js";
import {
  FREE,
  RESERVED,
  concat,
  draftOf,
  get,
  goTo,
  install,
  isAsleep,
  isReadable,
} from "./state.js";
import { load, newFrame, openFile, readers, returnIfFree, update, wake, writers } from "./state.js";
import type { Body, Draft, Folio, Guards, Lines, Options, State } from "./state.js";

export type { Options, State } from "./state.js";
export { references } from "./state.js";

/** The state before the first call: declared files are written, declared pipes made. */
export function initial(program: Program, options: Options): State {
  const cells = new Uint8Array(PAGE_SIZE / options.gridBytes);
  const lock = { dirty: false, hasPrivate: false, lock: FREE };
  const zeroPage: Folio = { order: 0, index: 0, cells, ...lock };
  const ids = () => new Map<number, number>();
  const d: Draft = {
    ...{ program, options, nextId: 1, broken: false, fds: ids(), names: ids() },
    ...{ inodes: new Map(), files: new Map(), pipes: new Map(), results: new Map() },
    folios: new Map([[0, zeroPage]]),
    tasks: new Map(program.threads.map((_, task) => [task, { returned: 0 }])),
  };
  program.files.forEach((_, name) => {
    declareFile(d, name);
  });
  for (const { flags, sizeBytes } of program.pipes) {
    const [fd] = makePipe(d, flags);
    const { pipe } = get(d.files, d.fds.get(fd));
    if (sizeBytes) update(d.pipes, pipe, { capacity: slotsFor(sizeBytes) });
  }
  return d;
}

/** Writes the content of a declared file: what is no hole, cut where a step of it ends. */
function declareFile(d: Draft, name: number): void {
  const { content, folioOrder = 0 } = d.program.files[name]!;
  const inode = newInode(d);
  const bytes = expand(content);
  const isHole = content.flatMap((run) => Array<boolean>(run.lenBytes).fill(run.byte === "hole"));
  for (let from = 0; from < bytes.length;) {
    let to = from;
    const end = from - (from % (PAGE_SIZE << folioOrder)) + (PAGE_SIZE << folioOrder);
    while (to < bytes.length && to < end && !isHole[to]) to++;
    const cells = cellsOf(bytes.subarray(from, to), d.options.gridBytes);
    from += to > from ? writeFolio(d, inode, from, cells) : 1;
  }
  update(d.inodes, inode, { sizeBytes: bytes.length });
  d.names.set(name, inode);
  install(d, openFile(d, { inode, flags: O_RDWR }));
}

/** *fput*: the description has lost its last reference. */
const fput: Body = (d, me, f) => {
  const { pipe, inode } = get(d.files, f.held[0]);
  d.files.delete(f.held[0]!);
  const ends = [readers(d, pipe), writers(d, pipe)];
  const isUsed = [...d.names.values()].includes(inode);
  if (pipe && ends.every((n) => n === 0)) d.pipes.delete(pipe);
  else if (pipe && ends.includes(0)) {
    wake(d, pipe, "readWaiters", true);
    wake(d, pipe, "writeWaiters", true);
  } else if (!pipe && !isUsed && ![...d.files.values()].some((file) => file.inode === inode))
    d.inodes.delete(inode);
  goTo(d, me, "fput", { held: f.held.slice(1) });
  return returnIfFree(d, me);
};

const LINES: Lines = { ...FILE_LINES, ...PIPE_LINES, fput };
const GUARDS: Guards = {
  ...{ ...FILE_GUARDS, ...PIPE_GUARDS },
  fput(s, f) {
    const { pipe } = get(s.files, f.held[0]);
    return pipe === 0 || get(s.pipes, pipe).mutex === FREE;
  },
};

const nextCall = (s: State, task: number) =>
  s.program.threads[task]!.calls[get(s.tasks, task).returned];

function isEnabled(s: State, task: number): boolean {
  const { frame } = get(s.tasks, task);
  if (frame) return !isAsleep(s, task) && (GUARDS[frame.line]?.(s, frame) ?? true);
  return nextCall(s, task)?.after.every((call) => s.results.has(call)) ?? false;
}

/** The tasks that have a step, in ascending order. */
export const enabled = (s: State): number[] =>
  [...s.tasks.keys()].filter((task) => isEnabled(s, task));

/** The tasks that are in a call and have no step: asleep, or waiting for a lock. */
export const blockedTasks = (s: State): number[] =>
  [...s.tasks.keys()].filter((task) => get(s.tasks, task).frame && !isEnabled(s, task));

/** Whether a consumer got other bytes than its slot held when it took its reference (P1). */
export const snapshotBroken = (s: State): boolean => s.broken;

/** The state after one step of an enabled task. */
export function step(s: State, task: number): State {
  if (!isEnabled(s, task)) throw new Error(`reference model: task ${task} has no step`);
  const d = draftOf(s);
  const { frame } = get(d.tasks, task);
  if (frame) return LINES[frame.line]!(d, task, frame);
  const call = nextCall(d, task)!;
  update(d.tasks, task, { frame: newFrame(call) });
  return ENTER[call.syscall](d, task, call);
}

// What came out.

function toBytes(s: State, cells: Uint8Array): Uint8Array {
  const grid = s.options.gridBytes;
  return Uint8Array.from({ length: cells.length * grid }, (_, at) => cells[Math.floor(at / grid)]!);
}

function fileBytes(s: State, inode: number): Uint8Array {
  const { pages, sizeBytes } = get(s.inodes, inode);
  const bytes = new Uint8Array(sizeBytes);
  for (const [page, folio] of pages) {
    const offset = (page - get(s.folios, folio).index) * PAGE_SIZE;
    const lenBytes = Math.min(PAGE_SIZE, sizeBytes - page * PAGE_SIZE);
    if (lenBytes > 0) bytes.set(toBytes(s, load(s, { folio, offset, lenBytes })), page * PAGE_SIZE);
  }
  return bytes;
}

function resultOf(s: State, call: number): CallResult {
  const runs = [...s.tasks.values()].some(({ frame }) => frame?.call.id === call);
  const { cells, sigpipe = false, ...numbers } = s.results.get(call) ?? { ret: 0, errno: 0 };
  const status = s.results.has(call) ? "returned" : runs ? "blocked" : "not-started";
  return { call, status, ...numbers, data: toBytes(s, cells ?? new Uint8Array()), sigpipe };
}

/** What the run has given so far: results, files, pipes, and whether P1 held. */
export function outcome(s: State): Outcome {
  const names = [...s.names].sort(([a], [b]) => a - b);
  const files: FinalFile[] = names.map(([name, inode]) => ({ name, bytes: fileBytes(s, inode) }));
  const pipes: FinalPipe[] = [];
  const seen = new Set(s.names.values());
  const open = [...s.fds].filter(([, id]) => id !== RESERVED).sort(([a], [b]) => a - b);
  for (const [fd, id] of open) {
    const file = get(s.files, id);
    const target = file.pipe || file.inode;
    if (seen.has(target) || (file.pipe && !isReadable(file))) continue;
    seen.add(target);
    const left = (s.pipes.get(target)?.slots ?? []).map((slot) => load(s, slot));
    if (file.pipe) pipes.push({ fd, bytes: toBytes(s, left.reduce(concat, new Uint8Array())) });
    else files.push({ fd, bytes: fileBytes(s, target) });
  }
  const results = callsOf(s.program).map(({ id }) => resultOf(s, id));
  return { results, files, pipes, snapshot: !s.broken };
}
