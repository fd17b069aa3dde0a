// This program once more, in a mount namespace of its own: where `--fs` makes and mounts its file systems.
//
// Interface: runInOwnMounts (outside), dieWithParent (inside).
// Ctrl-C reaches both, as they are one process group; the one outside waits for the other. If the one outside is killed, the
// other sees its channel close and ends, and the namespace goes with it.

import { spawn } from "node:child_process";
import { forgetMounts, makeMounts, MOUNTS, namespaceOfMounts, OUTSIDE } from "../kernel/mounts.js";
import { CannotRun, EXIT } from "./exit.js";
import type { ExitCode } from "./exit.js";

/** Runs this program with the same arguments; returns how it ended. Throws CannotRun where that needs what is missing. */
export async function runInOwnMounts(): Promise<ExitCode> {
  if (process.getuid?.() !== 0)
    throw new CannotRun("--fs mounts file systems, for which it has to be root", "use --dir");
  const command = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const mounts = makeMounts();
  const child = spawn("unshare", ["--mount", "--propagation", "private", "--", ...command], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, [OUTSIDE]: namespaceOfMounts(), [MOUNTS]: mounts },
  });
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

/** Ends this process when the one outside is gone. */
export function dieWithParent(): void {
  process.on("disconnect", () => process.exit(EXIT.interrupted));
  process.channel?.unref();
}
