// copy_file_range through the page cache: folios of the source are looked up as by splice, then written to the target.
// Mirrors: fs/read_write.c:vfs_copy_file_range(), generic_copy_file_checks(), fs/splice.c:splice_direct_to_actor().
//
// Interface: sysCopyFileRange; stepCopyBatch (the line BATCH), stepCopyWritten (the line UNLOCK); copySource, copyFrame; finishCopy.
// What stands where in the task: `pos` is the target's position, `ret` how far it is behind the source's; `want` bytes are looked
// up and in the batch, `size` are still to come. The pages of the source that a round holds are references from outside.
// Not modelled: that a policy copies or steals what is spliced (it takes references here); from memfd to memfd; files on two file systems otherwise; O_DIRECT.

import { EBADF, EFBIG, EINVAL, EOVERFLOW, EXDEV } from "../abi/errno";
import { O_APPEND } from "../abi/fcntl";
import { PIPE_DEF_BUFFERS } from "../abi/pipe";
import { SWITCH_HOLE_CACHED, SWITCH_REFLINK, SWITCH_SPLICE_PER_FOLIO } from "../abi/switches";
import { clones } from "../call-kind";
import { batchAt, frameAt, header, inodeAt, taskAt, pageIndex } from "../layout";
import { BATCH_MAX, MAX_RW_COUNT, PAGE_SHIFT, UNMODELLED_CALL } from "../limits";
import { fault, mustFault } from "../mm/disk";
import { folioPages } from "../mm/folio";
import { shareFolio } from "../mm/mapping";
import { cachedFolio } from "../mm/page-cache";
import { readAhead } from "../mm/readahead";
import {
  canRead,
  canWrite,
  currentCall,
  fail,
  failBadFd,
  fileIn,
  fileOut,
  finish,
  holdIn,
  holdOut,
  isRegular,
  operand,
  operandIsNull,
  storeOut,
} from "../sched/call";
import { LINE_BATCH, LINE_REMAP, LINE_RWSEM } from "../sched/line";
import { leavesAsDirect } from "./direct";
import { dropBatch } from "./file-read";
import { shareRwsem, unshareRwsem } from "./rwsem";
import { sizeLimit } from "./size-limit";
import { loadOffset } from "./splice-offset";
import { fileHas, isMemfd } from "../mm/kind";

export function sysCopyFileRange(task: u32): void {
  if (!holdIn(task, 0) || !holdOut(task, 2)) return failBadFd(task);
  if (operand(task, 5) != 0) return fail(task, EINVAL);
  const input = fileIn(task);
  const output = fileOut(task);
  if (!isRegular(input) || !isRegular(output)) return fail(task, EINVAL);
  if (!canRead(input) || !canWrite(output) || output.flags & O_APPEND) return fail(task, EBADF);
  if (isMemfd(input.id) != isMemfd(output.id)) return fail(task, EXDEV);
  if (isMemfd(input.id)) header().unmodelled = UNMODELLED_CALL;
  const from = loadOffset(task, 1, input);
  const to = loadOffset(task, 3, output);
  let count = <u64>operand(task, 4);
  if (<u64>from + count < <u64>from || <u64>to + count < <u64>to) return fail(task, EOVERFLOW);
  const size = inodeAt(input.id).size;
  count = from >= size ? 0 : min<u64>(count, <u64>(size - from));
  const most = sizeLimit(output.id);
  if (to >= most) return fail(task, EFBIG);
  count = min<u64>(count, <u64>(most - to));
  const overlaps = <u64>to + count > <u64>from && <u64>to < <u64>from + count;
  if (input.id == output.id && overlaps) return fail(task, EINVAL);
  if (from < 0 || to < 0 || to + <i64>count < 0) return fail(task, EINVAL);
  const it = taskAt(task);
  it.pos = to;
  it.ret = to - from;
  it.size = min<i64>(<i64>count, MAX_RW_COUNT);
  if (count == 0) return finishCopy(task);
  it.line = fileHas(input.id, SWITCH_REFLINK) ? LINE_REMAP : LINE_BATCH;
}

/** The position in the source that is looked up next. */
export function copySource(task: u32): i64 {
  const it = taskAt(task);
  return it.pos - it.ret + it.want;
}

