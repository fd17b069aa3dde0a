// This program once more, in a mount namespace of its own: where `--fs` makes and mounts its file systems.
//
// Interface: runInOwnMounts (outside), obeyOutside (inside).
// The one outside passes an interruption on and waits for the other: a terminal tells both, `kill` the one outside only. If it
// is killed, the other sees its channel close and ends, and the namespace goes with it.

import { spawn } from "node:child_process";
import { forgetMounts, makeMounts, MOUNTS, namespaceOfMounts, OUTSIDE } from "../kernel/mounts.js";
import { CannotRun, EXIT } from "./exit.js";
import type { ExitCode } from "./exit.js";

/** What the one outside says when it is interrupted. */
const INTERRUPT = "interrupt";

/** Runs this program with the same arguments until it ends or is interrupted; returns how it ended. Throws CannotRun where
 *  that needs what is missing. */
export async function runInOwnMounts(interruption: AbortSignal): Promise<ExitCode> {
  if (process.getuid?.() !== 0)
    throw new CannotRun("--fs mounts file systems, for which it has to be root", "use --dir");
  const command = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const mounts = makeMounts();
  const child = spawn("unshare", ["--mount", "--propagation", "private", "--", ...command], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, [OUTSIDE]: namespaceOfMounts(), [MOUNTS]: mounts },
  });
  const passOn = (): void => {
    if (child.connected) child.send(INTERRUPT);
  };
  interruption.addEventListener("abort", passOn);
  return new Promise((resolve, reject) => {
    child.on("error", () => {
      forgetMounts(mounts);
      reject(new CannotRun("unshare was not found", "apt-get install util-linux"));
    });
    child.on("exit", (code) => {
      forgetMounts(mounts);
      resolve((code ?? EXIT.interrupted) as ExitCode);
    });
  });
}

/** Has this process be interrupted when the one outside is, and end when it is gone. */
export function obeyOutside(interruption: AbortController): void {
  process.on("message", (message) => {
    if (message === INTERRUPT) interruption.abort();
  });
  // It may be gone before anybody listens.
  if (!process.connected) process.exit(EXIT.interrupted);
  process.on("disconnect", () => process.exit(EXIT.interrupted));
  process.channel?.unref();
}
