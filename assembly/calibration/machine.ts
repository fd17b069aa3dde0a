// The calibration machine: the machine of tools/bench/spin/, of which SPIN knows the exact counts.
//
// This first commit has its interface alone, so that the search compiles for both machines.

export function actions(): u64 {
  return 0;
}
export function act(_action: u32): void {}
export function isFinal(actions: u64): bool {
  return actions == 0;
}
export function ample(actions: u64): u64 {
  return actions;
}
export function canonical(_symmetries: u32): void {}
export function stateAt(): usize {
  return 0;
}
export function stateSize(): u32 {
  return 0;
}
export function packedMax(): u32 {
  return 0;
}
export function pack(_to: usize): u32 {
  return 0;
}
export function unpack(_from: usize): void {}
export function verdict(): u32 {
  return 0;
}