/** Bytes that a round may still take: as many as the slots of a pipe can hold, with where it begins in a page. */
function leftInRound(task: u32): i64 {
  const it = taskAt(task);
  const inPage = (it.pos - it.ret) & 4095;
  return min<i64>(it.size, ((<i64>PIPE_DEF_BUFFERS) << PAGE_SHIFT) - inPage - it.want);
}

/** Looks folios up; with the last of a round it goes on to the write. */
export function stepCopyBatch(task: u32): void {
  const it = taskAt(task);
  if (leavesAsDirect(task)) return;
  const id: u32 = fileIn(task).id;
  const pos = copySource(task);
  const page = <u32>(pos >> PAGE_SHIFT);
  shareRwsem(task);
  if (pos < inodeAt(id).size) {
    if (!fileHas(id, SWITCH_HOLE_CACHED) && mustFault(id, page)) return fault(id, page);
    takeFolios(task, pos);
    if (leftInRound(task) > 0 && copySource(task) < inodeAt(id).size) return;
  }
  unshareRwsem(task);
  if (it.want) it.line = LINE_RWSEM;
  else finishCopy(task);
}

/** One reference for each folio from `pos` on, until a page is missing; a hole that is not cached is an entry without one. */
function takeFolios(task: u32, pos: i64): void {
  const it = taskAt(task);
  const file = fileIn(task);
  const id: u32 = file.id;
  const left = leftInRound(task);
  const first = <u32>(pos >> PAGE_SHIFT);
  const end = pageIndex(pos + left + 4095);
  if (fileHas(id, SWITCH_HOLE_CACHED) && cachedFolio(id, first) == 0)
    readAhead(file, id, first, end - first);
  const most: u32 = fileHas(id, SWITCH_SPLICE_PER_FOLIO) ? <u32>it.batch + 1 : BATCH_MAX;
  let page = first;
  while (<u32>it.batch < most && page < end) {
    const head = cachedFolio(id, page);
    if (head == 0) break;
    shareFolio(head);
    store<u16>(batchAt(task, it.batch), <u16>head);
    it.batch++;
    page = <u32>frameAt(head).index + folioPages(head);
  }
  if (page == first) {
    it.batch++;
    page++;
  }
  const to = min<i64>(min<i64>(pos + left, inodeAt(id).size), (<i64>page) << PAGE_SHIFT);
  it.want += to - pos;
  it.size -= to - pos;
  file.previous = to;
}

/** The frame that the round holds for a position in the source; 0 is the zero page. */
export function copyFrame(task: u32, pos: i64): u32 {
  const it = taskAt(task);
  const wanted = <u32>(pos >> PAGE_SHIFT);
  let page = <u32>((it.pos - it.ret) >> PAGE_SHIFT);
  for (let nth: u32 = 0; nth < <u32>it.batch; nth++) {
    const head: u32 = load<u16>(batchAt(task, nth));
    const first = head ? <u32>frameAt(head).index : page;
    page = head ? first + folioPages(head) : page + 1;
    if (wanted < page) return head ? head + (wanted - first) : 0;
  }
  assert(false, "a round holds what it writes");
  return 0;
}

/** A round is written: its references go. */
export function stepCopyWritten(task: u32): void {
  const it = taskAt(task);
  dropBatch(task, true);
  it.pos += it.part;
  it.done += it.part;
  it.part = 0;
  it.want = 0;
  if (it.size > 0) it.line = LINE_BATCH;
  else finishCopy(task);
}

/** Stores both positions, if anything was copied, and returns; a clone has none. */
export function finishCopy(task: u32): void {
  if (clones(currentCall(task))) return finish(task, 0);
  const it = taskAt(task);
  const from = it.pos - it.ret;
  const isOutNull = operandIsNull(task, 3);
  if (!operandIsNull(task, 1)) storeOut(task, from);
  else if (!isOutNull) storeOut(task, it.pos);
  if (it.done > 0 && operandIsNull(task, 1)) fileIn(task).pos = from;
  if (it.done > 0 && isOutNull) fileOut(task).pos = it.pos;
  finish(task, it.done);
}
