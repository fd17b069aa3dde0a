// An access to memory, page by page: by its page table entry, or through a fault that makes one.
// Mirrors: mm/memory.c:handle_mm_fault(), do_read_fault(), do_cow_fault(), do_shared_fault(), do_wp_page();
// mm/filemap.c:filemap_fault(), mm/shmem.c:shmem_fault(), fs/ext4/inode.c:ext4_page_mkwrite().
//
// Interface: the lines ACCESS, MKWRITE and MAP of docs/steps.md; accessCanGo, accessHeldUpBy; fillAnonymous.
// An access behind i_size meets SIGBUS, one outside of the mapping SIGSEGV: the call is a loop that ends with
// -1 EFAULT then, and what it did before stays done.
// Not modelled: tmpfs maps shared pages writable already on a read fault; which pages a fault maps around its own (vmsplice of
// memory that must not be read would show them, and leaves the model); huge pages; mmap_miss.

import { EFAULT } from "../abi/errno";
import { OPERAND_RESULT } from "../abi/program";
import { SWITCH_HOLE_CACHED } from "../abi/switches";
import { SYS_SENDMSG, SYS_STORE, SYS_VMSPLICE } from "../abi/syscalls";
import { writeReplaces, writeWaits } from "../config";
import { emit, EVENT_COPY, EVENT_STORE } from "../events";
import {
  STATUS_RETURNED,
  cells,
  cellsAt,
  frameAt,
  gridShift,
  header,
  inodeAt,
  resultAt,
  taskAt,
} from "../layout";
import {
  MAPPING_ANON,
  MAPPING_COPIED,
  MAPPING_READ,
  MAPPING_SHARED,
  MAPPING_WRITE,
  Mapping,
  PTE_ANON,
  PTE_FRAME,
  PTE_WRITE,
  mappingAt,
  mappingsMax,
  pteAt,
} from "./page-table";
import { PAGE_SHIFT, UNMODELLED_CALL } from "../limits";
import { callCode, operandKind, operandValue } from "../program";
import { currentCall, fail, finish, isVmspliceIn, isVmspliceOut, operand } from "../sched/call";
import { LINE_ACCESS, LINE_MAP, LINE_MKWRITE } from "../sched/line";
import { appendData, sourceAt } from "../syscall/data";
import { replaceLocked } from "../fs/file-write";
import { noteAccess } from "../fs/tear";
import { copyFront, vmspliceOutDone } from "../fs/vmsplice-out";
import { vmspliceCanGo, vmspliceDone, vmsplicePage } from "../fs/vmsplice";
import { memoryCanGo, memorySent, refusesMemory, sendMemory, sendsMemory } from "../net/sendmsg";
import { isZerocopy } from "../net/zerocopy";
import {
  allocFolio,
  folioIsLocked,
  folioPages,
  getFolio,
  headOf,
  isMarked,
  lockFolio,
  putFolio,
  unlockFolio,
} from "./folio";
import { mappingOfCall, originOf, setPte } from "./mapping";
import { attachPrivate, cachedFolio, cachedFrame, dirtyWhole } from "./page-cache";
import { readAround, fillHole } from "./readahead";
import { fault as readPage, mustFault } from "./disk";
import { COPY_MAPPED_BLINDLY, STORE_TAKES_SHARED } from "../mutants";
import { fileHas } from "./kind";

/** The mmap call that makes the mapping that a call on memory names. */
export function makerOf(call: u32): u32 {
  const code = callCode(call);
  const n: u32 = code == SYS_VMSPLICE || code == SYS_SENDMSG ? 1 : 0;
  assert(operandKind(call, n) == OPERAND_RESULT, "a mapping is named by the call that makes it");
  return <u32>operandValue(call, n);
}

/** The mapping that the task's call names; mappingsMax if it names none. */
export function namedMapping(task: u32): u32 {
  return mappingNamedBy(currentCall(task));
}
export function mappingNamedBy(call: u32): u32 {
  const maker = makerOf(call);
  const made = resultAt(maker).status == STATUS_RETURNED && resultAt(maker).ret == 0;
  return made ? mappingOfCall(maker) : mappingsMax;
}

