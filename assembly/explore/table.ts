// The visited set: an open-addressing table of 8-byte entries. An entry is the index of a stored state and 32
// bits of its hash, or in fingerprint mode the hash alone. An entry's home follows from its own bits, so the
// table grows without a look at the states.
//
// Interface: startTable, peek (an early load: many at once hide the memory's latency), find, insert, roomFor.

import { MODE_FINGERPRINT } from "../abi/explore";
import { equals } from "./arena";
import { CHUNK_BYTES, claim, release } from "./memory";

/** Entries of the first table: one chunk. */
const ENTRIES_FIRST: u32 = CHUNK_BYTES >> 3;
/** Entries of the largest table: 2 GiB. */
const ENTRIES_MAX: u32 = 1 << 28;

let table: usize = 0;
let mask: u32 = 0;
let used: u32 = 0;
let fingerprints: bool = false;

/** Makes an empty table of at least `entries` entries; false if there is no memory for it. */
export function startTable(mode: u32, entries: u32): bool {
  let size = ENTRIES_FIRST;
  while (size < entries) size <<= 1;
  table = claim(size << 3);
  if (table == 0) return false;
  memory.fill(table, 0, size << 3);
  mask = size - 1;
  used = 0;
  fingerprints = mode == MODE_FINGERPRINT;
  return true;
}

/** Where the table lies, and its bytes: a checkpoint of fingerprints is the table itself. */
export function tableAt(): usize {
  return table;
}
export function tableBytes(): u32 {
  return (mask + 1) << 3;
}
/** Says how many entries of a table are used that was brought back. */
export function setUsed(entries: u32): void {
  used = entries;
}

/** What stands at the home of a hash. */
export function peek(hash: u64): u64 {
  return load<u64>(table + (((<u32>hash) & mask) << 3));
}
/** The index in an entry that may be the state with this hash; 0 if it is another's. */
export function candidate(entry: u64, hash: u64): u32 {
  return <u32>entry == <u32>hash ? <u32>(entry >> 32) : 0;
}

/** Whether the state is known; if not, insert puts it where the search ended. */
export function isKnown(hash: u64, at: usize, words: u32): bool {
  let slot = (<u32>hash) & mask;
  for (;;) {
    const entry = load<u64>(table + (slot << 3));
    if (entry == 0) break;
    if (<u32>entry == <u32>hash) {
      if (fingerprints) {
        if (entry == hash) return true;
      } else if (equals(<u32>(entry >> 32), at, words)) return true;
    }
    slot = (slot + 1) & mask;
  }
  slotFound = slot;
  return false;
}
let slotFound: u32 = 0;

/** Enters the state that isKnown has just not found. */
export function insert(hash: u64, state: u32): void {
  const entry = fingerprints ? hash : ((<u64>state) << 32) | (hash & 0xffffffff);
  store<u64>(table + (slotFound << 3), entry);
  used++;
}

/** Makes sure that one more state can be entered; false if there is no more memory. A table that cannot grow is
 *  filled further than is quick. */
export function roomFor(): bool {
  const size = mask + 1;
  if (used < size - (size >> 2)) return true;
  return grow() || used < size - (size >> 4);
}

function grow(): bool {
  const size = mask + 1;
  if (size >= ENTRIES_MAX) return false;
  const old = table;
  const next = claim(size << 4);
  if (next == 0) return false;
  memory.fill(next, 0, size << 4);
  table = next;
  mask = (size << 1) - 1;
  for (let i: u32 = 0; i < size; i++) {
    const entry = load<u64>(old + (i << 3));
    if (entry != 0) place(entry);
  }
  release(old, size << 3);
  return true;
}

function place(entry: u64): void {
  let slot = (<u32>entry) & mask;
  while (load<u64>(table + (slot << 3)) != 0) slot = (slot + 1) & mask;
  store<u64>(table + (slot << 3), entry);
}
