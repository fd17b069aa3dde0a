// The state: one flat block, laid out by reset from the program's objects and the grid.
//
//   Header | fd table | names | File[] | Inode[] | page index of each inode | Pipe[] | wait queues |
//   PipeBuffer[] of each pipe | Task[] | batch of each task | Result[] | data read by each call |
//   what each task's write in progress leaves (only where copies may tear) |
//   Mapping[] | page table of each mapping | sockets (net/layout.ts) | Frame[] | cells of each frame |
//   expected cells of each slot (only while P1 is asked) |
//   late clearers of each frame, disk of each inode (only where mm/mark.ts, mm/disk.ts need them)
//
// Interface: the structs (structs.ts); layOut, which computes where each part begins; the accessors xAt(i).
// Law: what is free is zero, so that equal states are equal bytes.
// Save = copy, compare = memory compare, hash = one pass over [stateBase, stateBase + stateBytes).

import { Header, File, Inode, Pipe, PipeBuffer, Frame, Task, Result } from "./structs";
import { PAGE_SIZE } from "./abi/pipe";
import { BATCH_MAX, PAGE_SHIFT } from "./limits";
import { SockCounts, layOutSockets } from "./net/layout";
import { mappingsBytes, placeMappings } from "./mm/page-table";
import {
  touch,
  OBJECT_AHEAD,
  OBJECT_FDS,
  OBJECT_FILE,
  OBJECT_FRAME,
  OBJECT_INODE,
  OBJECT_LOCK,
  OBJECT_PAGE,
  OBJECT_PIPE,
  OBJECT_RWSEM,
  OBJECT_TASK,
} from "./touch";

export * from "./structs";

// Counts, fixed by reset.
export let tasks: u32 = 0;
export let calls: u32 = 0;
export let fds: u32 = 0;
export let names: u32 = 0;
export let filesMax: u32 = 0;
export let inodesMax: u32 = 0;
export let pipesMax: u32 = 0;
export let pagesMax: u32 = 0;
export let ringMax: u32 = 0;
export let framesMax: u32 = 0;
/** log2 of the bytes per cell, and cells per page. */
export let gridShift: u32 = 0;
export let cells: u32 = 0;
/** 1 while P1 is asked: the expected cells are part of the state. */
export let asksSnapshot: u32 = 0;
/** 1 while pages can leave the cache: what is on the disk is part of the state. */
export let asksDisk: u32 = 0;
/** Cells that one task's write in progress has at most; 0 where copies do not tear. */
export let tornCells: u32 = 0;

// Where the parts begin.
export let stateBase: usize = 0;
export let stateBytes: u32 = 0;
let fdBase: usize = 0;
let nameBase: usize = 0;
let fileBase: usize = 0;
let inodeBase: usize = 0;
let pageBase: usize = 0;
let pipeBase: usize = 0;
let queueBase: usize = 0;
let slotBase: usize = 0;
let taskBase: usize = 0;
let batchBase: usize = 0;
let resultBase: usize = 0;
let dataBase: usize = 0;
let tornBase: usize = 0;
let frameBase: usize = 0;
let cellBase: usize = 0;
let expectedBase: usize = 0;
export let lateBase: usize = 0;
export let diskBase: usize = 0;

/** What reset counted: one record, outside the state. */
@unmanaged
export class Counts {
  tasks: u32;
  calls: u32;
  fds: u32;
  names: u32;
  files: u32;
  inodes: u32;
  pipes: u32;
  pages: u32;
  ring: u32;
  frames: u32;
  dataCells: u32;
  /** 1 if the disk is part of the state. */
  disk: u32;
  /** 1 if the tasks that still have to clear a folio's flag are. */
  late: u32;
  mappings: u32;
  mapped: u32;
  /** Pages of the largest folio where copies may tear, else 0. */
  torn: u32;
}

function checkLayout(): void {
  if (offsetof<PipeBuffer>() != 8) ERROR("PipeBuffer must stay 8 bytes");
  if (offsetof<Frame>() != 12) ERROR("Frame must stay 12 bytes");
  if (offsetof<File>() != 24) ERROR("File must stay 24 bytes");
  if (offsetof<Inode>() != 24) ERROR("Inode must stay 24 bytes");
  if (offsetof<Pipe>() != 20) ERROR("Pipe must stay 20 bytes");
  if (offsetof<Task>() != 80) ERROR("Task must stay 80 bytes");
  if (offsetof<Result>() != 24) ERROR("Result must stay 24 bytes");
}

let cursor: usize = 0;

function part(bytes: u32): usize {
  const at = cursor;
  cursor = (cursor + bytes + 7) & ~7;
  return at;
}

