// What this machine is: kernel, file system, limits, and what is missing for the native back end.
//
// Interface: Host, probeHost, profileNameOf, environmentOf, fileSystemOf, fileSystemIn.
// Not covered: the file system below an overlay whose upper folder cannot be seen from here (in a
// container); it is reported as "overlay".

import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { arch, release, tmpdir } from "node:os";
import type { Environment } from "../trace/environment.js";
import type { Hello } from "./wire.js";
import { compilerOf } from "./host.js";

/** A file system under a directory. */
export interface FileSystem {
  /** "ext4", "tmpfs", "xfs", …: the one that keeps the pages. */
  readonly name: string;
  /** The directory lies on an overlay above it. */
  readonly isOverlay: boolean;
}

/** What was found. */
export interface Host {
  /** As uname -r says it. */
  readonly release: string;
  readonly machine: string;
  readonly directory: string;
  readonly fileSystem: FileSystem;
  readonly isRoot: boolean;
  /** Two sockets can be connected over 127.0.0.1. */
  readonly hasTcp: boolean;
  /** The first line of the compiler's version; undefined if there is none. */
  readonly compiler?: string;
  readonly pipeMaxSizeBytes: number;
  readonly pipeUserPagesSoft: number;
  readonly pipeUserPagesHard: number;
}

interface Mount {
  readonly point: string;
  readonly type: string;
  readonly options: string;
}

const unescape = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));

/** Reads the lines of /proc/self/mountinfo. */
export function parseMounts(mountinfo: string): Mount[] {
  return mountinfo
    .split("\n")
    .filter((line) => line.includes(" - "))
    .map((line) => {
      const [left, right] = line.split(" - ") as [string, string];
      const [type, , options] = right.split(" ");
      return {
        point: unescape(left.split(" ")[4] ?? ""),
        type: type ?? "",
        options: unescape(options ?? ""),
      };
    });
}

/** The mount that a path lies on: the longest mount point above it, the last one mounted there. */
function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  const above = mounts.filter(({ point }) =>
    `${path}/`.startsWith(point === "/" ? "/" : `${point}/`),
  );
  return above.reduce<Mount | undefined>(
    (best, mount) => (best === undefined || mount.point.length >= best.point.length ? mount : best),
    undefined,
  );
}

/** The file system that keeps the pages of files made at `path`; overlays are followed to their
 *  upper folder where it can be seen. */
export function fileSystemIn(mounts: readonly Mount[], path: string): FileSystem {
  const mount = mountOf(mounts, path);
  if (mount?.type !== "overlay") return { name: mount?.type ?? "unknown", isOverlay: false };
  const upper = /(?:^|,)upperdir=([^,]*)/.exec(mount.options)?.[1];
  const below = upper === undefined || !existsSync(upper) ? undefined : mountOf(mounts, upper);
  const name = below === undefined || below.type === "overlay" ? "overlay" : below.type;
  return { name, isOverlay: true };
}

/** The file system under a directory of this machine. */
export const fileSystemOf = (directory: string): FileSystem =>
  fileSystemIn(parseMounts(readFileSync("/proc/self/mountinfo", "utf8")), realpathSync(directory));

/** A number from /proc/sys, or what a fresh Linux has where it cannot be read. */
function sysctl(name: string, otherwise: number): number {
  try {
    return Number(readFileSync(`/proc/sys/fs/${name}`, "utf8"));
  } catch {
    return otherwise;
  }
}

/** Connects two sockets over 127.0.0.1. */
async function probeTcp(): Promise<boolean> {
  const server = createServer();
  const heard = new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(0, "127.0.0.1", () => {
      const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
      client.once("error", () => resolve(false));
      client.once("connect", () => resolve(true));
      server.once("connection", (socket) => socket.destroy());
      void heard.then(() => client.destroy());
    });
  });
  const found = await heard;
  server.close();
  return found;
}

/** Looks at this machine. Needs Linux. */
export async function probeHost(directory: string = tmpdir()): Promise<Host> {
  const compiler = await compilerOf();
  return {
    release: release(),
    machine: arch() === "x64" ? "x86_64" : arch(),
    directory,
    fileSystem: fileSystemOf(directory),
    isRoot: process.getuid?.() === 0,
    hasTcp: await probeTcp(),
    ...(compiler === undefined ? {} : { compiler: compiler.version }),
    pipeMaxSizeBytes: sysctl("pipe-max-size", 1048576),
    pipeUserPagesSoft: sysctl("pipe-user-pages-soft", 16384),
    pipeUserPagesHard: sysctl("pipe-user-pages-hard", 0),
  };
}

/** The profile that would describe a host: "6.18/ext4". There may be none of that name. */
export function profileNameOf(host: Pick<Host, "release" | "fileSystem">): string {
  const version = /^\d+\.\d+/.exec(host.release)?.[0] ?? host.release;
  return `${version}/${host.fileSystem.name}`;
}

const CAP_SYS_ADMIN = 21n;
const CAP_SYS_RESOURCE = 24n;

/** What a run on this host depends on. `hello` comes from a running Executor, whose calls are made
 *  by another user than this process where root was dropped. */
export function environmentOf(
  host: Pick<Host, "pipeMaxSizeBytes" | "pipeUserPagesSoft" | "pipeUserPagesHard">,
  hello: Pick<Hello, "capabilities" | "pageSizeBytes">,
): Environment {
  const mask = (1n << CAP_SYS_ADMIN) | (1n << CAP_SYS_RESOURCE);
  return {
    capSysResource: (hello.capabilities & mask) !== 0n,
    pipeMaxSizeBytes: host.pipeMaxSizeBytes,
    pipeUserPagesSoft: host.pipeUserPagesSoft,
    pipeUserPagesHard: host.pipeUserPagesHard,
    pageSizeBytes: hello.pageSizeBytes,
  };
}
