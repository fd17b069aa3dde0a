// The calibration machine: page cache, pipes and sockets as tools/bench/spin/machine.pml defines them, of which
// SPIN knows the exact numbers of states and steps. It shows that the search is right, and how fast it is.
//
// Interface: configure, then the functions that assembly/explore/machine.ts asks for; consumerLog, readLog.
// Not modelled: what parameters.ts bounds.

import { startPacking } from "./pack";
import { pageBits, pages, fileReaders, tagBits } from "./parameters";
import { READ_LOG, configure as layOut, sinkLog, sinkOf, state, stateBytes, word } from "./state";

export { act, verdict } from "./act";
export { ample } from "./ample";
export { canonical } from "./canonical";
export { actions, isFinal } from "./enabled";
export { pack, packedMax, unpack } from "./pack";
export { parametersAt } from "./parameters";

/** Properties that verdict() speaks of. */
export const PROPERTIES: u32 = 3;

/** Takes the parameters from parametersAt and makes the first state; false where they are beyond the bounds. */
export function configure(): bool {
  if (!layOut()) return false;
  startPacking();
  return true;
}

export function stateAt(): usize {
  return state;
}
export function stateSize(): u32 {
  return stateBytes;
}

/** Bits of one cell in a log. */
export function logTagBits(): u32 {
  return <u32>tagBits;
}
/** What the consumer of a lane received: a tag per cell and page, logTagBits each. */
export function consumerLog(lane: u32): u64 {
  return (sinkOf(lane) >> sinkLog) & mask(pages);
}
/** What the file readers read, one after the other. */
export function readLog(): u64 {
  return word(READ_LOG) & mask(pages * fileReaders);
}
function mask(count: u32): u64 {
  const bits = count * pageBits;
  return bits < 64 ? ((<u64>1) << bits) - 1 : ~(<u64>0);
}
