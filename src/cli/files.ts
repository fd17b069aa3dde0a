// Files that a person named: reading them, and in words why that fails.
//
// Interface: readText, checkWritable, whyOf.

import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { tokenOf, whyNoToken } from "../trace/token-found.js";
import { CannotRun } from "./exit.js";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder",
  EACCES: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the file system is full",
};

/** Why the system refused something, in words. */
export function whyOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ""] ?? code ?? "unknown error";
}

/** The text of a file with a scenario or an earlier output. Throws CannotRun. */
export async function readText(file: string): Promise<string> {
  if (tokenOf(file) !== undefined)
    throw new CannotRun(
      "a token is one run of a scenario, and a scenario is asked for",
      "splicelab run sl1:… shows the run; name a file, or - for standard input",
    );
  refuseForeign(file);
  return readFile(file, "utf8").catch((error: unknown) => {
    const isFolder = (error as NodeJS.ErrnoException).code === "EISDIR";
    throw new CannotRun(
      `${file} cannot be read: ${whyOf(error)}`,
      isFolder
        ? "name a file in it; splicelab test FOLDER runs all of them"
        : "name a file, or - for standard input",
    );
  });
}

/** Throws CannotRun for a token of another version, and for an address without one. */
function refuseForeign(file: string): void {
  const fragment = /^https?:\/\//.test(file) ? (file.split("#", 2)[1] ?? "") : file;
  if (fragment === file && !/^sl\d+[a-z]*:/.test(file)) return;
  const { what, remedy } = whyNoToken(fragment);
  throw new CannotRun(fragment === "" ? `${file} carries no run after a #` : what, remedy);
}

/** Makes sure that a file may be written, and leaves it alone. Throws CannotRun. */
export async function checkWritable(file: string): Promise<void> {
  try {
    const there = await stat(file).catch(() => undefined);
    if (there?.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    await access(there === undefined ? dirname(file) : file, constants.W_OK);
    await stat(`${dirname(file)}/`);
  } catch (error) {
    throw new CannotRun(
      `${file} cannot be written: ${whyOf(error)}`,
      "name a file in a folder that exists and that you may write to",
    );
  }
}