/** Whether the access changes bytes. */
function stores(task: u32): bool {
  return callCode(currentCall(task)) == SYS_STORE || isVmspliceOut(task);
}
/** Page of the mapping that the access is at. */
function pageOf(task: u32): u32 {
  return <u32>(taskAt(task).pos >> PAGE_SHIFT);
}
/** Page of the file that is mapped there. */
export function filePage(task: u32): u32 {
  return pageOf(task) + mappingAt(namedMapping(task)).index;
}

/** Whether the mapping has the page and grants the access at all. What is writable is readable (x86). */
function permits(map: Mapping, page: u32, write: bool): bool {
  if (page < <u32>map.gone || page >= <u32>map.pages) return false;
  return (map.flags & (write ? MAPPING_WRITE : MAPPING_READ | MAPPING_WRITE)) != 0;
}

/** Whether the entry alone grants it. */
function isMapped(pte: u32, write: bool): bool {
  return pte != 0 && (!write || (pte & PTE_WRITE) != 0);
}

/** Whether the page lies in the file. Mirrors: filemap_fault(), i_size_read(). */
function inFile(inode: u32, page: u32): bool {
  return (<i64>page) << PAGE_SHIFT < inodeAt(inode).size;
}

/** The guard of ACCESS: what a fault would need is free. */
export function accessCanGo(task: u32): bool {
  if (sendsMemory(task) && !memoryCanGo(task)) return false;
  const mapping = namedMapping(task);
  const map = mappingAt(mapping);
  const page = pageOf(task);
  const write = stores(task);
  if (!permits(map, page, write)) return true;
  const pte: u32 = load<u16>(pteAt(mapping, page));
  const shared = (map.flags & MAPPING_SHARED) != 0;
  if (pte && isVmspliceIn(task) && !vmspliceCanGo(pte & PTE_FRAME)) return false;
  if (isMapped(pte, write) || (pte && !shared) || map.flags & MAPPING_ANON) return true;
  const inode: u32 = map.inode;
  const head = cachedFolio(inode, map.index + page);
  if (head == 0 || (write && shared)) if (inodeAt(inode).invalidate) return false;
  return head == 0 || (!folioIsLocked(head) && accessHeldUpBy(task) == 0);
}

/** At ACCESS: the folio whose outside references a store to a shared mapping waits for, 0 for none. */
export function accessHeldUpBy(task: u32): u32 {
  if (!writeWaits() || !stores(task)) return 0;
  const mapping = namedMapping(task);
  const map = mappingAt(mapping);
  const page = pageOf(task);
  const ofFile = map.flags & MAPPING_SHARED && !(map.flags & MAPPING_ANON);
  if (!permits(map, page, true) || !ofFile) return 0;
  if (isMapped(load<u16>(pteAt(mapping, page)), true)) return 0;
  const head = cachedFolio(map.inode, map.index + page);
  return head && isMarked(head) ? head : 0;
}

/** Copies the bytes of one page, or takes the first step of the fault that is in the way. */
export function stepAccess(task: u32): void {
  if (sendsMemory(task) && refusesMemory(task)) return;
  const mapping = namedMapping(task);
  const map = mappingAt(mapping);
  const page = pageOf(task);
  const write = stores(task);
  if (!permits(map, page, write)) return refuse(task);
  const pte: u32 = load<u16>(pteAt(mapping, page));
  // A page that is there is taken without a look at the mapping's rights. Mirrors: mm/gup.c:check_vma_flags().
  if (pte == 0 && takesPages(task) && !(map.flags & MAPPING_READ))
    return refuseUnread(task, map, page);
  if (isMapped(pte, write)) return access(task, pte & PTE_FRAME, write);
  if (pte && !(map.flags & MAPPING_SHARED)) return protectedEntry(task, mapping, page, pte);
  if (map.flags & MAPPING_ANON) return anonymous(task, mapping, page, write);
  if (!inFile(map.inode, map.index + page)) return refuse(task);
  fault(task, mapping, page, write);
}

