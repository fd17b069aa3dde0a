// reset: from an encoded program to the first state; save, load and hash of the one flat block.
//
// Interface: reset, stateHash; the host copies [stateBase, stateBase + stateBytes) to save and load.
// Memory, from __heap_base on: program words | data tables | state | shadow (checked builds) | schedule.

import { MARK_LATE } from "./abi/decisions";
import { F_SETPIPE_SZ, O_RDWR } from "./abi/fcntl";
import { FALLOC_FL_COLLAPSE_RANGE, FALLOC_FL_INSERT_RANGE } from "./abi/mman";
import { PAGE_SIZE, PIPE_DEF_BUFFERS } from "./abi/pipe";
import { FD_FIRST, ORDER_PER_PAGE, RUN_HOLE } from "./abi/program";
import {
  SWITCH_LARGE_FOLIOS,
  SWITCH_DIRECT,
  SWITCH_PREALLOCATED,
  SWITCH_PUNCH_FLUSH,
  SWITCH_REFLINK,
  SWITCH_SHIFT,
  SWITCH_TRUNCATE_FLUSH,
} from "./abi/switches";
import {
  SYS_DUP,
  SYS_FALLOCATE,
  SYS_FCNTL,
  SYS_FTRUNCATE,
  SYS_LOAD,
  SYS_MEMFD_CREATE,
  SYS_MKFIFO,
  SYS_MMAP,
  SYS_OPEN,
  SYS_PIPE2,
  SYS_PREAD,
  SYS_READ,
  SYS_RENAME,
  SYS_SENDFILE,
  SYS_SPLICE,
  SYS_SENDMSG,
  SYS_VMSPLICE,
} from "./abi/syscalls";
import { has, markKind, spliceSteals } from "./config";
import { listen } from "./events";
import { asksDirect, findDirect } from "./fs/direct";
import { findFifos } from "./fs/fifo";
import { newFile, newInode, installFd, reserveFd } from "./fs/file-table";
import { addClocks, prepareNowait } from "./fs/nowait-write";
import { countOwnPipes, makeOwnPipes } from "./fs/own-pipe";
import { slotsFor } from "./fs/pipe";
import { defaultSlots, findLimits } from "./fs/pipe-limits";
import { asksForDisk } from "./fs/sync";
import {
  Counts,
  TARGET_INODE,
  cellsAt,
  frameAt,
  gridShift,
  inodeAt,
  layOut,
  nameAt,
  stateBase,
  stateBytes,
} from "./layout";
import {
  CALLS_MAX,
  FDS_MAX,
  FRAMES_MAX,
  ORDER_MAX,
  PAGES_MAX,
  PAGE_SHIFT,
  RING_MAX,
  STATE_BYTES_MAX,
  TASKS_MAX,
} from "./limits";
import { addDaemons, addDropBehind } from "./mm/daemons";
import { folioPages } from "./mm/folio";
import { expectMemfds } from "./mm/kind";
import { makesMapping } from "./mm/mapping";
import { SockCounts } from "./net/layout";
import { countSockets, makeSockets } from "./net/reset";
import { writeBack } from "./mm/disk";
import { cachedFolio, dirtyBlocks, dirtyFolio, folioForWrite, isDirty } from "./mm/page-cache";
import { setTears, tears, tooManyValues } from "./mm/values";
import { clearPrices } from "./price";
import { copies } from "./call-kind";
import * as program from "./program";
import { clearBackground } from "./sched/background";
import { watch } from "./touch";
import { dataTablesBytes, prepareData, setDataCells, setDataStart, sourceAt } from "./syscall/data";
import { prepareFlags } from "./syscall/rwf";
import { pagesFor } from "./syscall/sys-memory";
import { renameFlushes } from "./syscall/sys-names";
import { makePipe, slotsOfArgument } from "./syscall/sys-open";

/** What reset found. */
export const RESET_OK: u32 = 0;
/** The state would exceed STATE_BYTES_MAX. */
export const RESET_TOO_LARGE: u32 = 1;
/** More descriptors than FDS_MAX. */
export const RESET_TOO_MANY_FDS: u32 = 2;
/** More calls than CALLS_MAX, or threads than TASKS_MAX. */
export const RESET_TOO_MANY_CALLS: u32 = 3;
/** More threads and background actions than ACTIONS_MAX. */
export const RESET_TOO_MANY_ACTIONS: u32 = 4;
/** More different byte values than a set of them can hold. */
export const RESET_TOO_MANY_VALUES: u32 = 5;

