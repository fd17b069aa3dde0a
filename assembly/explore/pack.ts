// The packing of a large state block: few of its words differ from the first state, and few bytes of those.
//
//   for each word of 8 bytes that differs: how far it is from the last one, a mask of its bytes that differ, and
//   those bytes, XORed with the first state's | at least one zero, up to a multiple of 8
//
// A mask of zero stands for a run of words that are as they are in the last state of one run, whose length follows:
// what calls have returned is mostly the same.
// A distance is a byte: 1 is the next word, FAR goes on by FAR - 1 words to another distance.
// Interface: startPacking, packTowards, pack, unpack, packedMax.

let first: usize = 0;
let last: usize = 0;
let base: usize = 0;
let words: u32 = 0;
/** Words from `quiet` up to `loud` are zero, in the first state from `firstQuiet` on. */
let firstQuiet: u32 = 0;
let quiet: u32 = 0;
let loud: u32 = 0;

/** Room for the copies of two states, in bytes. */
export function packingBytes(bytes: u32): u32 {
  return 2 * bytes;
}
/** The block's present content becomes what every other state is compared with; its copy goes to `room`. From
 *  `quietFrom` up to where pack is told, it is zero. */
export function startPacking(block: usize, bytes: u32, quietFrom: u32, room: usize): void {
  assert((bytes & 7) == 0, "a state block is whole words");
  first = room;
  last = room + bytes;
  base = block;
  words = bytes >> 3;
  firstQuiet = quietFrom >> 3;
  memory.copy(first, base, bytes);
}
/** The block's present content is where one run ends; the block goes back to the first state. */
export function packTowards(): void {
  memory.copy(last, base, words << 3);
  memory.copy(base, first, words << 3);
}
/** Bytes that a packed state of `bytes` bytes may need. */
export function packedMax(bytes: u32): u32 {
  return ((bytes >> 3) * 10 + (bytes >> 3) / (FAR - 1) + 16) & ~7;
}

const FAR: u32 = 255;
const LOW_BITS: u64 = 0x0101010101010101;
const GATHER: u64 = 0x0102040810204080;

/** Packs the block to `to`; returns the bytes, a multiple of 8. The block is zero from `quietFrom` up to `quietTo`. */
export function pack(to: usize, quietFrom: u32, quietTo: u32): u32 {
  let out = to;
  let next: u32 = 0;
  quiet = max<u32>(firstQuiet, quietFrom >> 3);
  loud = quietTo >> 3;
  for (let i = nextChange(0); i < words; i = nextChange(next)) {
    const change = changeOf(i);
    for (; i - next >= FAR - 1; next += FAR - 1) store<u8>(out++, <u8>FAR);
    store<u8>(out++, <u8>(i - next + 1));
    const run = runAt(i);
    if (run) {
      store<u8>(out++, 0);
      store<u8>(out++, <u8>run);
      next = i + run;
    } else {
      out = packWord(out, change);
      next = i + 1;
    }
  }
  store<u64>(out, 0);
  return <u32>((out + 1 - to + 7) & ~7);
}

/** What the ith word and the one in the first state differ in. */
function changeOf(i: u32): u64 {
  return load<u64>(base + (i << 3)) ^ load<u64>(first + (i << 3));
}
/** The first word from the ith on that differs from the first state. */
function nextChange(i: u32): u32 {
  let at = i;
  if (at < quiet) at = nextChangeUpTo(at, quiet);
  return at < quiet ? at : nextChangeUpTo(max<u32>(at, loud), words);
}
/** Eight at a time: most do not differ. */
function nextChangeUpTo(i: u32, to: u32): u32 {
  const block = base;
  const far = first - block;
  let at = block + (i << 3);
  const end = block + (to << 3);
  for (; at + 64 <= end; at += 64) {
    const other = at + far;
    const a = (load<u64>(at) ^ load<u64>(other)) | (load<u64>(at, 8) ^ load<u64>(other, 8));
    const b =
      (load<u64>(at, 16) ^ load<u64>(other, 16)) | (load<u64>(at, 24) ^ load<u64>(other, 24));
    const c =
      (load<u64>(at, 32) ^ load<u64>(other, 32)) | (load<u64>(at, 40) ^ load<u64>(other, 40));
    const d =
      (load<u64>(at, 48) ^ load<u64>(other, 48)) | (load<u64>(at, 56) ^ load<u64>(other, 56));
    if (a | b | c | d) break;
  }
  while (at < end && load<u64>(at) == load<u64>(at + far)) at += 8;
  return (<u32>(at - block)) >> 3;
}

/** Words from the ith on that are as in the last state, up to the last one that differs from the first. */
function runAt(i: u32): u32 {
  const end = min<u32>(words, i + 255);
  let run: u32 = 0;
  for (let at = i; at < end; at++) {
    const word = load<u64>(base + (at << 3));
    if (word != load<u64>(last + (at << 3))) break;
    if (word != load<u64>(first + (at << 3))) run = at + 1 - i;
  }
  return run;
}

function packWord(to: usize, change: u64): usize {
  let some = change | (change >> 4);
  some |= some >> 2;
  some |= some >> 1;
  const bytes = <u32>(((some & LOW_BITS) * GATHER) >> 56);
  store<u8>(to++, <u8>bytes);
  for (let left = bytes; left != 0; left &= left - 1)
    store<u8>(to++, <u8>(change >> (ctz(left) << 3)));
  return to;
}

/** Brings the block to a packed state. */
export function unpack(from: usize): void {
  memory.copy(base, first, words << 3);
  let at = from;
  let word: u32 = 0;
  for (let distance: u32 = load<u8>(at++); distance != 0; distance = load<u8>(at++)) {
    word += distance - 1;
    if (distance == FAR) continue;
    const bytes: u32 = load<u8>(at++);
    if (bytes == 0) {
      const run: u32 = load<u8>(at++);
      memory.copy(base + (word << 3), last + (word << 3), run << 3);
      word += run;
      continue;
    }
    let change: u64 = 0;
    for (let left = bytes; left != 0; left &= left - 1)
      change |= (<u64>load<u8>(at++)) << (ctz(left) << 3);
    const to = base + (word++ << 3);
    store<u64>(to, load<u64>(to) ^ change);
  }
}
