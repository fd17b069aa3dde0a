// What the host reads of the state: counts, addresses and field offsets. src/model/views.ts is the reader.
//
// Interface: exports only; nothing here changes the state.

import * as layout from "./layout";
import { File, Frame, Header, Inode, Pipe, PipeBuffer, Result, Task } from "./layout";
import { ownerOf } from "./fs/own-pipe";
import { diskAt, onDisk } from "./mm/disk";
import {
  backgroundCount,
  backgroundKind as kindOf,
  backgroundTarget as targetOf,
} from "./sched/background";
import { Mapping, rawMapping, rawPteAt } from "./mm/page-table";
import { dataStart } from "./syscall/data";
import { waiter, waiters } from "./fs/wait";
export { valuesAt, valuesCount } from "./mm/values";
import { sumIsRight } from "./net/checksum";
import {
  FRAG_LAST,
  Sock,
  fragAt,
  fragExpectedAt,
  logAt,
  sockAt,
  socksMax,
  wiresMax,
} from "./net/layout";

export function countTasks(): u32 {
  return layout.tasks;
}
/** Background actions: their numbers follow those of the tasks. */
export function countBackground(): u32 {
  return backgroundCount();
}
export function backgroundKind(k: u32): u32 {
  return kindOf(k);
}
export function backgroundTarget(k: u32): u32 {
  return targetOf(k);
}
export function countFiles(): u32 {
  return layout.filesMax;
}
export function countInodes(): u32 {
  return layout.inodesMax;
}
export function countPipes(): u32 {
  return layout.pipesMax;
}
/** The thread whose own pipe it is; countTasks() for a pipe that has descriptors. */
export function pipeOwner(pipe: u32): u32 {
  return ownerOf(pipe);
}
export function countFrames(): u32 {
  return layout.framesMax;
}
export function countFds(): u32 {
  return layout.fds;
}
export function countPages(): u32 {
  return layout.pagesMax;
}

/** 1 while slots remember their first bytes. */
export function asksExpected(): u32 {
  return layout.asksSnapshot;
}

export function countSocks(): u32 {
  return socksMax;
}
export function countWires(): u32 {
  return wiresMax;
}
export function sockAddress(sock: u32): usize {
  return changetype<usize>(sockAt(sock));
}
export function fragAddress(sock: u32, nth: u32): usize {
  return changetype<usize>(fragAt(sock, nth));
}
/** Whether a frag is of a message that will not be lost for its checksum, as things are. */
export function fragArrives(sock: u32, nth: u32): bool {
  let first = nth;
  while (first > 0 && !(fragAt(sock, first - 1).flags & FRAG_LAST)) first--;
  return sumIsRight(sock, first);
}
export function fragExpectedAddress(sock: u32, nth: u32): usize {
  return fragExpectedAt(sock, nth);
}
/** Address of the cells that a wire transmitted, first (0) or last (1). */
export function logAddress(wire: u32, which: u32): usize {
  return logAt(wire, which);
}
export function headerAddress(): usize {
  return changetype<usize>(layout.header());
}
export function fdAddress(fd: u32): usize {
  return layout.fdAt(fd);
}
export function nameAddress(name: u32): usize {
  return layout.nameAt(name);
}
export function fileAddress(file: u32): usize {
  return changetype<usize>(layout.fileAt(file));
}
export function inodeAddress(inode: u32): usize {
  return changetype<usize>(layout.inodeAt(inode));
}
export function pageAddress(inode: u32, page: u32): usize {
  return layout.rawPageAt(inode, page);
}
export function pipeAddress(pipe: u32): usize {
  return changetype<usize>(layout.pipeAt(pipe));
}
export function slotAddress(pipe: u32, counter: u32): usize {
  return changetype<usize>(layout.slotAt(pipe, counter));
}
export function expectedAddress(pipe: u32, counter: u32): usize {
  return layout.expectedAt(pipe, counter);
}
export function taskAddress(task: u32): usize {
  return changetype<usize>(layout.taskAt(task));
}
export function resultAddress(call: u32): usize {
  return changetype<usize>(layout.resultAt(call));
}
export function frameAddress(frame: u32): usize {
  return changetype<usize>(layout.rawFrame(frame));
}
export function cellsAddress(frame: u32): usize {
  return layout.cellsAt(frame);
}
/** Address of the cells that a call has read. */
export function dataAddress(call: u32): usize {
  return layout.dataAt(dataStart(call));
}
/** Address of what the disk has of a page; 0 if it has nothing. */
export function diskAddress(inode: u32, page: u32): usize {
  return onDisk(inode, page) ? diskAt(inode, page) : 0;
}
export function mappingAddress(mapping: u32): usize {
  return changetype<usize>(rawMapping(mapping));
}
export function pteAddress(mapping: u32, page: u32): usize {
  return rawPteAt(mapping, page);
}
/** Waiters of a queue: 2 * pipe is rd_wait, + 1 is wr_wait; those of the sockets follow. */
export function countWaiters(queue: u32): u32 {
  return waiters(queue);
}
export function waiterAt(queue: u32, nth: u32): u32 {
  return waiter(queue, nth);
}

