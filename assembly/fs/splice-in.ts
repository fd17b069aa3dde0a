// splice from a file to a pipe: pages by reference, or as the policy decides. Mirrors: mm/filemap.c:
// filemap_splice_read(), splice_folio_into_pipe(); mm/shmem.c:shmem_file_splice_read(); fs/splice.c:wait_for_space().
//
// Interface: the lines LOCK, BATCH, PUSH, DROP of "splice file → pipe", which sendfile has too; spliceInDone, spliceInFails; copyForSlot.
// Not modelled: errors of the disk.

import { EAGAIN, EINVAL, EPIPE } from "../abi/errno";
import { PAGE_SIZE, SLOT_DEFAULT, SLOT_PAGECACHE, SLOT_ZERO } from "../abi/pipe";
import { spliceCopies, spliceLocks, spliceSteals } from "../config";
import { EVENT_COPY, emit } from "../events";
import {
  TASK_NONBLOCK,
  cells,
  cellsAt,
  frameAt,
  gridShift,
  inodeAt,
  pipeAt,
  taskAt,
} from "../layout";
import { PAGE_SHIFT } from "../limits";
import { writeBack } from "../mm/disk";
import { allocFolio, folioIsLocked, getFolio, headOf } from "../mm/folio";
import { shareFolio } from "../mm/mapping";
import { baseline, detachFolio, isDirty } from "../mm/page-cache";
import { PRICE_BYTES, PRICE_PAGES, PRICE_STEALS, pay } from "../price";
import {
  fail,
  fileIn,
  fileOut,
  finish,
  isDevice,
  isPipe,
  isSendfile,
  isSocket,
  sendSigpipe,
} from "../sched/call";
import { LINE_BATCH, LINE_DROP, LINE_PUSH, LINE_SLEEP } from "../sched/line";
import { startDrain } from "../net/splice-read";
import { spliceFromDevice } from "./device";
import { readLine } from "./direct-read";
import { advanceBatch, dropBatch, faultNext, frameAtPosition, takeBatch } from "./file-read";
import { pipeFilled } from "./own-pipe";
import { isFull, pushSlot, used } from "./pipe";
import { shareRwsem, unshareRwsem } from "./rwsem";
import { endSendfile, ownPipeFilled } from "./sendfile";
import { keepOffset, storeOffset } from "./splice-offset";
import { readQueue, wakeOne } from "./wait";
import { EOF_BEFORE_EPIPE, PUSH_WITHOUT_LOCK, SIZE_SAMPLED_LATE } from "../mutants";

function isAtEnd(task: u32): bool {
  return taskAt(task).pos >= inodeAt(fileIn(task).id).size;
}

export function stepSpliceInLock(task: u32): void {
  const it = taskAt(task);
  const file = fileOut(task);
  const id: u32 = file.id;
  const pipe = pipeAt(id);
  if (pipe.readers == 0 && !(MUTANT == EOF_BEFORE_EPIPE && isAtEnd(task))) {
    sendSigpipe(task);
    failToStart(task, EPIPE);
  } else if (!isFull(id)) {
    if (it.want == 0) return endSendfile(task, 0);
    if (isPipe(fileIn(task))) return failToStart(task, EINVAL);
    if (isSocket(fileIn(task))) return startDrain(task);
    if (isDevice(fileIn(task))) return spliceFromDevice(task);
    pipe.mutex = <u8>(task + 1);
    it.want = min<i64>(it.want, (<i64>pipe.maxUsage - used(id)) << PAGE_SHIFT);
    it.line = readLine(task);
  } else if (it.flags & TASK_NONBLOCK) failToStart(task, EAGAIN);
  else it.line = LINE_SLEEP;
}

function failToStart(task: u32, errno: i32): void {
  if (!isSendfile(task)) keepOffset(task, 1, fileIn(task));
  fail(task, errno);
}

export function stepSpliceInBatch(task: u32): void {
  shareRwsem(task);
  if (faultNext(task)) return;
  if (takeBatch(task, true)) taskAt(task).line = LINE_PUSH;
  else spliceInDone(task);
}

/** Whether the folio to push is unlocked: the guard of PUSH where the policy takes the folio lock. */
export function pushCanGo(task: u32): bool {
  const frame = frameAtPosition(task);
  return (
    MUTANT == PUSH_WITHOUT_LOCK || !spliceLocks() || frame == 0 || !folioIsLocked(headOf(frame))
  );
}

