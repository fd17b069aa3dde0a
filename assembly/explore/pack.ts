// The packing of a large state block: few of its words differ from the first state, and few bytes of those.
//
//   one bit for each word of 8 bytes that differs | for each of these: a mask of its bytes that differ,
//   and those bytes, XORed with the first state's | zeros up to a multiple of 8
//
// Interface: startPacking, pack, unpack, packedMax.

let first: usize = 0;
let base: usize = 0;
let words: u32 = 0;

/** Room for the copy of the first state, in bytes. */
export function packingBytes(bytes: u32): u32 {
  return bytes;
}
/** The block's present content becomes what every other state is compared with; its copy goes to `room`. */
export function startPacking(block: usize, bytes: u32, room: usize): void {
  assert((bytes & 7) == 0, "a state block is whole words");
  first = room;
  base = block;
  words = bytes >> 3;
  memory.copy(first, base, bytes);
}
/** Bytes that a packed state of `bytes` bytes may need. */
export function packedMax(bytes: u32): u32 {
  return ((((bytes >> 3) + 63) >> 6) << 3) + (bytes >> 3) * 9 + 8;
}

const LOW_BITS: u64 = 0x0101010101010101;
const GATHER: u64 = 0x0102040810204080;

/** Packs the block to `to`; returns the bytes, a multiple of 8. */
export function pack(to: usize): u32 {
  let bits = to;
  let out = to + (((words + 63) >> 6) << 3);
  for (let group: u32 = 0; group < words; group += 64) {
    const count = min<u32>(64, words - group);
    const from = group << 3;
    let differ: u64 = 0;
    for (let i: u32 = 0; i < count; i++) {
      const change = load<u64>(base + from + (i << 3)) ^ load<u64>(first + from + (i << 3));
      if (change == 0) continue;
      differ |= (<u64>1) << i;
      out = packWord(out, change);
    }
    store<u64>(bits, differ);
    bits += 8;
  }
  store<u64>(out, 0);
  return <u32>((out - to + 7) & ~7);
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
  let bits = from;
  let at = from + (((words + 63) >> 6) << 3);
  for (let group: u32 = 0; group < words; group += 64) {
    for (let differ = load<u64>(bits); differ != 0; differ &= differ - 1) {
      const word = base + ((group + <u32>ctz(differ)) << 3);
      let change: u64 = 0;
      for (let left = <u32>load<u8>(at++); left != 0; left &= left - 1)
        change |= (<u64>load<u8>(at++)) << (ctz(left) << 3);
      store<u64>(word, load<u64>(word) ^ change);
    }
    bits += 8;
  }
}
