// What a policy costs, counted since reset: never part of the state, so a price is that of one run.
//
// Interface: PRICE_*; pay; clearPrices, pricesAt. Names, in the same order: src/trace/price.ts.
// Not modelled: time. A kernel's nanoseconds for each are a matter of the machine.

/** Pages and bytes that a policy copies beside the call's own copy. */
export const PRICE_PAGES: u32 = 0;
export const PRICE_BYTES: u32 = 1;
/** Folios allocated, whatever for. */
export const PRICE_FOLIOS: u32 = 2;
/** Times that a writer had to wait for outside references. */
export const PRICE_WAITS: u32 = 3;
/** Folios that left the cache for a slot. */
export const PRICE_STEALS: u32 = 4;
/** Changes of a mark or of its count. */
export const PRICE_MARKS: u32 = 5;
/** Pages read back from the disk, and written to it. */
export const PRICE_FAULTS: u32 = 6;
export const PRICE_WRITES: u32 = 7;
const PRICES: u32 = 8;

const counters: usize = memory.data(PRICES * 4);

export function pay(price: u32, n: u32 = 1): void {
  store<u32>(counters + price * 4, load<u32>(counters + price * 4) + n);
}
export function clearPrices(): void {
  memory.fill(counters, 0, PRICES * 4);
}
export function pricesAt(): usize {
  return counters;
}
