// The only file that reads the core's memory: results, moments and events as plain data.
//
// Interface: readOutcome, readWorld, readEvents, phaseOf. Field offsets come from the core's exports.

import { O_ACCMODE, O_WRONLY } from "../../assembly/abi/fcntl.js";
import type { CoreExports } from "../../build/core/exports.js";
import { callsOf, type Program } from "../language/program.js";
import { SYSCALLS } from "../language/syscalls.js";
import type { Event } from "../trace/event.js";
import type { CallResult, CallStatus, FinalFile, FinalPipe, Outcome } from "../trace/outcome.js";
import type {
  FileView,
  FolioView,
  InodeView,
  PipeView,
  SlotKind,
  SlotView,
  TaskView,
  World,
} from "../trace/world.js";

/** What a reader needs: the core, and what it was reset with. */
export interface Face {
  readonly core: CoreExports;
  readonly program: Program;
  readonly gridBytes: number;
}

const PAGE = 4096;
const TARGET_INODE = 1;
const TARGET_READ_END = 2;
const FOLIO_DIRTY = 1;
const FOLIO_PRIVATE = 2;
const STATUS = ["not-started", "blocked", "returned"] as const;
const SLOT_KINDS: readonly SlotKind[] = ["zero", "anon", "pagecache", "default", "zero"];

/** Names of the lines of docs/steps.md, by assembly/sched/line.ts. */
const PHASES = [
  "enter",
  "fput",
  "f_pos lock",
  "lock",
  "sleep",
  "batch",
  "begin",
  "end",
  "release",
  "push",
  "drop",
  "i_rwsem",
  "folio",
  "decide",
  "store",
  "stored",
  "unlock",
  "done",
  "detach",
  "replace tail",
  "zero tail",
  "truncated",
  "input",
  "sleep on input",
  "output",
  "sleep on output",
  "move",
  "poll",
] as const;

