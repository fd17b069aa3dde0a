// What a generated program may contain.
//
// Interface: ProgramConstraints, Limits, limitsOf.

/** Bounds on generated programs; everything may be left out. */
export interface ProgramConstraints {
  /** Threads, 1 to 8; 2 by default. */
  readonly threadsMax?: number;
  /** Calls of all threads together; 8 by default. */
  readonly callsMax?: number;
  /** Every offset, length and size is a multiple of it, in bytes: a power of two up to 4096. "mixed"
   *  (the default) draws 4096, 1024, 512 or, rarely, 1 for each program. */
  readonly grid?: number | "mixed";
  /** No file grows beyond it: a multiple of 8192; 16384 by default. */
  readonly fileBytesMax?: number;
  /** Whether files may have holes; true by default. */
  readonly holes?: boolean;
  /** Whether stream sockets may be declared and called; false by default. */
  readonly sockets?: boolean;
  /** Whether they may be TCP; true by default. */
  readonly tcp?: boolean;
  /** Whether wires may be, which run on the model only; false by default. */
  readonly wires?: boolean;
  /** Whether initial content may be written in folios larger than a page; true by default. */
  readonly folioOrders?: boolean;
  /** Whether files are mapped, and holes punched into them; true by default. */
  readonly memory?: boolean;
  /** Whether the calls of move-calls.ts are made, which the reference model does not know; as `memory` by default. */
  readonly moves?: boolean;
  /** Whether files lose their names and come to be on the disk; false by default. */
  readonly storage?: boolean;
  /** Whether the page cache of the machine is dropped; false by default. */
  readonly caches?: boolean;
  /** Whether /dev/null and /dev/zero are opened; false by default. */
  readonly devices?: boolean;
  /** Whether FIFOs are made and opened; false by default. */
  readonly fifos?: boolean;
  /** Whether files are opened with O_DIRECT; false by default. */
  readonly direct?: boolean;
  /** Whether memory is given in segments, and may fault; false by default. */
  readonly vectors?: boolean;
  /** Whether memfds are made and sealed; false by default. */
  readonly memfds?: boolean;
  /** Whether io_uring makes splices and tees; false by default. */
  readonly uring?: boolean;
}

/** The constraints with nothing left out. */
export type Limits = Required<ProgramConstraints>;

/** Fills in the defaults. Throws a RangeError where a bound makes no sense. */
export function limitsOf(constraints: ProgramConstraints = {}): Limits {
  const limits: Limits = {
    threadsMax: 2,
    callsMax: 8,
    grid: "mixed",
    fileBytesMax: 16384,
    holes: true,
    sockets: false,
    tcp: true,
    wires: false,
    folioOrders: true,
    memory: true,
    moves: constraints.memory ?? true,
    storage: false,
    caches: false,
    devices: false,
    fifos: false,
    direct: false,
    vectors: false,
    memfds: false,
    uring: false,
    ...constraints,
  };
  const { threadsMax, callsMax, grid, fileBytesMax } = limits;
  if (!(threadsMax >= 1 && threadsMax <= 8)) throw new RangeError("threadsMax must be 1 to 8");
  if (!(callsMax >= 1)) throw new RangeError("callsMax must be at least 1");
  if (grid !== "mixed" && !(grid >= 1 && grid <= 4096 && 4096 % grid === 0))
    throw new RangeError("grid must be a power of two up to 4096");
  if (!(fileBytesMax >= 8192 && fileBytesMax % 8192 === 0))
    throw new RangeError("fileBytesMax must be a multiple of 8192");
  return limits;
}
