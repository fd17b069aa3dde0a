export function ample(enabled: u64): u64 {
  return enabled;
}
