// Results and final contents, as they stand now.
//
// Interface: readOutcome, readStatuses.

import type { Call } from "../../language/program.js";
import { SYSCALLS } from "../../language/syscalls.js";
import type { CallResult, CallStatus, FinalFile, FinalPipe, Outcome } from "../../trace/outcome.js";
import { zeroedBytes } from "../../trace/bytes.js";
import { finalWires, unreadBytes } from "./sockets.js";
import {
  Memory,
  namedBy,
  openFds,
  PAGE,
  spread,
  spreadInto,
  STATUS,
  TARGET_BOTH_ENDS,
  TARGET_INODE,
  TARGET_READ_END,
  TARGET_SOCKET,
  type Face,
} from "./face.js";

/** When a call was started and had returned, in rounds of a schedule; -1 for never. */
export interface Rounds {
  readonly startedAt: number;
  readonly returnedAt: number;
}

/** Results and final contents of the run so far; `rounds`, by CallId, where the run was stepped call by call. */
export function readOutcome(face: Face, rounds?: readonly Rounds[]): Outcome {
  const memory = new Memory(face.core);
  const results = face.calls.map((_, call) => {
    const result = readResult(face, memory, call);
    return rounds ? Object.assign(result, rounds[call]) : result;
  });
  for (const call of lostWakes(face, memory)) Object.assign(results[call]!, { lostWake: true });
  const values = valuesOfCore(face, memory);
  return {
    results,
    files: finalFiles(face, memory),
    pipes: finalPipes(face, memory),
    ...(face.program.wires.length > 0 ? { wires: finalWires(face, memory) } : {}),
    snapshot: snapshotOf(face, memory),
    ...(values.length > 0 ? { values } : {}),
  };
}

/** By SNAPSHOT_* of assembly/structs.ts. */
const SNAPSHOTS = [true, false, "either"] as const;

const snapshotOf = ({ core }: Face, memory: Memory): boolean | "either" =>
  SNAPSHOTS[memory.u32(core.headerAddress(), core.HEADER_SNAPSHOT_BROKEN)]!;

/** What the bits of a cell stand for; none where a cell is one value. */
const valuesOfCore = ({ core }: Face, memory: Memory): number[] =>
  Array.from({ length: core.valuesCount() }, (_, n) => memory.u8(core.valuesAt() + n));

/** Calls that sleep although what they wait for is there (P10). */
function lostWakes({ core, program }: Face, memory: Memory): number[] {
  return program.threads.flatMap(({ calls }, task) => {
    if (memory.u8(core.taskAddress(task), core.TASK_QUEUE) === 0 || !core.lostWake(task)) return [];
    return calls[memory.u8(core.taskAddress(task), core.TASK_PC)]?.id ?? [];
  });
}

/** How far each call has got. */
export function readStatuses(face: Face): CallStatus[] {
  const memory = new Memory(face.core);
  return face.calls.map(
    (_, call) => STATUS[memory.u8(face.core.resultAddress(call), face.core.RESULT_STATUS)]!,
  );
}

function readResult(face: Face, memory: Memory, call: number): CallResult {
  const { core, calls } = face;
  const at = core.resultAddress(call);
  const stored = memory.i64(at, core.RESULT_RET);
  const status = STATUS[memory.u8(at, core.RESULT_STATUS)]!;
  const done = status === "returned";
  const data =
    done && stored > 0
      ? spread(face, memory, core.dataAddress(call), readBytes(calls[call]!, stored))
      : zeroedBytes(0);
  const result = {
    call,
    status,
    ret: done && stored < 0 ? -1 : done ? stored : 0,
    errno: done && stored < 0 ? -stored : 0,
    data,
    sigpipe: memory.u8(at, core.RESULT_SIGPIPE) !== 0,
  };
  const stores = done && memory.u8(at, core.RESULT_HAS_OUT) !== 0;
  return stores ? Object.assign(result, { out: memory.i64(at, core.RESULT_OUT) }) : result;
}

