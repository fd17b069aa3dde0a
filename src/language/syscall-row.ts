// What a row of the table of system calls is made of.
//
// Interface: ParamKind, Param, SyscallRow.

/** What an argument is.
 *  - `fd`: a declared name (`f`, `p.r`, `s.a`, `w.tx`), a register that holds a descriptor, or a number
 *  - `path`: a quoted name in the scenario's folder, or "." for the folder
 *  - `data`: content, `0x1f * 4096`, `"text"` or `hex "00ff"`
 *  - `sources`: content in segments, `[0x1f * 4096, "text"]`; `targets`: counts in segments, `[4096, 100]`
 *  - `count`: bytes wanted; `length`, `offset`: signed 64-bit numbers
 *  - `pointer`: NULL or a number: the call gets a pointer to it
 *  - `newpipe`: a fresh name for the pipe that the call makes
 *  - `address`: NULL; `mapping`: a register that holds what mmap() made
 *  - `chain`: a chain of requests
 *  - `flags`, `command`, `int`: numbers or the named constants of `set` */
export type ParamKind =
  | "fd"
  | "path"
  | "data"
  | "sources"
  | "targets"
  | "count"
  | "length"
  | "offset"
  | "pointer"
  | "newpipe"
  | "address"
  | "mapping"
  | "chain"
  | "flags"
  | "command"
  | "int";

/** One parameter of a call. */
export interface Param {
  readonly name: string;
  readonly kind: ParamKind;
  /** The named constants that may stand here, joined by `|` where they are flags. */
  readonly set?: Readonly<Record<string, number>>;
  /** May be left out; it is 0 then. */
  readonly optional?: true;
  /** A count that may be memory a part of which is not mapped. */
  readonly faults?: true;
}

/** One system call. */
export interface SyscallRow {
  /** The number that both back ends know it by; never reused. */
  readonly code: number;
  readonly params: readonly Param[];
  /** What a register in front of the call receives: the return value, the bytes read, or the
   *  number that the kernel stores through a pointer (revents, the FIONREAD count). */
  readonly yields: "ret" | "data" | "out";
  /** One line for people. */
  readonly doc: string;
  /** io_uring's name of it as a request; a call that is none has no such name here. */
  readonly request?: string;
}
