// The bytes that equal threads differ in: where the threads change places, so do the bytes that they write.
//
// Interface: prepareBytes (once per search); startPairing, pairBuffers: whether two threads write the same but for such
// bytes; movesBytes of a class. swapBytes says what an order of the threads makes of every byte, renameCells does it.
// startCodes, codeBytes, codeOf: bytes in the keys of threads.
// Law: no step looks at a byte. It copies, compares two for equality (P1), or makes zeros. So a permutation of the
// bytes that keeps zero and maps the program on itself maps every run on a run.
// In a class of threads either all write the same byte at one place, or all write different ones, which nobody outside
// writes: the permutation that belongs to an order of threads is unique.
// Not modelled: bytes that could change places although no thread does.

import { RUN_FAULT, RUN_HOLE } from "../abi/program";
import { TASKS_MAX } from "../limits";
import { encode, tears, valuesAt, valuesCount } from "../mm/values";
import * as program from "../program";

const BYTES: u32 = 256;
/** Bytes of each thread in the order in which its calls name them first, each once, and how many. */
const named: usize = memory.data(TASKS_MAX * BYTES);
const counts: usize = memory.data(TASKS_MAX * 2);
/** What each byte is paired with, two bytes; UNPAIRED while it is with none. A hole is paired with itself. */
const partners: usize = memory.data((BYTES + 1) * 2);
const UNPAIRED: u16 = 0xffff;
/** What becomes of each byte; and how it stands in keys, two bytes. */
const table: usize = memory.data(BYTES);
const codes: usize = memory.data(BYTES * 2);

/** What becomes of each cell where cells are sets of bytes (mm/values.ts). */
const sets: usize = memory.data(BYTES);

/** Codes above all bytes: of the thread whose key is made, and of the threads of each class. A byte that several write,
 *  at different places, has the code of the first place. */
const CODE_OWN: u32 = 0x8000;
const CODE_CLASS: u32 = 0x100;

/** Lists the bytes of each thread. */
export function prepareBytes(): void {
  for (let byte: u32 = 0; byte < BYTES; byte++) {
    store<u8>(table + byte, <u8>byte);
    store<u16>(codes + byte * 2, <u16>byte);
  }
  for (let t: u32 = 0; t < program.threadsCount(); t++) {
    store<u16>(counts + t * 2, 0);
    const first = program.threadFirstCall(t);
    for (let call = first; call < first + program.threadCalls(t); call++)
      for (let nth: u32 = 0; nth < program.segments(call); nth++)
        noteBytes(t, <u32>program.operandValue(call, 1) + nth);
  }
}
function noteBytes(task: u32, buffer: u32): void {
  for (let run: u32 = 0; run < program.bufferRuns(buffer); run++) {
    const byte = program.runByte(buffer, run);
    const count = bytesOf(task);
    let at: u32 = 0;
    while (at < count && byteOf(task, at) != byte) at++;
    if (at < count || byte >= <u32>RUN_HOLE) continue;
    store<u8>(named + task * BYTES + count, <u8>byte);
    store<u16>(counts + task * 2, <u16>(count + 1));
  }
}
function bytesOf(task: u32): u32 {
  return load<u16>(counts + task * 2);
}
function byteOf(task: u32, nth: u32): u32 {
  return load<u8>(named + task * BYTES + nth);
}

/** Begins to compare two threads: zero, the first content of files and what other threads write stays. */
export function startPairing(a: u32, b: u32): void {
  for (let byte: u32 = 0; byte <= BYTES; byte++) store<u16>(partners + byte * 2, UNPAIRED);
  pair(0, 0);
  for (let file: u32 = 0; file < program.filesCount(); file++) {
    const buffer = program.fileBuffer(file);
    for (let run: u32 = 0; run < program.bufferRuns(buffer); run++)
      pair(program.runByte(buffer, run), program.runByte(buffer, run));
  }
  for (let t: u32 = 0; t < program.threadsCount(); t++) {
    if (t == a || t == b) continue;
    for (let nth: u32 = 0; nth < bytesOf(t); nth++) pair(byteOf(t, nth), byteOf(t, nth));
  }
}
/** Whether two buffers, of the first thread and of the second, are the same once the bytes change places that do. */
export function pairBuffers(one: u32, other: u32): bool {
  if (program.bufferRuns(one) != program.bufferRuns(other)) return false;
  for (let run: u32 = 0; run < program.bufferRuns(one); run++) {
    const a = program.runByte(one, run);
    const b = program.runByte(other, run);
    if (program.runBytes(one, run) != program.runBytes(other, run)) return false;
    if (a == RUN_FAULT || b == RUN_FAULT) {
      if (a != b) return false;
    } else if (!pair(a, b) || !pair(b, a)) return false;
  }
  return true;
}
/** Pairs a byte; false where it is paired with another. */
function pair(byte: u32, partner: u32): bool {
  const at = partners + byte * 2;
  if (load<u16>(at) == UNPAIRED) store<u16>(at, <u16>partner);
  return load<u16>(at) == <u16>partner;
}