export const HEADER_UNMODELLED: u32 = <u32>offsetof<Header>("unmodelled");
export const HEADER_SNAPSHOT_BROKEN: u32 = <u32>offsetof<Header>("snapshotBroken");
export const FILE_TARGET: u32 = <u32>offsetof<File>("target");
export const FILE_ID: u32 = <u32>offsetof<File>("id");
export const FILE_FLAGS: u32 = <u32>offsetof<File>("flags");
export const FILE_POS: u32 = <u32>offsetof<File>("pos");
export const INODE_SIZE: u32 = <u32>offsetof<Inode>("size");
export const INODE_LIVE: u32 = <u32>offsetof<Inode>("live");
export const INODE_RWSEM: u32 = <u32>offsetof<Inode>("rwsem");
export const PIPE_HEAD: u32 = <u32>offsetof<Pipe>("head");
export const PIPE_TAIL: u32 = <u32>offsetof<Pipe>("tail");
export const PIPE_MAX_USAGE: u32 = <u32>offsetof<Pipe>("maxUsage");
export const PIPE_READERS: u32 = <u32>offsetof<Pipe>("readers");
export const PIPE_WRITERS: u32 = <u32>offsetof<Pipe>("writers");
export const PIPE_MUTEX: u32 = <u32>offsetof<Pipe>("mutex");
export const PIPE_LIVE: u32 = <u32>offsetof<Pipe>("live");
export const SLOT_FRAME: u32 = <u32>offsetof<PipeBuffer>("frame");
export const SLOT_OFFSET: u32 = <u32>offsetof<PipeBuffer>("offset");
export const SLOT_LEN: u32 = <u32>offsetof<PipeBuffer>("len");
export const SLOT_FLAGS: u32 = <u32>offsetof<PipeBuffer>("flags");
export const SLOT_KIND: u32 = <u32>offsetof<PipeBuffer>("kind");
export const SOCK_CONSUMED: u32 = <u32>offsetof<Sock>("consumed");
export const SOCK_LOGGED: u32 = <u32>offsetof<Sock>("logged");
export const SOCK_COUNT: u32 = <u32>offsetof<Sock>("count");
export const SOCK_HELD: u32 = <u32>offsetof<Sock>("held");
export const SOCK_SENT: u32 = <u32>offsetof<Sock>("sent");
export const SOCK_LIVE: u32 = <u32>offsetof<Sock>("live");
export const SOCK_IOLOCK: u32 = <u32>offsetof<Sock>("iolock");
export const SOCK_SHUT: u32 = <u32>offsetof<Sock>("shut");
export const TASK_PC: u32 = <u32>offsetof<Task>("pc");
export const TASK_LINE: u32 = <u32>offsetof<Task>("line");
export const TASK_QUEUE: u32 = <u32>offsetof<Task>("queue");
export const RESULT_RET: u32 = <u32>offsetof<Result>("ret");
export const RESULT_OUT: u32 = <u32>offsetof<Result>("out");
export const RESULT_STATUS: u32 = <u32>offsetof<Result>("status");
export const RESULT_HAS_OUT: u32 = <u32>offsetof<Result>("hasOut");
export const RESULT_SIGPIPE: u32 = <u32>offsetof<Result>("sigpipe");
export const MAPPING_FLAGS: u32 = <u32>offsetof<Mapping>("flags");
export const MAPPING_INODE: u32 = <u32>offsetof<Mapping>("inode");
export const MAPPING_PAGES: u32 = <u32>offsetof<Mapping>("pages");
export const FRAME_HEAD: u32 = <u32>offsetof<Frame>("head");
export const FRAME_REFS: u32 = <u32>offsetof<Frame>("refs");
export const FRAME_OUTSIDE: u32 = <u32>offsetof<Frame>("outside");
export const FRAME_INDEX: u32 = <u32>offsetof<Frame>("index");
export const FRAME_ORDER: u32 = <u32>offsetof<Frame>("order");
export const FRAME_FLAGS: u32 = <u32>offsetof<Frame>("flags");
export const FRAME_INODE: u32 = <u32>offsetof<Frame>("inode");
export const FRAME_LOCK: u32 = <u32>offsetof<Frame>("lock");
