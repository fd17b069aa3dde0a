// The two places where a program can run, behind one door for `exec`, `kernel` and the table.
//
// Interface: openKernel, DROP_CACHES_HELP, requireDirectory, KernelHere, KernelHas, noteOf, whyNotHere.

import { statSync } from "node:fs";
import { tmpdir } from "node:os";
import { Executor } from "../kernel/executor.js";
import type { ExecutorOptions } from "../kernel/executor.js";
import { environmentOf, probeHost, profileNameOf } from "../kernel/features.js";
import type { Host } from "../kernel/features.js";
import { ExecutorUnavailable } from "../kernel/host.js";
import { buildWhitebox, whyNoWhitebox } from "../kernel/whitebox.js";
import { callsOf } from "../language/program.js";
import type { Program } from "../language/program.js";
import { needsLoopback } from "../language/socket-kinds.js";
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
  /** Programs may drop the page cache of the machine. */
  readonly dropCaches: boolean;
  /** There is io_uring, and the user of the calls may use it. */
  readonly hasUring: boolean;
}

/** How a kernel is to be used. */
export interface KernelUse {
  /** Its file system is the one that is used; default: the temporary folder. */
  readonly directory?: string | undefined;
  /** The profile to compare with; default: what is found. */
  readonly profile?: string | undefined;
  readonly whitebox?: boolean | undefined;
  readonly dropCaches?: boolean | undefined;
}

export const DROP_CACHES_HELP = "programs may drop the page cache of the whole machine, as root";

/** Starts the executor in a directory, with a white box if asked for and possible. Throws CannotRun where nothing can
 *  run on this kernel. */
export async function openKernel({
  directory = tmpdir(),
  profile,
  whitebox = false,
  dropCaches = false,
}: KernelUse): Promise<KernelHere> {
  requireDirectory(directory);
  if (dropCaches && process.getuid?.() !== 0)
    throw new CannotRun("--drop-caches needs root", "run it as root, or leave --drop-caches out");
  const asked = profile === undefined ? undefined : askedProfile(profile);
  try {
    const { executor, ...sight } = await startExecutor({ directory, dropCaches }, whitebox);
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
      dropCaches,
      hasUring: executor.hello.hasUring,
      ...sight,
    };
  } catch (error) {
    if (!(error instanceof ExecutorUnavailable)) throw error;
    throw new CannotRun(error.message, "splicelab doctor lists what this machine can do");
  }
}

type Sight = Pick<KernelHere, "executor" | "whitebox" | "whyNoWhitebox">;

/** The executor; without the white box where that cannot be had. Throws ExecutorUnavailable. */
async function startExecutor(options: ExecutorOptions, whitebox: boolean): Promise<Sight> {
  const without = async (): Promise<Sight> => {
    return { executor: await Executor.start(options), whitebox: false };
  };
  if (!whitebox) return without();
  const missing = await whyNoWhitebox();
  if (missing !== undefined) return { ...(await without()), whyNoWhitebox: missing.why };
  try {
    const executor = await Executor.start({ ...options, whitebox: await buildWhitebox() });
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

const NO_TCP = "no TCP or UDP over 127.0.0.1";
const NO_URING = "no io_uring";

/** One line about a kernel: what was found, what it is compared with, and what it lacks. */
export function noteOf(kernel: KernelHere): string {
  const lacks = [kernel.host.hasTcp ? [] : NO_TCP, kernel.hasUring ? [] : NO_URING].flat();
  return [comparedWith(kernel), ...lacks].join("; ");
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

/** What decides whether a program can run on a kernel. */
export interface KernelHas {
  readonly host: Pick<Host, "hasTcp">;
  readonly dropCaches: boolean;
  readonly hasUring: boolean;
}

/** Why a program cannot run on a kernel, and what to do about it; undefined if it can. */
export function whyNotHere(
  program: Program,
  { host, dropCaches, hasUring }: KernelHas,
): { readonly why: string; readonly remedy: string } | undefined {
  if (program.wires.length > 0)
    return {
      why: "a wire runs on the model only",
      remedy: "use `splicelab run`, or a socket in its place",
    };
  if (!host.hasTcp && program.sockets.some(({ kind }) => needsLoopback(kind)))
    return {
      why: `there is ${NO_TCP} here`,
      remedy: "use `splicelab run`, or see that the device `lo` is up",
    };
  if (!hasUring && program.threads.some(({ chain }) => chain !== undefined))
    return {
      why: `there is ${NO_URING} here`,
      remedy: "use `splicelab run`, or see /proc/sys/kernel/io_uring_disabled",
    };
  if (!dropCaches && callsOf(program).some(({ syscall }) => syscall === "drop_caches"))
    return {
      why: "it drops the page cache of the whole machine",
      remedy: "allow it with --drop-caches, as root",
    };
  return undefined;
}
