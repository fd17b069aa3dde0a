// Memory of the search: chunks of 256 KiB behind everything that the machine uses, numbered, in chains.
//
// An address inside a chunk is an index: chunk number and unit of 8 bytes, in 32 bits. Numbers outlive the
// addresses: a search that is resumed elsewhere keeps its indices.
// Interface: startMemory, claim and release of blocks, Chain, append, freeFirst, unitAt.
// Not modelled: giving memory back to the host; a wasm memory only grows.

/** log2 of the units of 8 bytes in a chunk. */
export const CHUNK_SHIFT: u32 = 15;
export const CHUNK_UNITS: u32 = 1 << CHUNK_SHIFT;
export const CHUNK_BYTES: u32 = CHUNK_UNITS << 3;
const UNIT_MASK: u32 = CHUNK_UNITS - 1;
/** 4 GiB of chunks: all that a 32-bit memory can hold. */
const CHUNKS_MAX: u32 = 1 << 14;
/** Directory and links, 4 bytes per chunk each. */
const TABLES_BYTES: u32 = CHUNKS_MAX * 8;
const WASM_PAGE_SHIFT: u32 = 16;
/** log2 of the part of the memory by which it grows at least: to grow often is slow. */
const GROW_SHIFT: u32 = 3;

/** A list of chunks that grows at its end. 16 bytes. */
@unmanaged
export class Chain {
  /** Numbers of the first and last chunk, plus one; 0 while the chain is empty. */
  first: u32;
  last: u32;
  /** Units used in the last chunk. */
  fill: u32;
  /** Chunks. */
  length: u32;
}

/** What the numbering of chunks needs to be resumed. 8 bytes. */
@unmanaged
export class Numbers {
  /** Numbers given out so far. */
  count: u32;
  /** Number + 1 of the first chunk without a use; the others follow by their links. */
  free: u32;
}

let directory: usize = 0;
let links: usize = 0;
let top: u64 = 0;
let base: u64 = 0;
let limit: u64 = 0;
let numbers = changetype<Numbers>(0);

/** Forgets every chunk. `from`: the first byte that is nobody else's; `bytesMax`: bound of all that is claimed. */
export function startMemory(from: usize, bytesMax: f64, kept: Numbers): bool {
  base = (<u64>from + 0xffff) & ~0xffff;
  top = base;
  limit = base + <u64>min<f64>(bytesMax, 4294967296.0);
  if (limit > 0xffff0000) limit = 0xffff0000;
  numbers = kept;
  numbers.count = 0;
  numbers.free = 0;
  directory = claim(TABLES_BYTES);
  links = directory + CHUNKS_MAX * 4;
  return directory != 0;
}

/** Bytes claimed so far. */
export function bytesClaimed(): f64 {
  return <f64>(top - base);
}

/** A block of whole pages of 64 KiB, not zeroed; 0 where the bound or the machine forbids it. */
export function claim(bytes: u32): usize {
  const end = top + ((<u64>bytes + 0xffff) & ~0xffff);
  if (end > limit) return 0;
  if (!growTo(end)) return 0;
  const at = <usize>top;
  top = end;
  return at;
}

/** Makes the memory reach to `end`, and a part further if the bound and the machine allow it. */
function growTo(end: u64): bool {
  const pages = <i32>(end >> WASM_PAGE_SHIFT) - memory.size();
  if (pages <= 0) return true;
  const most = <i32>(limit >> WASM_PAGE_SHIFT) - memory.size();
  const ample = min<i32>(most, pages + (memory.size() >> GROW_SHIFT));
  return memory.grow(ample) >= 0 || memory.grow(pages) >= 0;
}

/** Gives a block of whole chunks back: chunks are made of it. */
export function release(at: usize, bytes: u32): void {
  for (let done: u32 = 0; done < bytes; done += CHUNK_BYTES) {
    store<u32>(directory + (numbers.count << 2), <u32>(at + done));
    giveBack(numbers.count++);
  }
}

/** Makes a chunk free for any use. */
export function giveBack(chunk: u32): void {
  setLink(chunk, numbers.free);
  numbers.free = chunk + 1;
}