/** Whether the pages themselves are wanted, not their bytes. */
function takesPages(task: u32): bool {
  return isVmspliceIn(task) || (sendsMemory(task) && isZerocopy(currentCall(task)));
}

/** The access meets SIGSEGV or SIGBUS, or the call EFAULT. */
function refuse(task: u32): void {
  if (isVmspliceIn(task)) vmspliceDone(task, -EFAULT);
  else if (isVmspliceOut(task)) vmspliceOutDone(task, -EFAULT);
  else if (sendsMemory(task)) memorySent(task, -EFAULT);
  else fail(task, EFAULT);
}

/** An earlier fault may have mapped a cached page along with its neighbours, which only this call would show.
 *  Mirrors: mm/memory.c:do_fault_around(). */
function refuseUnread(task: u32, map: Mapping, page: u32): void {
  const isFile = (map.flags & MAPPING_ANON) == 0;
  if (isFile && cachedFrame(map.inode, map.index + page)) header().unmodelled = UNMODELLED_CALL;
  refuse(task);
}

function access(task: u32, frame: u32, write: bool): void {
  if (isVmspliceIn(task)) return vmsplicePage(task, frame);
  if (isVmspliceOut(task)) return copyFront(task, frame);
  if (sendsMemory(task)) return sendMemory(task, frame);
  const it = taskAt(task);
  const offset = <u32>(it.pos & 4095);
  const bytes = <u32>min<i64>(it.want, 4096 - offset);
  const at = cellsAt(frame) + (offset >> gridShift);
  const count = bytes >> gridShift;
  if (!write) appendData(task, at, count);
  else {
    const from = sourceAt(<u32>operand(task, 1), it.done);
    memory.copy(at, from, count);
    noteAccess(at, from, count);
    emit(EVENT_STORE, currentCall(task), frame, offset, bytes);
  }
  it.pos += bytes;
  it.done += bytes;
  it.want -= bytes;
  if (it.want == 0) finish(task, it.done);
}

/** No entry of anonymous memory: a load of private memory gets the zero page, anything else a frame of its own.
 *  Mirrors: do_anonymous_page(); shared memory is a file without a name. */
function anonymous(task: u32, mapping: u32, page: u32, write: bool): void {
  if (!write && !(mappingAt(mapping).flags & MAPPING_SHARED)) return access(task, 0, false);
  fillAnonymous(mapping, page);
}

/** Gives an empty page of anonymous memory a zeroed frame; 0 when the run leaves the model. */
export function fillAnonymous(mapping: u32, page: u32): u32 {
  const frame = allocFolio(0);
  if (frame == 0) return 0;
  getFolio(frame);
  setPte(mapping, page, frame | PTE_ANON | PTE_WRITE);
  if (mappingAt(mapping).flags & MAPPING_SHARED) fillCopies(mapping, page, frame);
  return frame;
}

/** The copies of shared memory in other processes have the same pages. */
function fillCopies(mapping: u32, page: u32, frame: u32): void {
  for (let m: u32 = 0; m < mappingsMax; m++) {
    if (m == mapping || originOf(m) != originOf(mapping)) continue;
    const map = mappingAt(m);
    if (page < <u32>map.gone || page >= <u32>map.pages) continue;
    getFolio(frame);
    setPte(m, page, frame | PTE_ANON | PTE_WRITE);
  }
}

/** No entry, or a shared one without the right to write. */
function fault(task: u32, mapping: u32, page: u32, write: bool): void {
  const map = mappingAt(mapping);
  const inode: u32 = map.inode;
  const at: u32 = map.index + page;
  const reads = mustFault(inode, at);
  if (cachedFolio(inode, at) == 0) {
    if (fileHas(inode, SWITCH_HOLE_CACHED)) readAround(inode, at);
    else if (reads) readPage(inode, at);
    else fillHole(inode, at);
  }
  if (reads) return;
  const frame = cachedFrame(inode, at);
  if (frame == 0) return;
  if (!write) {
    getFolio(headOf(frame));
    setPte(mapping, page, frame);
  } else if (map.flags & MAPPING_SHARED) makeWritable(task, map, headOf(frame));
  else {
    const copy = privateCopy(frame);
    if (copy) mapCopy(mapping, page, copy);
  }
}