const counts = changetype<Counts>(memory.data(offsetof<Counts>()));
const socks = changetype<SockCounts>(memory.data(offsetof<SockCounts>()));

/** Where the copy of the state before a step lies in checked builds. */
export let shadowBase: usize = 0;

/**
 * Lays the state out for the program at `words` and brings it to its first state.
 * `shift`: log2 of the grid; `fileBytes`, `readBytes`: bounds of a file's size and of one read; `tear`: copies may
 * tear, and cells are sets.
 */
export function reset(
  words: usize,
  wordsCount: u32,
  shift: u32,
  fileBytes: u64,
  readBytes: u64,
  snapshot: u32,
  tear: bool,
): u32 {
  listen(false);
  watch(false);
  setTears(tear);
  program.bind(words);
  count(fileBytes, readBytes, shift);
  if (counts.calls > CALLS_MAX || counts.tasks > TASKS_MAX) return RESET_TOO_MANY_CALLS;
  if (counts.fds > FDS_MAX) return RESET_TOO_MANY_FDS;
  const tables = (words + wordsCount * 4 + 7) & ~7;
  const base = (tables + dataTablesBytes(shift) + 7) & ~7;
  const bytes = layOut(base, counts, socks, shift, snapshot);
  if (bytes > STATE_BYTES_MAX) return RESET_TOO_LARGE;
  shadowBase = base + bytes;
  reserve(shadowBase + (CHECKED ? bytes : 0));
  memory.fill(stateBase, 0, stateBytes);
  clearBackground();
  findFifos();
  if (!addDaemons(<u32>((fileBytes + PAGE_SIZE - 1) >> PAGE_SHIFT))) return RESET_TOO_MANY_ACTIONS;
  prepareData(tables);
  prepareFlags();
  prepareNowait();
  if (tooManyValues) return RESET_TOO_MANY_VALUES;
  layData(readBytes);
  makeFiles();
  makePipes();
  clearPrices();
  makeSockets();
  addClocks();
  addDropBehind(<u32>((fileBytes + PAGE_SIZE - 1) >> PAGE_SHIFT));
  return RESET_OK;
}

/** Grows the memory to hold everything below `end`. */
export function reserve(end: usize): void {
  const pages = <i32>((end + 0xffff) >> 16) - memory.size();
  if (pages > 0) assert(memory.grow(pages) >= 0, "the machine has no more memory for a state");
}

function count(fileBytes: u64, readBytes: u64, shift: u32): void {
  counts.tasks = program.threadsCount();
  counts.calls = program.callsCount();
  counts.names = program.namesCount();
  counts.inodes = program.filesCount();
  counts.files = program.filesCount() + 2 * program.pipesCount();
  counts.pipes = program.pipesCount();
  counts.pages = <u32>min<u64>((fileBytes >> PAGE_SHIFT) + 1, PAGES_MAX);
  counts.ring = PIPE_DEF_BUFFERS;
  counts.dataCells = 0;
  counts.mappings = 0;
  counts.mapped = 0;
  for (let p: u32 = 0; p < counts.pipes; p++) growRing(program.pipeSizeBytes(p));
  let made: u32 = 0;
  for (let c: u32 = 0; c < counts.calls; c++) {
    const code = program.callCode(c);
    if (code == SYS_OPEN || code == SYS_MEMFD_CREATE) counts.inodes++;
    if (code == SYS_PIPE2 || code == SYS_MKFIFO) counts.pipes++;
    if (code == SYS_OPEN || code == SYS_DUP || code == SYS_MEMFD_CREATE) made++;
    if (code == SYS_PIPE2) made += 2;
    if (makesMapping(code)) counts.mappings++;
    if (code == SYS_MMAP) {
      counts.mapped = max<u32>(counts.mapped, pagesFor(program.operandValue(c, 1)));
    }
    if (code == SYS_FCNTL && program.operandValue(c, 1) == F_SETPIPE_SZ)
      growRing(<u32>program.operandValue(c, 2));
    // Beyond the largest state it is enough to know that it is beyond.
    const cells = counts.dataCells + readCells(c, readBytes, shift);
    counts.dataCells = min<u32>(cells, STATE_BYTES_MAX + 1);
  }
  expectMemfds(hasCall(SYS_MEMFD_CREATE));
  counts.pipes += countOwnPipes();
  countSockets(socks, counts.ring, readBytes, shift);
  counts.files += made + socks.socks;
  counts.fds = FD_FIRST + program.filesCount() + 2 * program.pipesCount() + socks.socks + made + 1;
  counts.frames = frames();
  findDirect();
  counts.disk = spliceSteals() || program.backgroundTasks() || flushes() ? 1 : 0;
  counts.late = markKind() == MARK_LATE ? 1 : 0;
  counts.torn = tears ? folioPagesMax() : 0;
}

