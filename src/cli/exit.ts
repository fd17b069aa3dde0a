// How a command ends.
//
// Interface: EXIT, ExitCode, CannotRun, Placed, worst.

/** Exit codes; the same for every command. */
export const EXIT = {
  /** As claimed. */
  asClaimed: 0,
  /** A claim was violated, a divergence or a forbidden outcome was seen. */
  violated: 1,
  /** Bounded, sampled or unmodelled: nobody can tell. */
  undecided: 2,
  /** Usage, bad input, or something missing on this machine. */
  couldNotRun: 3,
  /** Ctrl-C or SIGTERM; what was found so far was printed. */
  interrupted: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A remark about a text, and where it belongs; lines and columns from 1. */
export interface Placed {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly remedy?: string;
}

/** Nothing could be run; the message says why, the remedy what to do. Exit 3. */
export class CannotRun extends Error {
  override readonly name = "CannotRun";

  constructor(
    message: string,
    readonly remedy?: string,
    /** What is wrong with a text, where that is the reason. */
    readonly placed: readonly Placed[] = [],
  ) {
    super(message);
  }
}

/** The code of several results together: could not run, then violated, then undecided. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  const order = [EXIT.interrupted, EXIT.couldNotRun, EXIT.violated, EXIT.undecided];
  return order.find((code) => codes.includes(code)) ?? EXIT.asClaimed;
}
