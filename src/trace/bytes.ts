// Room for the bytes of outcomes, and whether two are the same.
//
// Interface: zeroedBytes, filledBytes, sameBytes.
// A cross-check makes some ten arrays of bytes for each of thousands of outcomes a second, and making an
// array costs more than filling it: so they are cut from larger blocks. Nobody may transfer their `buffer`.

const BLOCK_BYTES = 1 << 18;
const NOTHING = new Uint8Array(0);

let block = NOTHING;
let used = 0;

/** `size` zero bytes that nobody else has; they begin on a whole word. */
export function zeroedBytes(size: number): Uint8Array {
  if (size === 0) return NOTHING;
  if (size > BLOCK_BYTES / 4) return new Uint8Array(size);
  if (used + size > block.length) {
    block = new Uint8Array(BLOCK_BYTES);
    used = 0;
  }
  const at = used;
  used += (size + 7) & ~7;
  return block.subarray(at, at + size);
}

const FILLED_BYTES_MAX = 1 << 14;
/** Sizes are many where the grid is fine: the arrays of more of them are made afresh. */
const FILLED_MAX = 4096;
const filled = new Map<number, Uint8Array>();

/** `size` equal bytes. Whoever asks for the same gets the same array, so nobody may write to it. */
export function filledBytes(byte: number, size: number): Uint8Array {
  if (size === 0) return NOTHING;
  if (size > FILLED_BYTES_MAX) return new Uint8Array(size).fill(byte);
  const key = 256 * size + byte;
  let bytes = filled.get(key);
  if (bytes === undefined) {
    bytes = new Uint8Array(size).fill(byte);
    if (filled.size < FILLED_MAX) filled.set(key, bytes);
  }
  return bytes;
}

/** Whether two byte strings are equal. Compares whole words where both begin on one: contents are long. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  const words = (a.byteOffset | b.byteOffset) & 3 ? 0 : a.length >> 2;
  const x = new Int32Array(a.buffer, words ? a.byteOffset : 0, words);
  const y = new Int32Array(b.buffer, words ? b.byteOffset : 0, words);
  for (let i = 0; i < words; i++) if (x[i] !== y[i]) return false;
  for (let i = 4 * words; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