/** Typed reads at an address plus an exported offset. */
class Memory {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  constructor(core: CoreExports) {
    this.#view = new DataView(core.memory.buffer);
    this.bytes = new Uint8Array(core.memory.buffer);
  }
  u8(at: number, offset: { readonly value: number } = ZERO): number {
    return this.#view.getUint8(at + offset.value);
  }
  u16(at: number, offset: { readonly value: number } = ZERO): number {
    return this.#view.getUint16(at + offset.value, true);
  }
  u32(at: number, offset: { readonly value: number } = ZERO): number {
    return this.#view.getUint32(at + offset.value, true);
  }
  i64(at: number, offset: { readonly value: number } = ZERO): number {
    return Number(this.#view.getBigInt64(at + offset.value, true));
  }
}
const ZERO = { value: 0 };

/** A number that is stored plus one, so that 0 can mean "nobody". */
const less = (stored: number): number | undefined => (stored === 0 ? undefined : stored - 1);

/** Spreads cells to bytes, `count` bytes. */
function spread(face: Face, memory: Memory, at: number, count: number): Uint8Array {
  const out = new Uint8Array(count);
  for (let i = 0; i * face.gridBytes < count; i++)
    out.fill(memory.u8(at + i), i * face.gridBytes, (i + 1) * face.gridBytes);
  return out;
}

/** Results and final contents of the run so far. */
export function readOutcome(face: Face): Outcome {
  const memory = new Memory(face.core);
  const results = callsOf(face.program).map((_, call) => readResult(face, memory, call));
  const broken = memory.u32(face.core.headerAddress(), face.core.HEADER_SNAPSHOT_BROKEN);
  return {
    results,
    files: finalFiles(face, memory),
    pipes: finalPipes(face, memory),
    snapshot: broken === 0,
  };
}

/** How far each call has got. */
export function readStatuses(face: Face): CallStatus[] {
  const memory = new Memory(face.core);
  return callsOf(face.program).map(
    (_, call) => STATUS[memory.u8(face.core.resultAddress(call), face.core.RESULT_STATUS)]!,
  );
}

function readResult(face: Face, memory: Memory, call: number): CallResult {
  const { core, program } = face;
  const at = core.resultAddress(call);
  const stored = memory.i64(at, core.RESULT_RET);
  const status = STATUS[memory.u8(at, core.RESULT_STATUS)]!;
  const done = status === "returned";
  const reads = SYSCALLS[callsOf(program)[call]!.syscall].yields === "data";
  const data =
    done && reads && stored > 0
      ? spread(face, memory, core.dataAddress(call), stored)
      : new Uint8Array(0);
  return {
    call,
    status,
    ret: done && stored < 0 ? -1 : done ? stored : 0,
    errno: done && stored < 0 ? -stored : 0,
    ...(done && memory.u8(at, core.RESULT_HAS_OUT) ? { out: memory.i64(at, core.RESULT_OUT) } : {}),
    data,
    sigpipe: memory.u8(at, core.RESULT_SIGPIPE) !== 0,
  };
}

function fileBytes(face: Face, memory: Memory, inode: number): Uint8Array {
  const { core } = face;
  const size = memory.i64(core.inodeAddress(inode), core.INODE_SIZE);
  const bytes = new Uint8Array(size);
  for (let page = 0; page * PAGE < size; page++) {
    const frame = page < core.countPages() ? memory.u16(core.pageAddress(inode, page)) : 0;
    if (frame === 0) continue;
    const count = Math.min(PAGE, size - page * PAGE);
    bytes.set(spread(face, memory, core.cellsAddress(frame), count), page * PAGE);
  }
  return bytes;
}

function finalFiles(face: Face, memory: Memory): FinalFile[] {
  const { core, program } = face;
  const files: FinalFile[] = [];
  const seen = new Set<number>();
  program.names.forEach((_, name) => {
    const inode = less(memory.u8(core.nameAddress(name)));
    if (inode === undefined) return;
    seen.add(inode);
    files.push({ name, bytes: fileBytes(face, memory, inode) });
  });
  for (const { fd, target, id } of openFds(face, memory)) {
    if (target !== TARGET_INODE || seen.has(id)) continue;
    seen.add(id);
    files.push({ fd, bytes: fileBytes(face, memory, id) });
  }
  return files;
}

function finalPipes(face: Face, memory: Memory): FinalPipe[] {
  const seen = new Set<number>();
  const pipes: FinalPipe[] = [];
  for (const { fd, target, id } of openFds(face, memory)) {
    if (target !== TARGET_READ_END || seen.has(id)) continue;
    seen.add(id);
    pipes.push({ fd, bytes: pipeBytes(face, memory, id) });
  }
  return pipes;
}

/** The bytes that wait in a pipe's slots, in order. */
function pipeBytes(face: Face, memory: Memory, pipe: number): Uint8Array {
  const slots = slotsOf(face, memory, pipe);
  const bytes = new Uint8Array(slots.reduce((sum, slot) => sum + slot.lenBytes, 0));
  let at = 0;
  for (const slot of slots) {
    const from = face.core.cellsAddress(slot.frame) + slot.offset / face.gridBytes;
    bytes.set(spread(face, memory, from, slot.lenBytes), at);
    at += slot.lenBytes;
  }
  return bytes;
}

/** Open descriptors, ascending; a descriptor that open() has only reserved is not open. */
function openFds(
  face: Face,
  memory: Memory,
): { fd: number; file: number; target: number; id: number }[] {
  const { core } = face;
  const open = [];
  for (let fd = 0; fd < core.countFds(); fd++) {
    const entry = memory.u8(core.fdAddress(fd));
    if (entry === 0 || entry === 0xff) continue;
    const at = core.fileAddress(entry - 1);
    open.push({
      fd,
      file: entry - 1,
      target: memory.u8(at, core.FILE_TARGET),
      id: memory.u8(at, core.FILE_ID),
    });
  }
  return open;
}

/** The present moment. */
export function readWorld(face: Face): World {
  const memory = new Memory(face.core);
  return {
    gridBytes: face.gridBytes,
    tasks: readTasks(face, memory),
    folios: readFolios(face, memory),
    inodes: readInodes(face, memory),
    files: readFiles(face, memory),
    pipes: readPipes(face, memory),
  };
}

/** The kind of a task's next step. */
export function phaseOf(face: Face, task: number): string {
  const memory = new Memory(face.core);
  return PHASES[memory.u8(face.core.taskAddress(task), face.core.TASK_LINE)]!;
}

function readTasks(face: Face, memory: Memory): TaskView[] {
  const { core, program } = face;
  const enabled = core.enabledMask();
  return program.threads.map((thread, task) => {
    const at = core.taskAddress(task);
    const pc = memory.u8(at, core.TASK_PC);
    const line = memory.u8(at, core.TASK_LINE);
    const asleep = memory.u8(at, core.TASK_QUEUE) !== 0;
    const call = thread.calls[pc];
    return {
      task,
      state: !call ? "done" : asleep ? "asleep" : line === 0 ? "ready" : "in-call",
      ...(call ? { call: call.id } : {}),
      enabled: ((enabled >>> task) & 1) === 1,
      phase: PHASES[line]!,
    };
  });
}

function readFolios(face: Face, memory: Memory): FolioView[] {
  const { core } = face;
  const cells = PAGE / face.gridBytes;
  const folios: FolioView[] = [];
  for (let frame = 1; frame < core.countFrames(); frame++) {
    const at = core.frameAddress(frame);
    if (memory.u16(at, core.FRAME_HEAD) !== frame) continue;
    const order = memory.u8(at, core.FRAME_ORDER);
    const inode = less(memory.u8(at, core.FRAME_INODE));
    const lockedBy = less(memory.u8(at, core.FRAME_LOCK));
    const flags = memory.u8(at, core.FRAME_FLAGS);
    const from = core.cellsAddress(frame);
    folios.push({
      frame,
      order,
      refs: memory.u16(at, core.FRAME_REFS),
      outside: memory.u16(at, core.FRAME_OUTSIDE),
      dirty: (flags & FOLIO_DIRTY) !== 0,
      hasPrivate: (flags & FOLIO_PRIVATE) !== 0,
      ...(lockedBy === undefined ? {} : { lockedBy }),
      ...(inode === undefined
        ? {}
        : { cachedAt: { inode, index: memory.u16(at, core.FRAME_INDEX) } }),
      cells: memory.bytes.slice(from, from + (cells << order)),
    });
  }
  return folios;
}

function readInodes(face: Face, memory: Memory): InodeView[] {
  const { core, program } = face;
  const names = new Map<number, string>();
  program.names.forEach((name, i) => {
    const inode = less(memory.u8(core.nameAddress(i)));
    if (inode !== undefined) names.set(inode, name);
  });
  const inodes: InodeView[] = [];
  for (let inode = 0; inode < core.countInodes(); inode++) {
    const at = core.inodeAddress(inode);
    if (!memory.u8(at, core.INODE_LIVE)) continue;
    const pages: number[] = [];
    for (let page = 0; page < core.countPages(); page++)
      pages.push(memory.u16(core.pageAddress(inode, page)));
    while (pages.at(-1) === 0) pages.pop();
    const name = names.get(inode);
    const lockedBy = less(memory.u8(at, core.INODE_RWSEM));
    inodes.push({
      inode,
      ...(name === undefined ? {} : { name }),
      sizeBytes: memory.i64(at, core.INODE_SIZE),
      pages,
      ...(lockedBy === undefined ? {} : { lockedBy }),
    });
  }
  return inodes;
}

function readFiles(face: Face, memory: Memory): FileView[] {
  const { core } = face;
  const open = openFds(face, memory);
  return [...new Set(open.map((o) => o.file))].map((file) => {
    const { target, id } = open.find((o) => o.file === file)!;
    const at = core.fileAddress(file);
    const flags = memory.u32(at, core.FILE_FLAGS);
    const end = (flags & O_ACCMODE) === O_WRONLY ? "w" : "r";
    return {
      file,
      target: target === TARGET_INODE ? { inode: id } : { pipe: id, end },
      flags,
      positionBytes: memory.i64(at, core.FILE_POS),
      fds: open.filter((o) => o.file === file).map((o) => o.fd),
    };
  });
}

function readPipes(face: Face, memory: Memory): PipeView[] {
  const { core } = face;
  const pipes: PipeView[] = [];
  for (let pipe = 0; pipe < core.countPipes(); pipe++) {
    const at = core.pipeAddress(pipe);
    if (!memory.u8(at, core.PIPE_LIVE)) continue;
    const lockedBy = less(memory.u8(at, core.PIPE_MUTEX));
    pipes.push({
      pipe,
      name: pipeName(face, memory, pipe),
      head: memory.u32(at, core.PIPE_HEAD),
      tail: memory.u32(at, core.PIPE_TAIL),
      maxUsage: memory.u16(at, core.PIPE_MAX_USAGE),
      readers: memory.u8(at, core.PIPE_READERS),
      writers: memory.u8(at, core.PIPE_WRITERS),
      slots: slotsOf(face, memory, pipe),
      readWaiters: waitersOf(core, 2 * pipe),
      writeWaiters: waitersOf(core, 2 * pipe + 1),
      ...(lockedBy === undefined ? {} : { lockedBy }),
    });
  }
  return pipes;
}

function waitersOf(core: CoreExports, queue: number): number[] {
  return Array.from({ length: core.countWaiters(queue) }, (_, nth) => core.waiterAt(queue, nth));
}

/** A declared pipe's name, or that of the pipe2 call whose descriptors lead to it. */
function pipeName(face: Face, memory: Memory, pipe: number): string {
  const { core, program } = face;
  const declared = program.pipes[pipe];
  if (declared) return declared.name;
  for (const call of callsOf(program)) {
    const made = call.operands[0];
    const result = core.resultAddress(call.id);
    if (made?.kind !== "newpipe" || !memory.u8(result, core.RESULT_HAS_OUT)) continue;
    const entry = memory.u8(core.fdAddress(memory.i64(result, core.RESULT_OUT) & 0xffff));
    if (entry === 0 || entry === 0xff) continue;
    const at = core.fileAddress(entry - 1);
    const isPipe = memory.u8(at, core.FILE_TARGET) >= TARGET_READ_END;
    if (isPipe && memory.u8(at, core.FILE_ID) === pipe) return made.name;
  }
  return `pipe ${pipe}`;
}

function slotsOf(face: Face, memory: Memory, pipe: number): SlotView[] {
  const { core } = face;
  const at = core.pipeAddress(pipe);
  const head = memory.u32(at, core.PIPE_HEAD);
  const slots: SlotView[] = [];
  for (let counter = memory.u32(at, core.PIPE_TAIL); counter !== head; counter++) {
    const slot = core.slotAddress(pipe, counter);
    const expected = core.expectedAddress(pipe, counter);
    const asked = core.asksExpected();
    slots.push({
      counter,
      frame: memory.u16(slot, core.SLOT_FRAME),
      offset: memory.u16(slot, core.SLOT_OFFSET),
      lenBytes: memory.u16(slot, core.SLOT_LEN),
      flags: memory.u8(slot, core.SLOT_FLAGS),
      kind: SLOT_KINDS[memory.u8(slot, core.SLOT_KIND)]!,
      ...(asked
        ? { expected: memory.bytes.slice(expected, expected + PAGE / face.gridBytes) }
        : {}),
    });
  }
  return slots;
}

/** What the last step changed. */
export function readEvents(face: Face): Event[] {
  const { core } = face;
  const words = new Uint32Array(core.memory.buffer, core.eventsAt(), core.eventsUsed() * 8);
  const events: Event[] = [];
  for (let at = 0; at < words.length; at += 8)
    events.push(eventOf(words[at]!, [...words.subarray(at + 1, at + 8)]));
  return events;
}

/** A signed 64-bit number from its low and high word. */
function signed(low: number, high: number): number {
  return Number(BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low)));
}