function hasCall(code: u32): bool {
  for (let c: u32 = 0; c < counts.calls; c++) if (program.callCode(c) == code) return true;
  return false;
}

/** Pages of the largest folio that a file of the run can have. */
function folioPagesMax(): u32 {
  if (!has(SWITCH_LARGE_FOLIOS)) return 1;
  let pages: u32 = 1;
  while (pages < counts.pages && pages < 1 << ORDER_MAX) pages *= 2;
  return pages;
}

/** Whether a call may write pages back. */
function flushes(): bool {
  if (asksDirect && has(SWITCH_DIRECT)) return true;
  for (let c: u32 = 0; c < counts.calls; c++) {
    const code = program.callCode(c);
    if (code == SYS_FALLOCATE && fallocateFlushes(c)) return true;
    if (asksForDisk(c)) return true;
    if (code == SYS_RENAME && renameFlushes()) return true;
    if (copies(c) && has(SWITCH_REFLINK)) return true;
    if (has(SWITCH_TRUNCATE_FLUSH) && (code == SYS_FTRUNCATE || code == SYS_OPEN)) return true;
  }
  return false;
}

/** To shift, every file system writes back first. */
function fallocateFlushes(call: u32): bool {
  const shifts = FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_INSERT_RANGE;
  if (has(SWITCH_PUNCH_FLUSH) || has(SWITCH_PREALLOCATED)) return true;
  return has(SWITCH_SHIFT) && (program.operandValue(call, 1) & shifts) != 0;
}

function growRing(bytes: u32): void {
  const slots = bytes <= RING_MAX << PAGE_SHIFT ? slotsFor(bytes) : 0;
  if (slots > counts.ring) counts.ring = slots;
}

/** Cells that a call may read; no file and no pipe of the model holds more than STATE_BYTES_MAX. */
function readCells(call: u32, readBytes: u64, shift: u32): u32 {
  const code = program.plainCode(call);
  if (code != SYS_READ && code != SYS_PREAD && code != SYS_LOAD) return 0;
  const wanted = min<u64>(<u64>program.transferBytes(call), readBytes);
  const bytes = min<u64>(wanted, STATE_BYTES_MAX);
  return <u32>((bytes + (1 << shift) - 1) >> shift);
}

/** Frames that the program can use at most, for each call what it may allocate; capped. */
function frames(): u32 {
  let sum: u64 = 1;
  for (let f: u32 = 0; f < program.filesCount(); f++) sum += counts.pages;
  for (let c: u32 = 0; c < counts.calls; c++) sum += framesOfCall(c);
  // While an skb is copied both are there.
  if (socks.zerocopies) sum += socks.frags;
  if (has(SWITCH_LARGE_FOLIOS)) sum *= 2;
  return <u32>min<u64>(sum + 8, FRAMES_MAX);
}

function framesOfCall(call: u32): u64 {
  const code = program.callCode(call);
  const file: u64 = counts.pages;
  if (program.hasMemory(call)) return file + (program.transferBytes(call) >> PAGE_SHIFT) + 2;
  if (copies(call)) return 2 * file;
  if (code == SYS_SENDMSG) return file + 2 * <u64>counts.mapped + 2;
  if (code == SYS_LOAD || code == SYS_VMSPLICE) return file + counts.ring + counts.mapped;
  return code == SYS_SPLICE || code == SYS_SENDFILE ? 2 * file + counts.ring : file;
}

/** Gives every reading call its part of the data area. */
function layData(readBytes: u64): void {
  let at: u32 = 0;
  for (let c: u32 = 0; c < program.callsCount(); c++) {
    setDataStart(c, at);
    at += readCells(c, readBytes, gridShift);
  }
  setDataCells(at);
}

function makeFiles(): void {
  for (let f: u32 = 0; f < program.filesCount(); f++) {
    const inode = newInode(true);
    store<u8>(nameAt(f), <u8>(inode + 1));
    installFd(reserveFd(), newFile(TARGET_INODE, inode, O_RDWR));
    fillFile(inode, f);
  }
}

