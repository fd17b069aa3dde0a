// Runs a program of node_modules/.bin, or any other, and keeps what it printed.
//
// Interface: runTool (throws on failure), tryTool (never throws).

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { ROOT, inRoot } from "./paths.js";

/** How a program ended. */
export interface ToolResult {
  readonly code: number;
  /** Standard output and standard error, interleaved. */
  readonly output: string;
}

/** Runs a program in the root folder and waits. A program that is missing gives code 127. */
export function tryTool(name: string, args: readonly string[]): Promise<ToolResult> {
  const local = inRoot("node_modules/.bin", name);
  return new Promise((done) => {
    let output = "";
    const child = spawn(existsSync(local) ? local : name, args, { cwd: ROOT });
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", (error) => {
      done({ code: 127, output: error.message });
    });
    child.on("close", (code) => {
      done({ code: code ?? 1, output });
    });
  });
}

/** As tryTool; a failure throws an Error with the output. */
export async function runTool(name: string, args: readonly string[]): Promise<string> {
  const { code, output } = await tryTool(name, args);
  if (code !== 0) throw new Error(`${name} ${args.join(" ")} failed (exit ${code})\n${output}`);
  return output;
}
