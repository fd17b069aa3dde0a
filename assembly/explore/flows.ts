// Flows: references that pending calls may carry from containers to containers.
//
// Interface: clearFlows, addFlow, spread. Part of looking ahead (future.ts).
// Not modelled: that a ring may be full, or emptied before.

/** Flows kept one by one; more are merged into the last, which only adds dependences. */
const FLOWS_MAX: u32 = 32;
const flows: usize = memory.data(FLOWS_MAX * 16);
let count: u32 = 0;

export function clearFlows(): void {
  count = 0;
}

/** What is in `from` may come to `to`. */
export function addFlow(from: u64, to: u64): void {
  for (let i: u32 = 0; i < count; i++)
    if (load<u64>(flows + i * 16, 8) == to) {
      store<u64>(flows + i * 16, load<u64>(flows + i * 16) | from);
      return;
    }
  if (count == FLOWS_MAX) count--;
  else memory.fill(flows + count * 16, 0, 16);
  const at = flows + count * 16;
  store<u64>(at, load<u64>(at) | from);
  store<u64>(at, load<u64>(at, 8) | to, 8);
  count++;
}

/** The containers that something in `containers` is in or may come to. */
export function spread(containers: u64): u64 {
  let all = containers;
  let before: u64 = 0;
  while (before != all) {
    before = all;
    for (let i: u32 = 0; i < count; i++)
      if (load<u64>(flows + i * 16) & all) all |= load<u64>(flows + i * 16, 8);
  }
  return all;
}