/** Writes the initial content as the executor does: each run without holes, step by step. */
function fillFile(inode: u32, file: u32): void {
  const buffer = program.fileBuffer(file);
  const order = program.fileOrder(file);
  const step = (<i64>PAGE_SIZE) << (order == ORDER_PER_PAGE ? 0 : order);
  let pos: i64 = 0;
  let from: i64 = 0;
  for (let run: u32 = 0; run <= program.bufferRuns(buffer); run++) {
    const last = run == program.bufferRuns(buffer);
    if (last || program.runByte(buffer, run) == RUN_HOLE) {
      fillRange(inode, buffer, from, pos, step);
      from = last ? pos : pos + program.runBytes(buffer, run);
    }
    if (!last) pos += program.runBytes(buffer, run);
  }
  inodeAt(inode).size = pos;
  const runs = program.bufferRuns(buffer);
  const endsAsHole = runs > 0 && program.runByte(buffer, runs - 1) == RUN_HOLE;
  if (endsAsHole && has(SWITCH_TRUNCATE_FLUSH)) flushLonger(inode);
}

/** A hole at the end of a file is made by ftruncate, which writes back what is there. */
function flushLonger(inode: u32): void {
  for (let page: u32 = 0; counts.disk && page < counts.pages; page++) {
    const head = cachedFolio(inode, page);
    if (head && isDirty(frameAt(head))) writeBack(head);
  }
  inodeAt(inode).diskSize = inodeAt(inode).size;
}

function fillRange(inode: u32, buffer: u32, from: i64, to: i64, step: i64): void {
  let at = from;
  while (at < to) {
    const end = min<i64>(to, (at / step + 1) * step);
    fillStep(inode, buffer, at, end);
    at = end;
  }
}

/** One write of the initial content. */
function fillStep(inode: u32, buffer: u32, from: i64, end: i64): void {
  let at = from;
  while (at < end) {
    const head = folioForWrite(inode, at, end - at);
    if (head == 0) return;
    const start = (<i64>frameAt(head).index) << PAGE_SHIFT;
    const bytes = min<i64>(end, start + (folioPages(head) << PAGE_SHIFT)) - at;
    const to = cellsAt(head) + <u32>((at - start) >> gridShift);
    memory.copy(to, sourceAt(buffer, at), <u32>(bytes >> gridShift));
    dirtyFolio(head);
    const first = <u32>((at - start) >> PAGE_SHIFT);
    at += bytes;
    dirtyBlocks(head, first, <u32>((at - start + 4095) >> PAGE_SHIFT));
  }
}

function makePipes(): void {
  findLimits();
  for (let p: u32 = 0; p < program.pipesCount(); p++) {
    const read = reserveFd();
    const write = reserveFd();
    makePipe(read, write, program.pipeFlags(p), slotsOfArgument(program.pipeSizeBytes(p)));
  }
  makeOwnPipes(defaultSlots());
}

const PRIME1: u64 = 0x9e3779b185ebca87;
const PRIME2: u64 = 0xc2b2ae3d27d4eb4f;
const PRIME4: u64 = 0x85ebca77c2b2ae63;

/** 64-bit hash of the state, after xxHash64's four lanes. */
export function stateHash(): u64 {
  let a = PRIME1 + PRIME2;
  let b = PRIME2;
  let c: u64 = 0;
  let d = 0 - PRIME1;
  let at = stateBase;
  const end = stateBase + stateBytes;
  for (; at + 32 <= end; at += 32) {
    a = rotl<u64>(a + load<u64>(at) * PRIME2, 31) * PRIME1;
    b = rotl<u64>(b + load<u64>(at, 8) * PRIME2, 31) * PRIME1;
    c = rotl<u64>(c + load<u64>(at, 16) * PRIME2, 31) * PRIME1;
    d = rotl<u64>(d + load<u64>(at, 24) * PRIME2, 31) * PRIME1;
  }
  let hash = rotl<u64>(a, 1) + rotl<u64>(b, 7) + rotl<u64>(c, 12) + rotl<u64>(d, 18) + stateBytes;
  for (; at < end; at += 8) hash = (rotl<u64>(hash ^ load<u64>(at), 27) + PRIME4) * PRIME1;
  hash = (hash ^ (hash >> 33)) * PRIME2;
  return hash ^ (hash >> 29);
}

/** Where the host puts the words of a program; room for `words` of them. */
export function programAt(words: u32): usize {
  reserve(__heap_base + words * 4);
  return __heap_base;
}
/** Room for a schedule of `length` bytes, behind the state. */
export function scheduleAt(length: u32): usize {
  const at = shadowBase + (CHECKED ? stateBytes : 0);
  reserve(at + length);
  return at;
}
/** The state block: save and load are copies of it. */
export function stateAt(): usize {
  return stateBase;
}
export function stateSize(): u32 {
  return stateBytes;
}
