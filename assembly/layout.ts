// The state: one flat block, laid out by reset from the program's objects and the grid.
//
//   Header | fd table | names | File[] | Inode[] | page index of each inode | Pipe[] | wait queues |
//   PipeBuffer[] of each pipe | Task[] | batch of each task | Result[] | data read by each call |
//   Mapping[] | page table of each mapping | Frame[] | cells of each frame | expected cells of each slot (only while P1 is asked)
//
// Interface: the structs; layOut, which computes where each part begins; the accessors xAt(i).
// Law: what is free is zero, so that equal states are equal bytes.
// Save = copy, compare = memory compare, hash = one pass over [stateBase, stateBase + stateBytes).

import { PAGE_SIZE } from "./abi/pipe";
import { BATCH_MAX } from "./limits";
import { mappingsBytes, placeMappings } from "./mm/page-table";
import {
  touch,
  OBJECT_FDS,
  OBJECT_FILE,
  OBJECT_FRAME,
  OBJECT_INODE,
  OBJECT_PIPE,
  OBJECT_TASK,
} from "./touch";

/** The block's own facts. */
@unmanaged
export class Header {
  /** UNMODELLED_*, 0 while the run is inside the model. */
  unmodelled: u32;
  /** 1 once a consumer got other bytes than its slot held at first (P1). */
  snapshotBroken: u32;
}

/** An open file description. Mirrors: struct file. 32 bytes. */
@unmanaged
export class File {
  /** TARGET_*; TARGET_NONE is a free entry. */
  target: u8;
  /** The inode or pipe. */
  id: u8;
  /** Descriptors and calls in flight that use it. */
  refs: u8;
  /** Task + 1 that holds f_pos_lock. */
  posLock: u8;
  /** Flags of open(2). */
  flags: u32;
  /** f_pos, bytes. */
  pos: i64;
  /** f_ra.prev_pos, bytes; -1 at open. */
  previous: i64;
}
export const TARGET_NONE: u8 = 0;
export const TARGET_INODE: u8 = 1;
export const TARGET_READ_END: u8 = 2;
export const TARGET_WRITE_END: u8 = 3;

/** A file. Mirrors: struct inode, struct address_space. 16 bytes. */
@unmanaged
export class Inode {
  /** i_size, bytes. */
  size: i64;
  /** 1 while it has a name or an open file description. */
  live: u8;
  /** Open file descriptions. */
  opens: u8;
  /** 1 while it has a name. */
  named: u8;
  /** Task + 1 that holds i_rwsem exclusively. */
  rwsem: u8;
  /** Task + 1 that holds invalidate_lock exclusively: pages are leaving the cache. */
  invalidate: u8;
  /** Padding, zero. */
  pad1: u8;
  pad2: u16;
}

/** A pipe. Mirrors: struct pipe_inode_info. 20 bytes. */
@unmanaged
export class Pipe {
  /** Free-running counters of slots pushed and dropped. */
  head: u32;
  tail: u32;
  /** Capacity in slots. */
  maxUsage: u16;
  readers: u8;
  writers: u8;
  /** Task + 1 that holds the mutex. */
  mutex: u8;
  /** poll_usage: somebody polled it. */
  polled: u8;
  live: u8;
  /** Waiters in rd_wait and in wr_wait. */
  readWaiters: u8;
  writeWaiters: u8;
  /** Padding, zero. */
  pad1: u8;
  pad2: u16;
}

/** One slot of a ring. Mirrors: struct pipe_buffer. 8 bytes; all zero while unused. */
@unmanaged
export class PipeBuffer {
  /** The frame, a subpage where the folio is large; 0 is the zero page. */
  frame: u16;
  /** First valid byte inside the frame. */
  offset: u16;
  /** Valid bytes from `offset`. */
  len: u16;
  /** PIPE_BUF_FLAG_*. */
  flags: u8;
  /** SLOT_*. */
  kind: u8;
}

/** A frame. Only a folio's head frame uses the fields behind `head`, but for FOLIO_DISCARDED. 12 bytes. Mirrors: struct folio. */
@unmanaged
export class Frame {
  /** Head frame of the folio it belongs to; 0 while free. */
  head: u16;
  /** _refcount. */
  refs: u16;
  /** References from slots and splice batches, where the policy counts them. */
  outside: u16;
  /** Page index of the head in its file. */
  index: u16;
  order: u8;
  /** FOLIO_*. */
  flags: u8;
  /** Inode + 1 while the page cache holds it. */
  inode: u8;
  /** Task + 1 that holds the folio lock. */
  lock: u8;
}
export const FOLIO_DIRTY: u8 = 1;
/** Buffer heads are attached; they hold one reference. */
export const FOLIO_PRIVATE: u8 = 2;
/** Of each page of a large folio: its buffer head was discarded and not dirtied since. */
export const FOLIO_DISCARDED: u8 = 4;

