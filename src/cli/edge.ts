// The world outside, as commands see it: streams, clock, dice, Ctrl-C. main.ts makes the real one,
// tests make their own.
//
// Interface: Edge, AddCommand.

import type { Command } from "@commander-js/extra-typings";
import type picocolors from "picocolors";
import type { Peer } from "./peer.js";
import type { ExitCode } from "./exit.js";

/** What a command may use of the world. */
export interface Edge {
  /** Writes a line to standard output. */
  readonly out: (line: string) => void;
  /** Writes a line to standard error: diagnostics and progress. */
  readonly err: (line: string) => void;
  /** The text of a file, or of standard input for "-". Throws CannotRun. */
  readonly read: (file: string) => Promise<string>;
  /** Lines of standard input as they come. */
  readonly lines: () => AsyncIterable<string>;
  /** Asks for a line. */
  readonly prompt: (text: string) => void;
  /** Shows `text` in place of what was shown before; a line now and then where there is no terminal. */
  readonly progress: (text: string) => void;
  /** Ends the progress display. */
  readonly progressDone: () => void;
  /** A person types at standard input. */
  readonly interactive: boolean;
  /** For standard output. */
  readonly colors: ReturnType<typeof picocolors.createColors>;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Starts a helper: serveShard in another process. */
  readonly helper: () => Peer;
  /** Runs this program once more, with the same arguments, in a mount namespace of its own; gives how it ended. Throws
   *  CannotRun. */
  readonly inOwnMounts: () => Promise<ExitCode>;
  /** Asks the desktop, if there is one, to show an address. */
  readonly browse: (address: string) => void;
  /** Milliseconds since some moment. */
  readonly now: () => number;
  /** The date: "2026-11-26". */
  readonly today: () => string;
  /** A seed nobody chose. */
  readonly dice: () => number;
}

/** Adds one command to the program. `finish` says how it ended; 0 where it is not called. */
export type AddCommand = (program: Command, edge: Edge, finish: (code: ExitCode) => void) => void;
