// Checked builds only: a step changes nothing but what it declared.
//
// Interface: verifyWrites compares every object with the copy made before the step.

import {
  Frame,
  Inode,
  Pipe,
  PipeBuffer,
  Task,
  asksSnapshot,
  batchAt,
  cells,
  cellsAt,
  expectedAt,
  fileAt,
  fdAt,
  fds,
  filesMax,
  File,
  framesMax,
  inodeAt,
  inodesMax,
  nameAt,
  names,
  pagesMax,
  pipeAt,
  pipesMax,
  queueAt,
  rawFrame,
  rawPageAt,
  ringMax,
  slotAt,
  stateBase,
  taskAt,
  tasks,
} from "../layout";
import { Mapping, mappedMax, mappingsMax, rawMapping, rawPteAt } from "../mm/page-table";
import { BATCH_MAX } from "../limits";
import {
  OBJECT_FDS,
  OBJECT_FILE,
  OBJECT_FRAME,
  OBJECT_INODE,
  OBJECT_MAPPING,
  OBJECT_PIPE,
  OBJECT_TASK,
  mayWrite,
} from "../touch";

let before: usize = 0;

function same(at: usize, bytes: u32): bool {
  return memory.compare(at, before + (at - stateBase), bytes) == 0;
}

/** Traps if an object that was not declared as written differs from its copy in `shadow`. */
export function verifyWrites(shadow: usize): void {
  before = shadow;
  if (!mayWrite(OBJECT_FDS, 0))
    assert(same(fdAt(0), fds) && same(nameAt(0), names), "undeclared write: descriptor table");
  for (let i: u32 = 0; i < filesMax; i++)
    if (!mayWrite(OBJECT_FILE, i))
      assert(same(changetype<usize>(fileAt(i)), offsetof<File>()), "undeclared write: file");
  for (let i: u32 = 0; i < inodesMax; i++)
    if (!mayWrite(OBJECT_INODE, i)) assert(inodeIsSame(i), "undeclared write: inode");
  for (let i: u32 = 0; i < framesMax; i++)
    if (!mayWrite(OBJECT_FRAME, i)) assert(frameIsSame(i), "undeclared write: frame");
  for (let i: u32 = 0; i < pipesMax; i++)
    if (!mayWrite(OBJECT_PIPE, i)) assert(pipeIsSame(i), "undeclared write: pipe");
  for (let i: u32 = 0; i < tasks; i++)
    if (!mayWrite(OBJECT_TASK, i)) assert(taskIsSame(i), "undeclared write: task");
  for (let i: u32 = 0; i < mappingsMax; i++)
    if (!mayWrite(OBJECT_MAPPING, i)) assert(mappingIsSame(i), "undeclared write: mapping");
}

function inodeIsSame(i: u32): bool {
  return (
    same(changetype<usize>(inodeAt(i)), offsetof<Inode>()) && same(rawPageAt(i, 0), pagesMax * 2)
  );
}
function frameIsSame(i: u32): bool {
  return same(changetype<usize>(rawFrame(i)), offsetof<Frame>()) && same(cellsAt(i), cells);
}
function pipeIsSame(i: u32): bool {
  if (!same(changetype<usize>(pipeAt(i)), offsetof<Pipe>())) return false;
  if (!same(queueAt(2 * i), 2 * tasks)) return false;
  if (pipeAt(i).maxUsage == 0) return true;
  for (let c: u32 = 0; c < <u32>pipeAt(i).maxUsage; c++) {
    if (!same(changetype<usize>(slotAt(i, c)), offsetof<PipeBuffer>())) return false;
    if (asksSnapshot && !same(expectedAt(i, c), cells)) return false;
  }
  return true;
}
function taskIsSame(i: u32): bool {
  return same(changetype<usize>(taskAt(i)), offsetof<Task>()) && same(batchAt(i, 0), BATCH_MAX * 2);
}
function mappingIsSame(i: u32): bool {
  return (
    same(changetype<usize>(rawMapping(i)), offsetof<Mapping>()) &&
    same(rawPteAt(i, 0), mappedMax * 2)
  );
}
