// Checked builds only: a step changes nothing but what it declared.
//
// Interface: verifyWrites compares every object with the copy made before the step.

import { MARK_LATE } from "../abi/decisions";
import { markKind } from "../config";
import {
  FOLIO_DIRTY,
  FOLIO_DROPS,
  FOLIO_KICKED,
  FOLIO_LEAVES,
  FOLIO_BLOCK_CLEAN,
  FOLIO_MARKED,
  File,
  Frame,
  Inode,
  Pipe,
  PipeBuffer,
  Task,
  asksDisk,
  asksSnapshot,
  batchAt,
  cells,
  cellsAt,
  expectedAt,
  fileAt,
  fdAt,
  fds,
  filesMax,
  framesMax,
  inodeAt,
  inodesMax,
  nameAt,
  names,
  pageObject,
  pagesMax,
  pipeAt,
  pipesMax,
  queueAt,
  rawFrame,
  rawPageAt,
  slotAt,
  stateBase,
  taskAt,
  tasks,
} from "../layout";
import { Mapping, mappedMax, mappingsMax, rawMapping, rawPteAt } from "../mm/page-table";
import { BATCH_MAX } from "../limits";
import { diskAt, diskFlagAt } from "../mm/disk";
import { lateAt } from "../mm/mark";
import {
  Sock,
  fragAt,
  fragExpectedAt,
  fragsMax,
  sockAt,
  sockQueueAt,
  socksMax,
} from "../net/layout";
import {
  OBJECT_AHEAD,
  OBJECT_CELLS,
  OBJECT_COUNT,
  OBJECT_FDS,
  OBJECT_FILE,
  OBJECT_FRAME,
  OBJECT_INODE,
  OBJECT_LOCK,
  OBJECT_PAGE,
  OBJECT_MAPPING,
  OBJECT_PIPE,
  OBJECT_POSITION,
  OBJECT_RWSEM,
  OBJECT_SOCKET,
  OBJECT_TAIL,
  OBJECT_TASK,
  mayWrite,
} from "../touch";

let before: usize = 0;

function same(at: usize, bytes: u32): bool {
  return memory.compare(at, was(at), bytes) == 0;
}
/** The same address in the copy. */
function was(at: usize): usize {
  return before + (at - stateBase);
}

/** Traps if an object that was not declared as written differs from its copy in `shadow`. */
export function verifyWrites(shadow: usize): void {
  before = shadow;
  if (!mayWrite(OBJECT_FDS, 0))
    assert(same(fdAt(0), fds) && same(nameAt(0), names), "undeclared write: descriptor table");
  for (let i: u32 = 0; i < filesMax; i++) verifyFile(i);
  for (let i: u32 = 0; i < inodesMax; i++) verifyInode(i);
  for (let i: u32 = 0; i < framesMax; i++) verifyFrame(i);
  for (let i: u32 = 0; i < pipesMax; i++)
    if (!mayWrite(OBJECT_PIPE, i)) assert(pipeIsSame(i), "undeclared write: pipe");
  for (let i: u32 = 0; i < tasks; i++)
    if (!mayWrite(OBJECT_TASK, i)) assert(taskIsSame(i), "undeclared write: task");
  for (let i: u32 = 0; i < socksMax; i++)
    if (!mayWrite(OBJECT_SOCKET, i) && !mayWrite(OBJECT_TAIL, i))
      assert(socketIsSame(i), "undeclared write: socket");
  for (let i: u32 = 0; i < mappingsMax; i++)
    if (!mayWrite(OBJECT_MAPPING, i)) assert(mappingIsSame(i), "undeclared write: mapping");
}

function verifyFile(i: u32): void {
  const at = changetype<usize>(fileAt(i));
  if (same(at, offsetof<File>())) return;
  const now = fileAt(i);
  const old = changetype<File>(was(at));
  const position = now.pos == old.pos && now.posLock == old.posLock;
  assert(position || mayWrite(OBJECT_POSITION, i), "undeclared write: f_pos");
  const ahead = now.previous == old.previous;
  assert(ahead || mayWrite(OBJECT_AHEAD, i), "undeclared write: readahead state");
  const rest = now.refs == old.refs && now.target == old.target && now.flags == old.flags;
  assert((rest && now.id == old.id) || mayWrite(OBJECT_FILE, i), "undeclared write: file");
}

function verifyInode(i: u32): void {
  for (let page: u32 = 0; page < pagesMax; page++) {
    if (same(rawPageAt(i, page), 2) && diskIsSame(i, page)) continue;
    assert(mayWrite(OBJECT_PAGE, pageObject(i, page)), "undeclared write: page index");
  }
  const at = changetype<usize>(inodeAt(i));
  if (same(at, offsetof<Inode>())) return;
  const now = inodeAt(i);
  const old = changetype<Inode>(was(at));
  const held = now.rwsem == old.rwsem && now.readers == old.readers;
  assert(held || mayWrite(OBJECT_RWSEM, i), "undeclared write: i_rwsem");
  const links = now.live == old.live && now.opens == old.opens && now.named == old.named;
  const rest = now.size == old.size && now.moving == old.moving;
  assert((links && rest) || mayWrite(OBJECT_INODE, i), "undeclared write: inode");
}

function diskIsSame(i: u32, page: u32): bool {
  return !asksDisk || (same(diskFlagAt(i, page), 1) && same(diskAt(i, page), cells));
}

/** Flags that change with the bytes, of which they tell what the disk has. */
const BYTES_FLAGS: u8 = FOLIO_DIRTY | FOLIO_DROPS | FOLIO_LEAVES | FOLIO_KICKED | FOLIO_BLOCK_CLEAN;

function verifyFrame(i: u32): void {
  if (!same(cellsAt(i), cells)) assert(mayWrite(OBJECT_CELLS, i), "undeclared write: cells");
  const at = changetype<usize>(rawFrame(i));
  if (markKind() == MARK_LATE && !same(lateAt(i), 1))
    assert(mayWrite(OBJECT_COUNT, i), "undeclared write: who clears the flag");
  if (same(at, offsetof<Frame>())) return;
  const now = rawFrame(i);
  const old = changetype<Frame>(was(at));
  const marked = ((now.flags ^ old.flags) & FOLIO_MARKED) == 0;
  assert(marked || mayWrite(OBJECT_COUNT, i), "undeclared write: the policy's flag");
  const dirty = ((now.flags ^ old.flags) & BYTES_FLAGS) == 0;
  assert(dirty || mayWrite(OBJECT_CELLS, i), "undeclared write: dirty flag");
  const counts = now.refs == old.refs && now.outside == old.outside;
  assert(counts || mayWrite(OBJECT_COUNT, i), "undeclared write: reference counts");
  assert(now.lock == old.lock || mayWrite(OBJECT_LOCK, i), "undeclared write: folio lock");
  const place = now.head == old.head && now.index == old.index && now.inode == old.inode;
  const kind =
    now.order == old.order && ((now.flags ^ old.flags) & ~(BYTES_FLAGS | FOLIO_MARKED)) == 0;
  assert((place && kind) || mayWrite(OBJECT_FRAME, i), "undeclared write: frame");
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
function socketIsSame(i: u32): bool {
  if (!same(changetype<usize>(sockAt(i)), offsetof<Sock>())) return false;
  if (!same(sockQueueAt(i), tasks)) return false;
  if (!same(changetype<usize>(fragAt(i, 0)), fragsMax * offsetof<PipeBuffer>())) return false;
  return !asksSnapshot || same(fragExpectedAt(i, 0), fragsMax * cells);
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
