// The options --fs and --dir: on which file systems a command runs.
//
// Interface: onFileSystems, fileSystems (a parser of --fs), FS_HELP.

import { InvalidArgumentError } from "@commander-js/extra-typings";
import { FILE_SYSTEMS, isOwnNamespace, mountFileSystems, MountFailed } from "../kernel/mounts.js";
import type { FileSystemName } from "../kernel/mounts.js";
import type { Edge } from "./edge.js";
import { CannotRun, EXIT, worst } from "./exit.js";
import type { ExitCode } from "./exit.js";

export const FS_HELP = `file systems that are made and mounted for the run, as root: some of ${FILE_SYSTEMS.join(", ")}, or all`;

/** What the options say. */
export interface FileSystemOptions {
  readonly fs?: readonly FileSystemName[] | undefined;
  readonly dir?: string | undefined;
}

/** Does the work in the folder of --dir, or in one after the other of those that --fs makes. Where it is interrupted the command
 *  that goes on is told: that of `again`, for all file systems whose work ended with EXIT.interrupted or was not begun. Work that
 *  ends otherwise has told its own. Throws CannotRun. */
export async function onFileSystems(
  edge: Edge,
  { fs, dir }: FileSystemOptions,
  work: (directory: string | undefined, name?: FileSystemName) => Promise<ExitCode>,
  again: (names: string) => string,
): Promise<ExitCode> {
  if (fs === undefined) return work(dir);
  if (dir !== undefined) throw new CannotRun("--fs makes its own folders", "leave --dir out");
  if (!isOwnNamespace()) return edge.inOwnMounts();
  const codes: ExitCode[] = [];
  const cut: FileSystemName[] = [];
  const idle: FileSystemName[] = [];
  for (const [name, directory] of mounted(fs)) {
    if (edge.signal.aborted) {
      idle.push(name);
      continue;
    }
    const code = await work(directory, name);
    codes.push(code);
    if (code === EXIT.interrupted) cut.push(name);
  }
  const left = [...cut, ...idle];
  if (left.length > 0) {
    const told = [...cut.map((name) => `not finished: ${name}`), ...notBegun(idle)];
    edge.err(`${told.join("; ")}; to go on: ${again(left.join(","))}`);
  }
  return worst(codes);
}

const notBegun = (names: readonly FileSystemName[]): string[] =>
  names.length === 0 ? [] : [`not begun: ${names.join(", ")}`];

/** The folders of file systems made for this run. Throws CannotRun. */
function mounted(names: readonly FileSystemName[]): ReadonlyMap<FileSystemName, string> {
  try {
    return mountFileSystems(names);
  } catch (error) {
    if (!(error instanceof MountFailed)) throw error;
    throw new CannotRun(error.message, error.remedy);
  }
}

/** Reads the value of --fs. */
export function fileSystems(text: string): FileSystemName[] {
  const names = text === "all" ? FILE_SYSTEMS : text.split(",").map((name) => name.trim());
  const isKnown = (name: string): name is FileSystemName =>
    FILE_SYSTEMS.some((known) => known === name);
  if (!names.every(isKnown))
    throw new InvalidArgumentError(`Name some of ${FILE_SYSTEMS.join(", ")}, or all.`);
  return [...new Set(names)];
}