function eventOf(kind: number, words: number[]): Event {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = words;
  switch (kind) {
    case 1:
      return { kind: "call-start", task: a, call: b };
    case 2: {
      const ret = signed(c, d);
      const errno = ret < 0 ? -ret : 0;
      return { kind: "call-return", task: a, call: b, ret: ret < 0 ? -1 : ret, errno };
    }
    case 3:
      return { kind: "sleep", task: a, pipe: b };
    case 4:
      return { kind: "wake", task: a, by: b };
    case 5:
      return { kind: "sigpipe", task: a };
    case 6:
      return { kind: "folio-new", frame: a, order: b };
    case 7:
      return { kind: "folio-free", frame: a };
    case 8:
      return { kind: "folio-ref", frame: a, refs: b };
    case 9:
      return { kind: "cache-insert", inode: a, index: b, frame: c };
    case 10:
      return { kind: "cache-remove", inode: a, index: b, frame: c };
    case 11:
      return { kind: "replace", frame: a, by: b };
    case 12:
      return { kind: "size", inode: a, sizeBytes: signed(b, c) };
    case 13:
      return {
        kind: "slot-push",
        slot: { pipe: a, counter: b },
        frame: c,
        offset: d,
        lenBytes: e,
        flags: f,
        slotKind: SLOT_KINDS[g]!,
      };
    case 14:
      return { kind: "slot-pop", slot: { pipe: a, counter: b } };
    case 15:
      return { kind: "store", call: a, frame: b, offset: c, lenBytes: d };
    case 16:
      return {
        kind: "consume",
        call: a,
        slot: { pipe: b, counter: c },
        frame: d,
        offset: e,
        lenBytes: f,
        changed: g === 1,
      };
    default:
      throw new Error(`the core emitted an event of unknown kind ${kind}`);
  }
}
