// What a cell holds: the value of its bytes or, where copies may tear, the set of values that each of them may have.
//
// Interface: tears, setTears; encode (a byte of the program as a cell), knownByte, valuesAt and valuesCount (what the bits of a set
// stand for), tooManyValues; joinCells, and mayDiffer and mustDiffer of two rows of cells.
// A set is a byte with one bit for each value that the program names. Bit 0 stands for zero and is stored inverted,
// so that a cell of zeros is zero in both modes, and what is freed or zeroed needs no second rule.
// Not modelled: that two bytes have the same value although nobody knows which: each byte of a set is on its own.

/** Values that a set can tell apart: the bits of a cell. */
const VALUES_MAX: u32 = 8;
const ZERO: u8 = 1;

/** Whether copies take time, and cells are sets. Fixed by reset. */
export let tears: bool = false;
/** The program names more values than a set can hold. */
export let tooManyValues: bool = false;

const values: usize = memory.data(VALUES_MAX);
let named: u32 = 1;

/** Starts a run; zero is the first value. */
export function setTears(on: bool): void {
  tears = on;
  tooManyValues = false;
  memory.fill(values, 0, VALUES_MAX);
  named = 1;
}

/** The cell that holds this value for certain. */
export function encode(value: u8): u8 {
  if (!tears) return value;
  let nth: u32 = 0;
  while (nth < named && load<u8>(values + nth) != value) nth++;
  if (nth == VALUES_MAX) {
    tooManyValues = true;
    return 0;
  }
  if (nth == named) store<u8>(values + named++, value);
  return (<u8>((<u32>1) << nth)) ^ ZERO;
}

/** The byte of a cell; -1 where it may have several values. */
export function knownByte(cell: u8): i32 {
  if (!tears) return cell;
  const bits: u8 = cell ^ ZERO;
  return popcnt<u8>(bits) == 1 ? load<u8>(values + ctz<u8>(bits)) : -1;
}

/** The values in the order of their bits, one byte each. */
export function valuesAt(): usize {
  return values;
}
/** How many there are; 0 where cells are no sets. */
export function valuesCount(): u32 {
  return tears ? named : 0;
}

/** Adds to each cell at `to` the values of the one at `from`; whether any grew. */
export function joinCells(to: usize, from: usize, count: u32): bool {
  let grew = false;
  for (let i: u32 = 0; i < count; i++) {
    const old = load<u8>(to + i);
    const joined = ((old ^ ZERO) | (load<u8>(from + i) ^ ZERO)) ^ ZERO;
    if (joined == old) continue;
    store<u8>(to + i, joined);
    grew = true;
  }
  return grew;
}

/** Whether a byte at `got` may have a value that is not among those at `expected`. */
export function mayDiffer(got: usize, expected: usize, count: u32): bool {
  if (!tears) return memory.compare(got, expected, count) != 0;
  for (let i: u32 = 0; i < count; i++)
    if ((load<u8>(got + i) ^ ZERO) & ~(load<u8>(expected + i) ^ ZERO)) return true;
  return false;
}

/** Whether some byte at `got` has none of the values at `expected`. */
export function mustDiffer(got: usize, expected: usize, count: u32): bool {
  if (!tears) return memory.compare(got, expected, count) != 0;
  for (let i: u32 = 0; i < count; i++)
    if (((load<u8>(got + i) ^ ZERO) & (load<u8>(expected + i) ^ ZERO)) == 0) return true;
  return false;
}
