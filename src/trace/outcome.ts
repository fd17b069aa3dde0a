// What one run of a Program gave, on the model or on a kernel: the hinge that comparison works on.
//
// Interface: CallResult, FinalFile, FinalPipe, FinalWire, Outcome, valuesOf; packFds, readFdOf,
// writeFdOf.

import type { CallId } from "../language/program.js";

/** How far a call got. */
export type CallStatus = "not-started" | "blocked" | "returned";

/** What one call gave. */
export interface CallResult {
  readonly call: CallId;
  readonly status: CallStatus;
  /** Return value as user space sees it: -1 on error. Meaningful with status "returned". */
  readonly ret: number;
  /** errno with ret -1, else 0. */
  readonly errno: number;
  /** The number that the kernel stored through a pointer: revents, FIONREAD's count, the new file
   *  offset of a splice that did not fail; undefined where the call stores none. pipe2 stores two
   *  descriptors: `packFds(read end, write end)`. */
  readonly out?: number;
  /** The bytes read; empty for calls that read none. */
  readonly data: Uint8Array;
  /** It sleeps although what it waits for is there, and nobody is about to wake it (P10). Absent where that is not so, and
   *  on a kernel. */
  readonly lostWake?: true;
  /** SIGPIPE was sent by this call. */
  readonly sigpipe: boolean;
  /** Which pick of the schedule started the call, and after which it had returned; from 0, -1 for
   *  never. Absent where the run was not stepped call by call. */
  readonly startedAt?: number;
  readonly returnedAt?: number;
}

/** A file at the end: by its name in the folder, or by its lowest open descriptor if it has none. */
export interface FinalFile {
  /** Index into Program.names, or undefined for a file without a name. */
  readonly name?: number;
  /** Lowest open descriptor, where there is no name. */
  readonly fd?: number;
  readonly bytes: Uint8Array;
}

/** The bytes left in a pipe that still has a read end in the table and is no target of a splice from a socket that is
 *  blocked, for that may have it locked; or waiting at an open end of a socket: by
 *  the lowest descriptor that reads them. */
export interface FinalPipe {
  readonly fd: number;
  readonly bytes: Uint8Array;
}

/** What a wire's network card transmitted, or over loopback its receiver got, in order; byte by byte as it was sent first, and as it was sent
 *  last, which differs where a page was changed before a retransmission. */
export interface FinalWire {
  readonly wire: number;
  readonly first: Uint8Array;
  readonly last: Uint8Array;
}

/** One finished run. */
export interface Outcome {
  /** One result per call, indexed by CallId. */
  readonly results: readonly CallResult[];
  /** Named files in the order of their names, then the others by descriptor. */
  readonly files: readonly FinalFile[];
  readonly pipes: readonly FinalPipe[];
  /** One for each declared wire; absent on a kernel. */
  readonly wires?: readonly FinalWire[];
  /** Whether every consumer got its snapshot (P1); "either" where a torn copy decides. Undefined where nobody can tell: on
   *  a kernel. */
  readonly snapshot?: boolean | "either";
  /** Only where copies may tear: every byte of data and content is then a set of values, of which it has one. Bit n of it
   *  stands for `values[n]`; bit 0, which stands for zero, is inverted. */
  readonly values?: readonly number[];
}

/** The values that a byte of an outcome may have, ascending. */
export const valuesOf = (byte: number, values: readonly number[]): number[] =>
  values.filter((_, n) => ((byte ^ 1) >> n) & 1).sort((a, b) => a - b);

/** The two descriptors of pipe2 as one number: the read end, plus 65536 times the write end. */
export const packFds = (readFd: number, writeFd: number): number => readFd + 0x10000 * writeFd;

/** The read end in the `out` of a pipe2. */
export const readFdOf = (out: number): number => out % 0x10000;

/** The write end in the `out` of a pipe2. */
export const writeFdOf = (out: number): number => Math.floor(out / 0x10000);