/** Number + 1 of a chunk without a use; 0 if there is no more memory. */
export function takeChunk(): u32 {
  const free = numbers.free;
  if (free) {
    numbers.free = linkOf(free - 1);
    return free;
  }
  return newChunk() ? numbers.count : 0;
}

/** Adds a chunk with the next number. */
export function newChunk(): bool {
  const at = claim(CHUNK_BYTES);
  if (at == 0) return false;
  store<u32>(directory + (numbers.count++ << 2), <u32>at);
  return true;
}

/** Where the links lie, 4 bytes per number. */
export function linksAt(): usize {
  return links;
}
/** Whether a chunk has no use. */
export function isFree(chunk: u32): bool {
  for (let next = numbers.free; next != 0; next = linkOf(next - 1))
    if (next - 1 == chunk) return true;
  return false;
}
/** The number + 1 behind a chunk in its chain. */
export function linkOf(chunk: u32): u32 {
  return load<u32>(links + (chunk << 2));
}
export function setLink(chunk: u32, next: u32): void {
  store<u32>(links + (chunk << 2), next);
}

/** The first unit of a chunk that is used: none is index 0. */
export function firstUnit(chunk: u32): u32 {
  return chunk == 0 ? 1 : 0;
}

/** Address of the unit that an index names. */
export function unitAt(index: u32): usize {
  const chunk = load<u32>(directory + ((index >> CHUNK_SHIFT) << 2));
  return chunk + ((index & UNIT_MASK) << 3);
}
export function chunkOf(index: u32): u32 {
  return index >> CHUNK_SHIFT;
}
export function unitOf(index: u32): u32 {
  return index & UNIT_MASK;
}
export function indexOf(chunk: u32, unit: u32): u32 {
  return (chunk << CHUNK_SHIFT) | unit;
}

/** Index of `units` units at the chain's end, not zeroed; 0 if there is no more memory. They never lie across two
 *  chunks; a zero word ends a chunk that is left early. Index 0 is never given. */
export function append(chain: Chain, units: u32): u32 {
  if (chain.last == 0 || chain.fill + units > CHUNK_UNITS) {
    const chunk = takeChunk();
    if (chunk == 0) return 0;
    setLink(chunk - 1, 0);
    if (chain.last) closeLast(chain, chunk);
    else chain.first = chunk;
    chain.last = chunk;
    chain.fill = firstUnit(chunk - 1);
    chain.length++;
  }
  const index = indexOf(chain.last - 1, chain.fill);
  chain.fill += units;
  return index;
}

function closeLast(chain: Chain, next: u32): void {
  const last = chain.last - 1;
  setLink(last, next);
  if (chain.fill < CHUNK_UNITS) store<u64>(unitAt(indexOf(last, chain.fill)), 0);
}

/** Units at the front of a chain's chunk that hold something, a closing zero word included. */
export function unitsUsed(chain: Chain, chunk: u32): u32 {
  return chunk + 1 == chain.last ? chain.fill : CHUNK_UNITS;
}

/** Gives the first chunk of a chain back. */
export function freeFirst(chain: Chain): void {
  const chunk = chain.first - 1;
  chain.first = linkOf(chunk);
  if (chain.first == 0) chain.last = 0;
  chain.length--;
  giveBack(chunk);
}

/** Index of a chain's first unit; 0 if it is empty. */
export function firstIndex(chain: Chain): u32 {
  if (chain.first == 0) return 0;
  return indexOf(chain.first - 1, firstUnit(chain.first - 1));
}

/** Index of what follows `units` units at `index`; 0 at the chain's end. */
export function nextIndex(chain: Chain, index: u32, units: u32): u32 {
  const chunk = chunkOf(index);
  const unit = unitOf(index) + units;
  if (chunk + 1 == chain.last) return unit < chain.fill ? indexOf(chunk, unit) : 0;
  if (unit < CHUNK_UNITS && load<u64>(unitAt(indexOf(chunk, unit))) != 0)
    return indexOf(chunk, unit);
  const next = linkOf(chunk);
  return indexOf(next - 1, firstUnit(next - 1));
}