/** Computes where each part of the state begins, from `base` on; returns the state's size in bytes. */
export function layOut(
  base: usize,
  count: Counts,
  socks: SockCounts,
  shift: u32,
  snapshot: u32,
): u32 {
  checkLayout();
  tasks = count.tasks;
  calls = count.calls;
  fds = count.fds;
  names = count.names;
  filesMax = count.files;
  inodesMax = count.inodes;
  pipesMax = count.pipes;
  pagesMax = count.pages;
  ringMax = count.ring;
  framesMax = count.frames;
  gridShift = shift;
  cells = (<u32>PAGE_SIZE) >> shift;
  asksSnapshot = snapshot;
  asksDisk = count.disk;
  tornCells = count.torn * cells;
  stateBase = base;
  cursor = base + 8;
  fdBase = part(fds);
  nameBase = part(names);
  fileBase = part(filesMax * offsetof<File>());
  inodeBase = part(inodesMax * offsetof<Inode>());
  pageBase = part(inodesMax * pagesMax * 2);
  pipeBase = part(pipesMax * offsetof<Pipe>());
  queueBase = part(pipesMax * 2 * tasks);
  slotBase = part(pipesMax * ringMax * offsetof<PipeBuffer>());
  taskBase = part(tasks * offsetof<Task>());
  batchBase = part(tasks * BATCH_MAX * 2);
  resultBase = part(calls * offsetof<Result>());
  dataBase = part(count.dataCells);
  tornBase = part(tasks * tornCells);
  cursor = layOutSockets(cursor, socks, tasks, cells, snapshot);
  placeMappings(part(mappingsBytes(count.mappings, count.mapped)), count.mappings, count.mapped);
  frameBase = part(framesMax * offsetof<Frame>());
  cellBase = part(framesMax * cells);
  expectedBase = part(snapshot ? pipesMax * ringMax * cells : 0);
  lateBase = part(count.late * framesMax);
  diskBase = part(count.disk * inodesMax * pagesMax * (1 + cells));
  stateBytes = <u32>(cursor - base);
  return stateBytes;
}

export function header(): Header {
  return changetype<Header>(stateBase);
}
/** Address of the open file description + 1 behind a descriptor: one byte. */
export function fdAt(fd: u32): usize {
  touch(OBJECT_FDS, OBJECT_FDS, 0);
  return fdBase + fd;
}
/** Address of the inode + 1 behind a name: one byte. */
export function nameAt(name: u32): usize {
  touch(OBJECT_FDS, OBJECT_FDS, 0);
  return nameBase + name;
}
export function fileAt(file: u32): File {
  touch(OBJECT_FILE, OBJECT_AHEAD, file);
  return changetype<File>(fileBase + file * offsetof<File>());
}
export function inodeAt(inode: u32): Inode {
  touch(OBJECT_INODE, OBJECT_RWSEM, inode);
  return changetype<Inode>(inodeBase + inode * offsetof<Inode>());
}
/** An inode without declaring it: for what it is as long as it lives. */
export function rawInode(inode: u32): Inode {
  return changetype<Inode>(inodeBase + inode * offsetof<Inode>());
}
/** Address of the frame number cached for a page of an inode: two bytes. */
export function pageAt(inode: u32, page: u32): usize {
  touch(OBJECT_PAGE, OBJECT_PAGE, pageObject(inode, page));
  return rawPageAt(inode, page);
}
/** The page of a file that an offset lies in, in bytes; `pagesMax` for all that lie behind every page, a sum that overflowed too. */
export function pageIndex(pos: i64): u32 {
  return <u32>min<u64>((<u64>pos) >> PAGE_SHIFT, pagesMax);
}
/** The number of a page index entry among the objects of touch.ts. */
export function pageObject(inode: u32, page: u32): u32 {
  return inode * pagesMax + page;
}
/** The same without declaring the entry. */
export function rawPageAt(inode: u32, page: u32): usize {
  return pageBase + ((<usize>inode * pagesMax + page) << 1);
}
export function pipeAt(pipe: u32): Pipe {
  touch(OBJECT_PIPE, OBJECT_PIPE, pipe);
  return changetype<Pipe>(pipeBase + pipe * offsetof<Pipe>());
}
/** Address of a wait queue's entries, one byte each; queue = 2 * pipe, + 1 for wr_wait. */
export function queueAt(queue: u32): usize {
  touch(OBJECT_PIPE, OBJECT_PIPE, queue >> 1);
  return queueBase + queue * tasks;
}
/** The slot that a counter names; the ring's size is a power of two. */
export function slotAt(pipe: u32, counter: u32): PipeBuffer {
  return changetype<PipeBuffer>(slotBase + slotIndex(pipe, counter) * offsetof<PipeBuffer>());
}
/** Address of the cells that the slot held when it took its reference. */
export function expectedAt(pipe: u32, counter: u32): usize {
  return expectedBase + slotIndex(pipe, counter) * cells;
}
function slotIndex(pipe: u32, counter: u32): u32 {
  return pipe * ringMax + (counter & (<u32>pipeAt(pipe).maxUsage - 1));
}
export function taskAt(task: u32): Task {
  touch(OBJECT_TASK, OBJECT_TASK, task);
  return changetype<Task>(taskBase + task * offsetof<Task>());
}
/** Address of the head frame of the nth folio of a task's batch: two bytes, 0 is a hole. */
export function batchAt(task: u32, nth: u32): usize {
  return batchBase + ((task * BATCH_MAX + nth) << 1);
}
export function resultAt(call: u32): Result {
  return changetype<Result>(resultBase + call * offsetof<Result>());
}
/** Address of the cells that a call read, from the cell `offset` of the data area on. */
export function dataAt(offset: u32): usize {
  return dataBase + offset;
}
/** Address of the cells that a task's write in progress leaves in its folio, from the folio's first cell on. */
export function tornAt(task: u32): usize {
  return tornBase + task * tornCells;
}
export function frameAt(frame: u32): Frame {
  touch(OBJECT_FRAME, OBJECT_LOCK, frame);
  return changetype<Frame>(frameBase + frame * offsetof<Frame>());
}
/** A frame without declaring it: for the allocator and the invariants. */
export function rawFrame(frame: u32): Frame {
  return changetype<Frame>(frameBase + frame * offsetof<Frame>());
}
/** Address of the cells of a frame. */
export function cellsAt(frame: u32): usize {
  return cellBase + frame * cells;
}