/** Locks the folio and tells the file system. Mirrors: do_page_mkwrite(). */
function makeWritable(task: u32, map: Mapping, head: u32): void {
  const it = taskAt(task);
  lockFolio(head, task);
  attachPrivate(head);
  dirtyWhole(head);
  map.faults++;
  it.folio = <u16>head;
  it.line = writeReplaces() ? LINE_MKWRITE : LINE_MAP;
}

/** The policy decides, as before a write. */
export function stepMkwrite(task: u32): void {
  const it = taskAt(task);
  if (isMarked(it.folio)) {
    const copy = replaceLocked(it.folio, task);
    if (copy == 0) return;
    it.folio = <u16>copy;
  }
  it.line = LINE_MAP;
}

/** A frame of its own with the bytes of another, one reference; 0 when the run leaves the model. */
function privateCopy(frame: u32): u32 {
  const copy = allocFolio(0);
  if (copy == 0) return 0;
  getFolio(copy);
  memory.copy(cellsAt(copy), cellsAt(frame), cells);
  emit(EVENT_COPY, frame, copy);
  return copy;
}

function mapCopy(mapping: u32, page: u32, copy: u32): void {
  mappingAt(mapping).flags |= MAPPING_COPIED;
  setPte(mapping, page, copy | PTE_ANON | PTE_WRITE);
}

/** A store to private memory whose entry only reads: a page that nobody else holds is written where it is.
 *  Mirrors: mm/memory.c:do_wp_page(), wp_can_reuse_anon_folio(). */
function protectedEntry(task: u32, mapping: u32, page: u32, pte: u32): void {
  const frame = pte & PTE_FRAME;
  if (!(pte & PTE_ANON) || (frameAt(frame).refs > 1 && MUTANT != STORE_TAKES_SHARED))
    return copyMapped(task, mappingAt(mapping), pte);
  store<u16>(pteAt(mapping, page), <u16>(pte | PTE_WRITE));
  access(task, frame, true);
}

/** The bytes are copied now, the copy is mapped in a later step. */
function copyMapped(task: u32, map: Mapping, pte: u32): void {
  const it = taskAt(task);
  const copy = privateCopy(pte & PTE_FRAME);
  if (copy == 0) return;
  map.faults++;
  it.folio = <u16>copy;
  it.step = pte;
  it.line = LINE_MAP;
}

/** Makes the entry of a page of shared memory, and those of the rest of its folio, if that lies in the mapping and in the file.
 *  Mirrors: mm/memory.c:finish_fault(). */
function mapWritable(mapping: u32, page: u32, head: u32): void {
  const map = mappingAt(mapping);
  const begin = <i64>frameAt(head).index - map.index;
  const end = begin + folioPages(head);
  const inFile = (<i64>map.index + end) << PAGE_SHIFT <= inodeAt(map.inode).size + 4095;
  const isWhole = begin >= <i64>map.gone && end <= <i64>map.pages && inFile;
  const last: u32 = isWhole ? <u32>end - 1 : page;
  let at: u32 = isWhole ? <u32>begin : page;
  for (; at <= last; at++) {
    getFolio(head);
    setPte(mapping, at, (head + <u32>(at - begin)) | PTE_WRITE);
  }
}

/** Makes the entry. A private copy is dropped if the entry is no longer what was copied. */
export function stepMap(task: u32): void {
  const it = taskAt(task);
  const mapping = namedMapping(task);
  const map = mappingAt(mapping);
  const page = pageOf(task);
  const head: u32 = it.folio;
  if (map.flags & MAPPING_SHARED) {
    mapWritable(mapping, page, head);
    unlockFolio(head, task);
  } else if (MUTANT == COPY_MAPPED_BLINDLY || load<u16>(pteAt(mapping, page)) == <u16>it.step)
    mapCopy(mapping, page, head);
  else putFolio(head);
  map.faults--;
  it.folio = 0;
  it.step = 0;
  it.line = LINE_ACCESS;
}
