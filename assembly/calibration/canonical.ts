export function canonical(_symmetries: u32): void {}