/** One slot: the rest of one page, with its own reference. */
export function stepSpliceInPush(task: u32): void {
  const it = taskAt(task);
  const offset = <u32>(it.pos & (PAGE_SIZE - 1));
  if (MUTANT == SIZE_SAMPLED_LATE)
    it.size = max<i64>(inodeAt(fileIn(task).id).size, it.pos + ((<i64>1) << gridShift));
  const room = min<i64>(PAGE_SIZE - offset, it.size - it.pos);
  const len = <u32>min<i64>(it.want, room);
  if (!push(pipeFilled(task), frameAtPosition(task), offset, len)) return;
  it.pos += len;
  it.want -= len;
  it.done += len;
  fileIn(task).previous = it.pos;
  advanceBatch(task);
  const more = it.want > 0 && it.pos < it.size && it.batchAt < it.batch;
  it.line = more && !isFull(pipeFilled(task)) ? LINE_PUSH : LINE_DROP;
}

function push(pipe: u32, frame: u32, offset: u32, len: u32): bool {
  if (frame == 0) pushSlot(pipe, 0, offset, len, 0, SLOT_ZERO);
  else if (spliceSteals() && canSteal(frame)) {
    steal(frame);
    pushSlot(pipe, frame, offset, len, 0, SLOT_DEFAULT);
  } else if (spliceCopies() || spliceSteals()) {
    const copy = copyForSlot(frame, len);
    if (copy == 0) return false;
    pushSlot(pipe, copy, offset, len, 0, SLOT_DEFAULT);
  } else {
    shareFolio(headOf(frame));
    pushSlot(pipe, frame, offset, len, 0, SLOT_PAGECACHE);
  }
  return true;
}

/** A page of the slot's own with what the frame holds now, for which a policy pays; 0 when the run leaves the model. */
export function copyForSlot(frame: u32, len: u32): u32 {
  const copy = ownCopy(frame);
  if (copy == 0) return 0;
  pay(PRICE_PAGES);
  pay(PRICE_BYTES, len);
  return copy;
}
/** A new page, with one reference, that holds what the frame holds now; 0 when the run leaves the model. */
export function ownCopy(frame: u32): u32 {
  const copy = allocFolio(0);
  if (copy == 0) return 0;
  getFolio(copy);
  memory.copy(cellsAt(copy), cellsAt(frame), cells);
  emit(EVENT_COPY, frame, copy);
  return copy;
}

/** Whether nobody holds the folio but the cache, its buffer heads and the batch that asks. A large folio is
 *  copied page by page: a slot cannot own a part of it. */
function canSteal(frame: u32): bool {
  const folio = frameAt(frame);
  const isSingle = folio.head == frame && folio.order == 0;
  if (!isSingle || folio.inode == 0 || folioIsLocked(frame)) return false;
  return folio.refs == baseline(frame) + 1;
}

/** The folio leaves the cache, what was not written yet goes to the disk, and the slot gets a reference.
 *  Mirrors: mm/vmscan.c:remove_mapping(), fs/splice.c:page_cache_pipe_buf_try_steal(). */
function steal(head: u32): void {
  if (isDirty(frameAt(head))) writeBack(head);
  getFolio(head);
  detachFolio(head);
  pay(PRICE_STEALS);
}

export function stepSpliceInDrop(task: u32): void {
  const it = taskAt(task);
  dropBatch(task, true);
  if (it.want > 0 && !isFull(pipeFilled(task))) it.line = LINE_BATCH;
  else spliceInDone(task);
}

/** The file refuses: a round of sendfile ends with its progress. */
export function spliceInFails(task: u32): void {
  const it = taskAt(task);
  unshareRwsem(task);
  if (it.done > 0) return endSendfile(task, it.done);
  if (isPipe(fileOut(task))) pipeAt(fileOut(task).id).mutex = 0;
  failToStart(task, EINVAL);
}

export function spliceInDone(task: u32): void {
  const it = taskAt(task);
  unshareRwsem(task);
  if (!isPipe(fileOut(task))) return ownPipeFilled(task);
  const id: u32 = fileOut(task).id;
  pipeAt(id).mutex = 0;
  if (it.done > 0) wakeOne(readQueue(id), task);
  if (isSendfile(task)) return endSendfile(task, it.done);
  storeOffset(task, 1, fileIn(task));
  finish(task, it.done);
}
