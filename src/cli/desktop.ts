// The desktop of who typed the command, if there is one.
//
// Interface: showAddress. Never fails: without a desktop nothing happens, and the address was printed.

import { spawn } from "node:child_process";

/** Asks the desktop to show an address in its browser. */
export function showAddress(address: string): void {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  const isMac = process.platform === "darwin";
  if (!isMac && !DISPLAY && !WAYLAND_DISPLAY) return;
  const opener = spawn(isMac ? "open" : "xdg-open", [address], { stdio: "ignore", detached: true });
  opener.on("error", () => undefined);
  opener.unref();
}
