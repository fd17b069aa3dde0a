// The part of WebAssembly's JavaScript interface that the model uses, for projects that have neither
// DOM nor Node types.

declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    readonly exports: unknown;
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
}