/** Whether the threads of a class, given as bits, write different bytes somewhere. */
export function movesBytes(members: u32): bool {
  const one = <u32>ctz(members);
  const other = <u32>ctz(members & (members - 1));
  for (let nth: u32 = 0; nth < bytesOf(one); nth++)
    if (byteOf(one, nth) != byteOf(other, nth)) return true;
  return false;
}

/** Takes the order in which each thread goes to the place that `taskTo` names, a byte each; whether a byte changes. */
export function swapBytes(taskTo: usize): bool {
  let swaps = false;
  for (let t: u32 = 0; t < program.threadsCount(); t++)
    for (let nth: u32 = 0; nth < bytesOf(t); nth++) {
      const to = byteOf(load<u8>(taskTo + t), nth);
      store<u8>(table + byteOf(t, nth), <u8>to);
      if (to != byteOf(t, nth)) swaps = true;
    }
  if (tears && swaps) mapSets();
  return swaps;
}
/** The same for sets: each byte of a set changes its place. */
function mapSets(): void {
  for (let cell: u32 = 0; cell < BYTES; cell++) {
    let to: u32 = 0;
    for (let nth: u32 = 0; nth < valuesCount(); nth++)
      if (((cell ^ 1) >> nth) & 1)
        to |= (<u32>encode(load<u8>(table + load<u8>(valuesAt() + nth)))) ^ 1;
    store<u8>(sets + cell, <u8>(to ^ 1));
  }
}
/** Brings `count` cells to the order of swapBytes. Most are zero, and stay so. */
export function renameCells(at: usize, count: u32): void {
  let i: u32 = 0;
  for (; i + 8 <= count; i += 8) if (load<u64>(at + i)) renameEach(at + i, 8);
  renameEach(at + i, count - i);
}
function renameEach(at: usize, count: u32): void {
  const to = tears ? sets : table;
  for (let i: u32 = 0; i < count; i++) store<u8>(at + i, load<u8>(to + load<u8>(at + i)));
}

/** Readies codeOf: bytes as they are in the order of swapBytes. */
export function startCodes(): void {
  for (let t: u32 = 0; t < program.threadsCount(); t++)
    for (let nth: u32 = 0; nth < bytesOf(t); nth++) {
      const byte = byteOf(t, nth);
      store<u16>(codes + byte * 2, load<u8>(table + byte));
    }
}
/** From now on the bytes of a class that is not in order yet have the same code as they have in any other order, as
 *  `task` sees it: its own bytes have their own. */
export function codeBytes(members: u32, task: u32): void {
  const first = <u32>ctz(members);
  const second = <u32>ctz(members & (members - 1));
  for (let nth = bytesOf(first); nth-- > 0;) {
    if (byteOf(first, nth) == byteOf(second, nth)) continue;
    for (let left = members; left; left &= left - 1)
      store<u16>(codes + byteOf(<u32>ctz(left), nth) * 2, <u16>((1 + first) * CODE_CLASS + nth));
  }
  if (((members >> task) & 1) == 0) return;
  for (let nth: u32 = 0; nth < bytesOf(task); nth++)
    if (byteOf(first, nth) != byteOf(second, nth))
      store<u16>(codes + byteOf(task, nth) * 2, <u16>(CODE_OWN + nth));
}
/** How a cell stands in the key of a thread: as its byte or, where it is a set, as all of its bytes in any order. */
export function codeOf(cell: u8): u64 {
  if (!tears) return load<u16>(codes + <u32>cell * 2);
  let sum: u64 = 0;
  for (let nth: u32 = 0; nth < valuesCount(); nth++)
    if ((((<u32>cell) ^ 1) >> nth) & 1)
      sum += (<u64>load<u16>(codes + <u32>load<u8>(valuesAt() + nth) * 2) + 1) * 0x9e3779b97f4a7c15;
  return sum;
}