/** How much a call that returned `ret` has read: with MSG_TRUNC recv() tells how long the message was. */
function readBytes({ syscall, operands }: Call, ret: number): number {
  if (SYSCALLS[syscall].yields !== "data") return 0;
  const count = syscall === "recv" ? operands[1] : undefined;
  return count?.kind === "int" ? Math.min(ret, Number(count.value)) : ret;
}

function fileBytes(face: Face, memory: Memory, inode: number): Uint8Array {
  const { core } = face;
  const size = memory.i64(core.inodeAddress(inode), core.INODE_SIZE);
  const frameOf = (page: number): number =>
    page < core.countPages() ? memory.u16(core.pageAddress(inode, page)) : 0;
  if (size <= PAGE && frameOf(0) !== 0)
    return spread(face, memory, core.cellsAddress(frameOf(0)), size);
  const bytes = zeroedBytes(size);
  for (let page = 0; page * PAGE < size; page++) {
    const frame = frameOf(page);
    const at = frame === 0 ? core.diskAddress(inode, page) : core.cellsAddress(frame);
    if (at === 0) continue;
    const count = Math.min(PAGE, size - page * PAGE);
    spreadInto(face, memory, at, bytes, page * PAGE, count);
  }
  return bytes;
}

function finalFiles(face: Face, memory: Memory): FinalFile[] {
  const { program } = face;
  const files: FinalFile[] = [];
  const seen = new Set<number>();
  program.names.forEach((_, name) => {
    const named = namedBy(face, memory, name);
    if (named.kind !== "inode") return;
    seen.add(named.id);
    files.push({ name, bytes: fileBytes(face, memory, named.id) });
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
  const ends = new Set<number>();
  for (const pipe of lockedPipes(face)) seen.add(pipe);
  for (const { fd, target, id } of openFds(face, memory)) {
    const isEnd = target === TARGET_SOCKET;
    const known = isEnd ? ends : seen;
    const reads = target === TARGET_READ_END || target === TARGET_BOTH_ENDS;
    if ((!reads && !isEnd) || known.has(id)) continue;
    known.add(id);
    const bytes = isEnd ? unreadBytes(face, memory, id) : pipeBytes(face, memory, id);
    pipes.push({ fd, bytes });
  }
  return pipes;
}

/** Pipes that cannot be asked: the one of a splice from a socket, which may have it locked, and then those that others move slots between, who may wait
 *  for it with another locked. */
function lockedPipes({ core, program }: Face): number[] {
  const tasks = program.threads.map((_, task) => task);
  const drained = tasks.map((task) => core.pipeOfDrain(task)).filter((pipe) => pipe > 0);
  const moved = drained.length === 0 ? [] : tasks.map((task) => core.pipesOfMove(task));
  return [...drained, ...moved.flatMap((pair) => [pair >>> 16, pair & 0xffff])].map((n) => n - 1);
}

/** The bytes that wait in a pipe's slots, in order. */
function pipeBytes(face: Face, memory: Memory, pipe: number): Uint8Array {
  const { core } = face;
  const head = memory.u32(core.pipeAddress(pipe), core.PIPE_HEAD);
  const tail = memory.u32(core.pipeAddress(pipe), core.PIPE_TAIL);
  let size = 0;
  for (let c = tail; c !== head; c++) size += memory.u16(core.slotAddress(pipe, c), core.SLOT_LEN);
  const cellsOf = (slot: number): number =>
    core.cellsAddress(memory.u16(slot, core.SLOT_FRAME)) +
    memory.u16(slot, core.SLOT_OFFSET) / face.gridBytes;
  if (head === tail + 1) return spread(face, memory, cellsOf(core.slotAddress(pipe, tail)), size);
  const bytes = zeroedBytes(size);
  let to = 0;
  for (let counter = tail; counter !== head; counter++) {
    const slot = core.slotAddress(pipe, counter);
    const len = memory.u16(slot, core.SLOT_LEN);
    spreadInto(face, memory, cellsOf(slot), bytes, to, len);
    to += len;
  }
  return bytes;
}
