// The two places where a program can run, behind one door for `exec`, `kernel` and the table.
//
// Interface: openKernel, requireDirectory, KernelHere, whyNotHere, noteOf.

import { statSync } from "node:fs";
import { tmpdir } from "node:os";
import { Executor } from "../kernel/executor.js";
import { environmentOf, probeHost, profileNameOf } from "../kernel/features.js";
import type { Host } from "../kernel/features.js";
import { ExecutorUnavailable } from "../kernel/host.js";
import { buildWhitebox, whyNoWhitebox } from "../kernel/whitebox.js";
import type { Program } from "../language/program.js";
import { UnknownName } from "../model/options.js";
import { nearestProfile, parseProfile } from "../model/profiles.js";
import type { Profile } from "../model/profiles.js";
import type { Environment } from "../trace/environment.js";
import { CannotRun } from "./exit.js";

/** A running executor and what it stands on. */
export interface KernelHere {
  readonly executor: Executor;
  readonly host: Host;
  readonly environment: Environment;
  /** What was found: "6.18/ext4". */
  readonly found: string;
  /** The profile to compare with; `exact` if it is the one that was found. */
  readonly profile: Profile;
  readonly exact: boolean;
  /** A difference is a divergence: the profile is exact, or was asked for. Otherwise it only says that
   *  this kernel is another one. */
  readonly binding: boolean;
  /** Programs are run with snapshots. */
  readonly whitebox: boolean;
  /** Why not, although it was asked for. */
  readonly whyNoWhitebox?: string;
}

/** Starts the executor in a directory, with a white box if asked for and possible. Throws CannotRun where nothing can
 *  run on this kernel. */
export async function openKernel(
  directory: string = tmpdir(),
  profile?: string,
  whitebox = false,
): Promise<KernelHere> {
  requireDirectory(directory);
  const asked = profile === undefined ? undefined : askedProfile(profile);
  try {
    const { executor, ...sight } = await startExecutor(directory, whitebox);
    const host = await probeHost(directory);
    const found = profileNameOf(host);
    const near = nearestProfile(found);
    return {
      executor,
      host,
      environment: environmentOf(host, executor.hello),
      found,
      profile: asked ?? near.profile,
      exact: profile === undefined && near.exact,
      binding: profile !== undefined || near.exact,
      ...sight,
    };
  } catch (error) {
    if (!(error instanceof ExecutorUnavailable)) throw error;
    throw new CannotRun(error.message, "splicelab doctor lists what this machine can do");
  }
}

type Sight = Pick<KernelHere, "executor" | "whitebox" | "whyNoWhitebox">;

/** The executor; without the white box where that cannot be had. Throws ExecutorUnavailable. */
async function startExecutor(directory: string, whitebox: boolean): Promise<Sight> {
  const without = async (): Promise<Sight> => {
    return { executor: await Executor.start({ directory }), whitebox: false };
  };
  if (!whitebox) return without();
  const missing = await whyNoWhitebox();
  if (missing !== undefined) return { ...(await without()), whyNoWhitebox: missing.why };
  try {
    const executor = await Executor.start({ directory, whitebox: await buildWhitebox() });
    return { executor, whitebox: true };
  } catch (error) {
    if (!(error instanceof ExecutorUnavailable)) throw error;
    return { ...(await without()), whyNoWhitebox: error.message };
  }
}

function askedProfile(name: string): Profile {
  try {
    return parseProfile(name);
  } catch (error) {
    if (!(error instanceof UnknownName)) throw error;
    throw new CannotRun(error.message, "splicelab list profiles shows them");
  }
}

/** Throws CannotRun where a directory, named by --dir or by TMPDIR, is none. */
export function requireDirectory(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const remedy =
    directory === tmpdir() ? "set TMPDIR to one that exists" : "give --dir one that exists";
  throw new CannotRun(`${directory} is not a directory`, remedy);
}

/** Why a program cannot run on this machine's kernel; undefined if it can. */
export function whyNotHere({ sockets, wires }: Program, { hasTcp }: Host): string | undefined {
  if (wires.length > 0) return "a wire runs on the model only";
  const needsTcp = sockets.some(({ kind }) => kind === "tcp");
  return needsTcp && !hasTcp ? `${NO_TCP} here` : undefined;
}
const NO_TCP = "no TCP over 127.0.0.1";

/** One line about a kernel: what was found, what it is compared with, and what it lacks. */
export function noteOf(kernel: KernelHere): string {
  return kernel.host.hasTcp ? comparedWith(kernel) : `${comparedWith(kernel)}; ${NO_TCP}`;
}
function comparedWith(kernel: KernelHere): string {
  const { host, found, profile, exact, binding } = kernel;
  const overlay = host.fileSystem.isOverlay ? ", below an overlay" : "";
  const kept = `Linux ${host.release}, ${host.fileSystem.name}${overlay}`;
  if (exact) return `${kept}: profile ${found}`;
  return binding
    ? `${kept}: compared with ${profile.name}, as asked`
    : `${kept}: no profile ${found}, compared with ${profile.name}`;
}
