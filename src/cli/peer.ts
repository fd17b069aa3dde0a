// Another process of this program, at the other end of a channel of messages.
//
// Interface: Peer, startHelper, parentOf. A helper is started with HELPER in place of a command.
// Messages are JSON. A helper outlives its parent by no more than the work it has at hand: the end of the
// channel is the end of its input.

import { fork } from "node:child_process";

/** What stands in place of a command when this program is started as a helper. */
export const HELPER = "helper-of-another-process";

/** One end of the channel. */
export interface Peer {
  readonly send: (message: unknown) => void;
  /** The next message; undefined once the other end is gone. One caller at a time. */
  readonly next: () => Promise<unknown>;
  /** Ends the channel; for a helper's parent also waits until its process has ended. */
  readonly end: () => Promise<void>;
}

/** What a child and, in a helper, `process` have in common. */
interface Port {
  readonly connected: boolean;
  readonly on: (event: string, listener: (message: unknown) => void) => unknown;
  readonly send?: (message: object, sent: () => void) => boolean;
  readonly disconnect?: () => void;
}

function peerOf(port: Port, ended: Promise<unknown>): Peer {
  const waiting: unknown[] = [];
  let wanted: ((message: unknown) => void) | undefined;
  // It may be gone before anybody listens.
  let isOver = !port.connected;
  const deliver = (message: unknown): void => {
    if (wanted === undefined) return void waiting.push(message);
    wanted(message);
    wanted = undefined;
  };
  const over = (): void => {
    isOver = true;
    wanted?.(undefined);
  };
  port.on("message", deliver);
  port.on("disconnect", over);
  port.on("error", over);
  return {
    send: (message) => {
      // What can no longer be sent has nobody who waits for it.
      if (port.connected) port.send?.(message as object, () => undefined);
    },
    next: () => {
      if (waiting.length > 0 || isOver) return Promise.resolve(waiting.shift());
      return new Promise((resolve) => (wanted = resolve));
    },
    end: async () => {
      if (port.connected) port.disconnect?.();
      await ended;
    },
  };
}

/** Starts this program once more, in a process group of its own: Ctrl-C is for the parent. */
export function startHelper(): Peer {
  const child = fork(process.argv[1]!, [HELPER], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    detached: true,
  });
  const ended = new Promise((resolve) => {
    child.on("exit", resolve);
    child.on("error", resolve);
  });
  return peerOf(child, ended);
}

/** The process that started this one as a helper; undefined where it was started otherwise. */
export function parentOf(): Peer | undefined {
  if (process.argv[2] !== HELPER || process.send === undefined) return undefined;
  return peerOf(process, Promise.resolve());
}
