// An Edge for tests: what a command would print, kept in memory; a clock that stands, dice that do not roll.
//
// Interface: runCli, CliRun; fakeEdge, FakeEdge.

import picocolors from "picocolors";
import { runCommand } from "../../src/cli/command.js";
import type { Edge } from "../../src/cli/edge.js";
import { readText } from "../../src/cli/files.js";
import { CannotRun } from "../../src/cli/exit.js";
import type { Peer } from "../../src/cli/peer.js";
import { serveShard } from "../../src/cli/shard.js";

/** What a command left behind. */
export interface CliRun {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
  /** Every line of progress. */
  readonly progress: readonly string[];
}

/** An Edge, what was printed to it, and its Ctrl-C. */
export interface FakeEdge {
  readonly edge: Edge;
  readonly out: string[];
  readonly err: string[];
  readonly progress: string[];
  /** Addresses that the desktop was asked to show. */
  readonly browsed: string[];
  readonly interrupt: () => void;
}

/** Makes an Edge. `input`: standard input. */
export function fakeEdge(input = ""): FakeEdge {
  const out: string[] = [];
  const err: string[] = [];
  const progress: string[] = [];
  const browsed: string[] = [];
  const interruption = new AbortController();
  let milliseconds = 0;
  const edge: Edge = {
    out: (line) => void out.push(...line.split("\n")),
    err: (line) => void err.push(...line.split("\n")),
    prompt: () => undefined,
    read: (file) => (file === "-" ? Promise.resolve(input) : readText(file)),
    lines: async function* () {
      for (const line of input.split("\n").slice(0, -1)) yield await Promise.resolve(line);
    },
    progress: (line) => void progress.push(line),
    progressDone: () => undefined,
    interactive: false,
    colors: picocolors.createColors(false),
    signal: interruption.signal,
    helper: () => {
      const [here, there] = peers();
      void serveShard(there);
      return here;
    },
    inOwnMounts: () => Promise.reject(new CannotRun("a test mounts nothing")),
    browse: (address) => void browsed.push(address),
    now: () => (milliseconds += 1000),
    today: () => "2026-11-26",
    dice: () => 4,
  };
  return {
    edge,
    out,
    err,
    progress,
    browsed,
    interrupt: () => {
      interruption.abort();
    },
  };
}

/** Runs one command line in this process. `input`: standard input. `interrupt`: as if Ctrl-C came first. */
export async function runCli(
  args: readonly string[],
  options: { readonly input?: string; readonly interrupt?: boolean } = {},
): Promise<CliRun> {
  const { edge, out, err, progress, interrupt } = fakeEdge(options.input);
  if (options.interrupt === true) interrupt();
  const code = await runCommand(args, edge);
  return { code, out, err, progress };
}

/** Two ends of a channel within this process. */
function peers(): [Peer, Peer] {
  const queues = [new Queue(), new Queue()] as const;
  const end = (): Promise<void> => {
    for (const queue of queues) queue.put(undefined);
    return Promise.resolve();
  };
  const peer = (from: Queue, to: Queue): Peer => ({
    send: (message) => {
      to.put(JSON.parse(JSON.stringify(message)));
    },
    next: () => from.take(),
    end,
  });
  return [peer(queues[0], queues[1]), peer(queues[1], queues[0])];
}

/** Messages, first in, first out. */
class Queue {
  readonly #full: unknown[] = [];
  #wanted: ((message: unknown) => void) | undefined;

  put(message: unknown): void {
    if (this.#wanted === undefined) this.#full.push(message);
    else this.#wanted(message);
    this.#wanted = undefined;
  }

  take(): Promise<unknown> {
    if (this.#full.length > 0) return Promise.resolve(this.#full.shift());
    return new Promise((resolve) => (this.#wanted = resolve));
  }
}
