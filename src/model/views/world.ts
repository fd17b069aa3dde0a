// The present moment as data: who holds what.
//
// Interface: readWorld, phaseOf, PHASES.

import { O_ACCMODE } from "../../../assembly/abi/fcntl.js";
import type { CoreExports } from "../../../build/core/exports.js";
import type {
  FileView,
  FolioView,
  InodeView,
  PipeView,
  SlotView,
  TaskView,
  World,
} from "../../trace/world.js";
import { backgroundPhase, readBackground } from "./background.js";
import { readSockets } from "./sockets.js";
import {
  FD_RESERVED,
  hasRing,
  isPipeTarget,
  less,
  Memory,
  namedBy,
  openFds,
  PAGE,
  SLOT_KINDS,
  TARGET_DEVICE,
  TARGET_INODE,
  type Face,
} from "./face.js";
import { readMappings } from "./mappings.js";

const FOLIO_DIRTY = 1;
const FOLIO_PRIVATE = 2;
const FOLIO_MARKED = 0x80;

/** The end of a pipe that a description is of, by access mode. */
const ENDS = ["r", "w", "rw"] as const;

/** Names of the lines of docs/steps.md, by assembly/sched/line.ts. */
export const PHASES = [
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
  "truncate",
  "input",
  "sleep on input",
  "output",
  "sleep on output",
  "move",
  "poll",
  "unmark",
  "send",
  "access",
  "page_mkwrite",
  "map",
  "unmap",
  "punch",
  "names",
  "sync",
  "remap",
  "partner",
  // No line has this number.
  "",
  "seal",
  "direct read",
  "direct write",
  "shutdown",
  "shutdown of the peer",
  "drain",
  "sleep on drain",
  "evict",
] as const;

/** The present moment. */
export function readWorld(face: Face): World {
  const memory = new Memory(face.core);
  return {
    gridBytes: face.gridBytes,
    tasks: readTasks(face, memory),
    background: readBackground(face),
    folios: readFolios(face, memory),
    inodes: readInodes(face, memory),
    files: readFiles(face, memory),
    pipes: readPipes(face, memory),
    sockets: readSockets(face, memory),
    mappings: readMappings(face, memory),
  };
}

/** The kind of an action's next step. */
export function phaseOf(face: Face, action: number): string {
  const background = backgroundPhase(face, action);
  if (background !== undefined) return background;
  const memory = new Memory(face.core);
  return PHASES[memory.u8(face.core.taskAddress(action), face.core.TASK_LINE)]!;
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
    const waitsFor = core.heldUpBy(task);
    return {
      task,
      state: !call ? "done" : asleep ? "asleep" : line === 0 ? "ready" : "in-call",
      ...(call ? { call: call.id } : {}),
      enabled: ((enabled >>> task) & 1) === 1,
      phase: PHASES[line]!,
      ...(waitsFor === 0 ? {} : { waitsFor }),
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
      ...((flags & FOLIO_MARKED) === 0 ? {} : { flagged: true }),
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
    const named = namedBy(face, memory, i);
    if (named.kind === "inode") names.set(named.id, name);
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
    // The highest bit is the core's own.
    const flags = memory.u32(at, core.FILE_FLAGS) & 0x7fffffff;
    const end = ENDS[flags & O_ACCMODE] ?? "r";
    return {
      file,
      target:
        target === TARGET_INODE
          ? { inode: id }
          : target === TARGET_DEVICE
            ? { device: id === 0 ? "null" : "zero" }
            : isPipeTarget(target)
              ? { pipe: id, end }
              : { socket: id },
      flags,
      positionBytes: memory.i64(at, core.FILE_POS),
      fds: open.filter((o) => o.file === file).map((o) => o.fd),
    };
  });
}

function readPipes(face: Face, memory: Memory): PipeView[] {
  const { core, program } = face;
  const pipes: PipeView[] = [];
  for (let pipe = 0; pipe < core.countPipes(); pipe++) {
    const at = core.pipeAddress(pipe);
    if (!hasRing(memory.u8(at, core.PIPE_LIVE))) continue;
    const owner = program.threads[core.pipeOwner(pipe)];
    const isEmpty = memory.u32(at, core.PIPE_HEAD) === memory.u32(at, core.PIPE_TAIL);
    if (owner !== undefined && isEmpty) continue;
    const lockedBy = less(memory.u8(at, core.PIPE_MUTEX));
    pipes.push({
      pipe,
      name: owner === undefined ? pipeName(face, memory, pipe) : `sendfile in ${owner.name}`,
      head: memory.u32(at, core.PIPE_HEAD),
      tail: memory.u32(at, core.PIPE_TAIL),
      maxUsage: memory.u16(at, core.PIPE_MAX_USAGE),
      readers: memory.u8(at, core.PIPE_READERS),
      writers: memory.u8(at, core.PIPE_WRITERS),
      slots: slotsOf(face, memory, pipe),
      ...(face.program.sockets.some(({ kind }) => kind === "tcp") ? { hasOpenCounts: true } : {}),
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

/** A declared pipe's name, that of the pipe2 call whose descriptors lead to it, or a FIFO's. */
function pipeName(face: Face, memory: Memory, pipe: number): string {
  const { core, program } = face;
  const declared = program.pipes[pipe];
  if (declared) return declared.name;
  for (const call of face.calls) {
    const made = call.operands[0];
    const result = core.resultAddress(call.id);
    if (made?.kind !== "newpipe" || !memory.u8(result, core.RESULT_HAS_OUT)) continue;
    const entry = memory.u8(core.fdAddress(memory.i64(result, core.RESULT_OUT) & 0xffff));
    if (entry === 0 || entry === FD_RESERVED) continue;
    const at = core.fileAddress(entry - 1);
    const target = memory.u8(at, core.FILE_TARGET);
    if (isPipeTarget(target) && memory.u8(at, core.FILE_ID) === pipe) return made.name;
  }
  const fifo = program.names.find((_, name) => {
    const named = namedBy(face, memory, name);
    return named.kind === "fifo" && named.id === pipe;
  });
  return fifo ?? `pipe ${pipe}`;
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