/** A thread of the program and its place in the current call. Zero but for `pc` between calls. */
@unmanaged
export class Task {
  /** Calls returned so far. */
  pc: u8;
  /** LINE_*: the next step of the call. */
  line: u8;
  /** Wait queue + 1 that it sleeps in. */
  queue: u8;
  /** TASK_*. */
  flags: u8;
  /** Open file descriptions + 1 that the call holds, input and output. */
  fileIn: u8;
  fileOut: u8;
  /** Description + 1 whose last reference the call dropped. */
  fput: u8;
  /** Folios in the batch, and how many of them are used up. */
  batch: u8;
  batchAt: u8;
  /** Reserved descriptor of open. */
  fd: u16;
  /** Head of the folio that it has locked. */
  folio: u16;
  /** File position, bytes. */
  pos: i64;
  /** Bytes still wanted. */
  want: i64;
  /** Bytes done. */
  done: i64;
  /** i_size as sampled with the batch; the old size in ftruncate. */
  size: i64;
  /** Bytes of the current file write that are done, or of the current folio step. */
  part: i64;
  step: i64;
  /** The return value while the call is exiting. */
  ret: i64;
}
/** It has passed a wait. */
export const TASK_SLEPT: u8 = 1;
/** wake_writer of pipe_read, was_empty of pipe_write, a slot was freed in splice. */
export const TASK_WAKES: u8 = 2;
/** It merged or tried to: the first line of a pipe write is over. */
export const TASK_MERGED: u8 = 4;
/** It has f_pos_lock. */
export const TASK_POS_LOCKED: u8 = 8;
/** Truncate has zeroed the tail. */
export const TASK_TAIL_DONE: u8 = 16;

/** What a call gave. 24 bytes. */
@unmanaged
export class Result {
  /** Return value, or -errno. */
  ret: i64;
  /** What the kernel stored through a pointer. */
  out: i64;
  /** STATUS_*. */
  status: u8;
  hasOut: u8;
  sigpipe: u8;
  /** Padding, zero. */
  pad1: u8;
  pad2: u32;
}
export const STATUS_NOT_STARTED: u8 = 0;
export const STATUS_STARTED: u8 = 1;
export const STATUS_RETURNED: u8 = 2;

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
let frameBase: usize = 0;
let cellBase: usize = 0;
let expectedBase: usize = 0;

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
  mappings: u32;
  mapped: u32;
}

function checkLayout(): void {
  if (offsetof<PipeBuffer>() != 8) ERROR("PipeBuffer must stay 8 bytes");
  if (offsetof<Frame>() != 12) ERROR("Frame must stay 12 bytes");
  if (offsetof<File>() != 24) ERROR("File must stay 24 bytes");
  if (offsetof<Inode>() != 16) ERROR("Inode must stay 16 bytes");
  if (offsetof<Pipe>() != 20) ERROR("Pipe must stay 20 bytes");
  if (offsetof<Task>() != 72) ERROR("Task must stay 72 bytes");
  if (offsetof<Result>() != 24) ERROR("Result must stay 24 bytes");
}

let cursor: usize = 0;

function part(bytes: u32): usize {
  const at = cursor;
  cursor = (cursor + bytes + 7) & ~7;
  return at;
}

/** Computes where each part of the state begins, from `base` on; returns the state's size in bytes. */
export function layOut(base: usize, count: Counts, shift: u32, snapshot: u32): u32 {
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
  placeMappings(part(mappingsBytes(count.mappings, count.mapped)), count.mappings, count.mapped);
  frameBase = part(framesMax * offsetof<Frame>());
  cellBase = part(framesMax * cells);
  expectedBase = part(snapshot ? pipesMax * ringMax * cells : 0);
  stateBytes = <u32>(cursor - base);
  return stateBytes;
}

export function header(): Header {
  return changetype<Header>(stateBase);
}
/** Address of the open file description + 1 behind a descriptor: one byte. */
export function fdAt(fd: u32): usize {
  touch(OBJECT_FDS, 0);
  return fdBase + fd;
}
/** Address of the inode + 1 behind a name: one byte. */
export function nameAt(name: u32): usize {
  touch(OBJECT_FDS, 0);
  return nameBase + name;
}
export function fileAt(file: u32): File {
  touch(OBJECT_FILE, file);
  return changetype<File>(fileBase + file * offsetof<File>());
}
export function inodeAt(inode: u32): Inode {
  touch(OBJECT_INODE, inode);
  return changetype<Inode>(inodeBase + inode * offsetof<Inode>());
}
/** Address of the frame number cached for a page of an inode: two bytes. */
export function pageAt(inode: u32, page: u32): usize {
  touch(OBJECT_INODE, inode);
  return rawPageAt(inode, page);
}
/** The same without declaring the inode. */
export function rawPageAt(inode: u32, page: u32): usize {
  return pageBase + ((<usize>inode * pagesMax + page) << 1);
}
export function pipeAt(pipe: u32): Pipe {
  touch(OBJECT_PIPE, pipe);
  return changetype<Pipe>(pipeBase + pipe * offsetof<Pipe>());
}
/** Address of a wait queue's entries, one byte each; queue = 2 * pipe, + 1 for wr_wait. */
export function queueAt(queue: u32): usize {
  touch(OBJECT_PIPE, queue >> 1);
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
  touch(OBJECT_TASK, task);
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
export function frameAt(frame: u32): Frame {
  touch(OBJECT_FRAME, frame);
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
