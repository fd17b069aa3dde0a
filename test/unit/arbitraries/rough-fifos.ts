// FIFOs of the rough run: who waits for whom, and what is left when nobody has one open.
//
// Interface: RoughFifos.

import { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } from "../../../assembly/abi/fcntl.js";
import { BLOCK, ERROR } from "./rough-parts.js";
import type { Description, Pipe } from "./rough-parts.js";

const fresh = (): Pipe => ({ slots: [], max: 16, readers: 0, writers: 0 });

/** FIFOs by the number of their name; they keep it. */
export class RoughFifos {
  readonly #pipes = new Map<number, Pipe>();

  make(name: number): number {
    if (name < 0 || this.#pipes.has(name)) return ERROR;
    this.#pipes.set(name, fresh());
    return 0;
  }

  /** A new description, what an open comes to that gets none, or undefined where the name is no FIFO's. */
  open(name: number, flags: number): Description | typeof BLOCK | number | undefined {
    let pipe = this.#pipes.get(name);
    if (pipe === undefined) return undefined;
    if (pipe.readers + pipe.writers === 0) this.#pipes.set(name, (pipe = fresh()));
    const mode = flags & (O_WRONLY | O_RDWR);
    const soft = (flags & O_NONBLOCK) !== 0;
    if (mode === O_WRONLY && pipe.readers === 0) {
      if (soft) return ERROR;
      pipe.writers = 1;
      return BLOCK;
    }
    if (mode === O_RDONLY && pipe.writers === 0 && !soft) {
      pipe.readers = 1;
      return BLOCK;
    }
    if (mode !== O_WRONLY) pipe.readers++;
    if (mode !== O_RDONLY) pipe.writers++;
    const end = mode === O_RDONLY ? "r" : mode === O_WRONLY ? "w" : undefined;
    return { pipe, ...(end === undefined ? {} : { end }), flags, pos: 0, refs: 1 };
  }
}
