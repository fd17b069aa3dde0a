// FIFOs: pipes with a name. Their ring is there while somebody has the FIFO open, or is opening it.
// Mirrors: fs/pipe.c:fifo_open(), wait_for_partner(), wake_up_partner(), put_pipe_info(); fs/namei.c:vfs_mknod().
//
// Interface: findFifos (reset), makesFifos; isFifo, fifoOf: what a name stands for; makeFifo, openFifo, unnameFifo;
// stepFifoLock (the line LOCK), stepPartner (PARTNER), partnerCame.
// Law: who waits for a partner waits in rd_wait until the partner's counter has moved, whatever has happened since.
// Not modelled: signals; O_DIRECT.

import { EINVAL, ENOMEM, ENXIO } from "../abi/errno";
import { O_ACCMODE, O_NONBLOCK, O_RDONLY, O_WRONLY } from "../abi/fcntl";
import { SYS_MKFIFO } from "../abi/syscalls";
import {
  File,
  PIPE_FIFO,
  PIPE_NAMED,
  TARGET_BOTH_ENDS,
  TARGET_READ_END,
  TARGET_WRITE_END,
  fdAt,
  fileAt,
  inodesMax,
  pipeAt,
  taskAt,
} from "../layout";
import { PARTNER_MUST_STAY } from "../mutants";
import { callCode, callsCount } from "../program";
import { canRead, canWrite, fail, fileIn, finish, isNonblock } from "../sched/call";
import { LINE_LOCK, LINE_PARTNER } from "../sched/line";
import { makeWait } from "../syscall/rwf";
import { freePipe, installFd, newFile, reserveFd } from "./file-table";
import { putPipe, startRing } from "./pipe";
import { newSlots } from "./pipe-limits";
import { readQueue, sleepIn, wakeAll } from "./wait";

/** Whether a call of the program makes a FIFO. */
export let makesFifos: bool = false;

export function findFifos(): void {
  makesFifos = false;
  for (let c: u32 = 0; c < callsCount(); c++) if (callCode(c) == SYS_MKFIFO) makesFifos = true;
}

/** The highest entry of a name: inodes count up from 1, FIFOs down from here. */
const ENTRY_LAST: u32 = 254;

/** Whether a name's entry stands for a FIFO. */
export function isFifo(entry: u32): bool {
  return entry > inodesMax;
}
/** The pipe of a FIFO's entry. */
export function fifoOf(entry: u32): u32 {
  return ENTRY_LAST - entry;
}

/** A new FIFO; returns the entry for its name. */
export function makeFifo(): u32 {
  const pipe = freePipe();
  pipeAt(pipe).live = PIPE_NAMED | PIPE_FIFO;
  assert(isFifo(ENTRY_LAST - pipe), "the entries of inodes and FIFOs are apart");
  return ENTRY_LAST - pipe;
}

/** A FIFO loses its name; who has it open keeps it. */
export function unnameFifo(pipe: u32): void {
  const it = pipeAt(pipe);
  it.live = it.files ? it.live & ~PIPE_NAMED : 0;
}

/** The first part of an open: the ring is there from now on. */
export function openFifo(task: u32, pipe: u32, flags: u32): void {
  const mode = flags & O_ACCMODE;
  if (mode == O_ACCMODE) return fail(task, EINVAL);
  const slots = pipeAt(pipe).files ? <u32>pipeAt(pipe).maxUsage : newSlots();
  if (slots == 0) return fail(task, ENOMEM);
  const it = taskAt(task);
  startRing(pipe, slots);
  it.fd = <u16>reserveFd();
  const target =
    mode == O_RDONLY ? TARGET_READ_END : mode == O_WRONLY ? TARGET_WRITE_END : TARGET_BOTH_ENDS;
  const file = newFile(target, pipe, flags);
  makeWait(fileAt(file));
  // One reference is the descriptor's, one the call's.
  fileAt(file).refs++;
  it.fileIn = <u8>(file + 1);
  it.line = LINE_LOCK;
}

/** With the mutex: takes part, wakes who waits for that, and waits for a partner in its turn. */
export function stepFifoLock(task: u32): void {
  const file = fileIn(task);
  const pipe: u32 = file.id;
  const it = pipeAt(pipe);
  const reads = canRead(file);
  const writes = canWrite(file);
  if (!reads && isNonblock(file) && it.readers == 0) return refuse(task, pipe);
  if (reads) {
    it.readers++;
    it.rCounter++;
  }
  if (writes) {
    it.writers++;
    it.wCounter++;
  }
  if ((reads && it.readers == 1) || (writes && it.writers == 1)) wakeAll(readQueue(pipe), task);
  if (reads ? writes || it.writers > 0 : it.readers > 0) return opened(task);
  if (reads && isNonblock(file)) {
    // No POLLHUP until a writer was there.
    file.pos = it.wCounter;
    return opened(task);
  }
  taskAt(task).want = partners(file);
  taskAt(task).line = LINE_PARTNER;
  sleepIn(readQueue(pipe), task, false);
}

/** The counter that an open waits on. */
function partners(file: File): u32 {
  return canRead(file) ? pipeAt(file.id).wCounter : pipeAt(file.id).rCounter;
}
/** Whether somebody opened the other side since the task began to wait. */
export function partnerCame(task: u32): bool {
  const file = fileIn(task);
  if (MUTANT == PARTNER_MUST_STAY)
    return (canRead(file) ? pipeAt(file.id).writers : pipeAt(file.id).readers) > 0;
  return <i64>partners(file) != taskAt(task).want;
}

/** Woken, with the mutex free. */
export function stepPartner(task: u32): void {
  if (partnerCame(task)) opened(task);
  else sleepIn(readQueue(fileIn(task).id), task, false);
}

function opened(task: u32): void {
  const it = taskAt(task);
  const fd: u32 = it.fd;
  installFd(fd, <u32>it.fileIn - 1);
  finish(task, fd);
}

/** Nobody reads: the description goes as if it had never been there. */
function refuse(task: u32, pipe: u32): void {
  const it = taskAt(task);
  store<u8>(fdAt(it.fd), 0);
  memory.fill(changetype<usize>(fileIn(task)), 0, offsetof<File>());
  it.fileIn = 0;
  it.fd = 0;
  putPipe(pipe);
  fail(task, ENXIO);
}
