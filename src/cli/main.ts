#!/usr/bin/env node
// The command `splicelab`: the edge of the program, where streams, clock, dice and signals are real.

import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { createLogUpdate } from "log-update";
import picocolors from "picocolors";
import { runCommand } from "./command.js";
import { showAddress } from "./desktop.js";
import type { Edge } from "./edge.js";
import { isOwnNamespace } from "../kernel/mounts.js";
import { EXIT } from "./exit.js";
import { readText } from "./files.js";
import { obeyOutside, runInOwnMounts } from "./own-mounts.js";
import { parentOf, startHelper } from "./peer.js";
import { serveShard } from "./shard.js";

const PROGRESS_EVERY_MS = 10_000;
const LOOK_EVERY_MS = 500;

const interruption = new AbortController();
const shown = createLogUpdate(process.stderr);
let lineDue = Date.now() + PROGRESS_EVERY_MS;

const edge: Edge = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  read: async (file) => (file === "-" ? text(process.stdin) : readText(file)),
  lines: () =>
    createInterface({ input: process.stdin, terminal: false, signal: interruption.signal }),
  prompt: (words) => void process.stdout.write(words),
  progress: (line) => {
    if (process.stderr.isTTY) {
      shown(line);
    } else if (Date.now() >= lineDue) {
      lineDue = Date.now() + PROGRESS_EVERY_MS;
      process.stderr.write(`${line}\n`);
    }
  },
  progressDone: () => {
    if (process.stderr.isTTY) shown.clear();
  },
  interactive: process.stdin.isTTY,
  colors: picocolors.createColors(picocolors.isColorSupported && process.stdout.isTTY),
  signal: interruption.signal,
  helper: startHelper,
  inOwnMounts: () => runInOwnMounts(interruption.signal),
  browse: showAddress,
  now: () => performance.now(),
  today: () => new Date(Date.now()).toISOString().slice(0, 10),
  dice: () => Math.floor(Math.random() * 2 ** 32),
};

for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    if (interruption.signal.aborted) process.exit(EXIT.interrupted);
    interruption.abort();
  });
// npm puts a shell between itself and this process. SIGTERM ends the shell and is not passed on: its end is the signal.
if (process.env["npm_command"] !== undefined) {
  const starter = process.ppid;
  const look = (): void => {
    if (process.ppid !== starter) interruption.abort();
  };
  setInterval(look, LOOK_EVERY_MS).unref();
}
// A reader such as `head` has seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.asClaimed);
  process.stderr.write(
    `splicelab: standard output cannot be written: ${error.code ?? "unknown"}\n`,
  );
  process.exit(EXIT.couldNotRun);
});
// A defect is no finding: it must not look like one to who reads the exit code alone.
process.on("uncaughtException", (error: Error) => {
  process.stderr.write(`splicelab: a defect of this program: ${error.stack ?? error.message}\n`);
  process.exit(EXIT.couldNotRun);
});

if (isOwnNamespace()) obeyOutside(interruption);
const parent = parentOf();
if (parent !== undefined) await serveShard(parent);
else process.exitCode = await runCommand(process.argv.slice(2), edge);
