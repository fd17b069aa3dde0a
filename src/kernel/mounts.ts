// File systems made for a run: images on loop devices and a tmpfs, in a mount namespace of this process alone.
//
// Interface: FILE_SYSTEMS, FileSystemName, isOwnNamespace, OUTSIDE, MOUNTS, mountFileSystems; makeMounts, forgetMounts;
// MountFailed.
// Nothing has to be undone: the kernel unmounts and detaches everything when the last process of the namespace ends,
// however it ends, and nobody outside ever sees a mount. The images have no name once they are mounted.
// Not covered: mount options, other block sizes, huge tmpfs; a run in another PID namespace that shares the temporary folder.

import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How each file system is made: the command and the Debian package that has it; none for tmpfs. */
const MAKERS = {
  ext4: { command: ["mkfs.ext4", "-q"], package: "e2fsprogs" },
  xfs: { command: ["mkfs.xfs", "-q"], package: "xfsprogs" },
  btrfs: { command: ["mkfs.btrfs", "-q"], package: "btrfs-progs" },
  tmpfs: undefined,
} as const;

export type FileSystemName = keyof typeof MAKERS;
export const FILE_SYSTEMS = Object.keys(MAKERS) as FileSystemName[];

/** Bytes of an image, sparse: more than the smallest xfs. */
const IMAGE_BYTES = 512 * 2 ** 20;

/** The variables that name the mount namespace from which this process was started, and the folder where everything is
 *  mounted: a new one for each run, which stays an empty folder outside. */
export const OUTSIDE = "SPLICELAB_OUTSIDE";
export const MOUNTS = "SPLICELAB_MOUNTS";

/** Something that a file system needs is missing or fails. */
export class MountFailed extends Error {
  override readonly name = "MountFailed";

  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

/** The mount namespace of this process: "mnt:[4026531841]". */
export const namespaceOfMounts = (): string => readlinkSync("/proc/self/ns/mnt");

/** Whether this process was started in a namespace of its own. */
export function isOwnNamespace(): boolean {
  const outside = process.env[OUTSIDE];
  return outside !== undefined && outside !== namespaceOfMounts();
}

/** Makes and mounts file systems; returns the folder of each. Call once, in a namespace of one's own. Throws MountFailed. */
export function mountFileSystems(names: readonly FileSystemName[]): Map<FileSystemName, string> {
  if (!isOwnNamespace())
    throw new Error("file systems are mounted in a namespace of one's own only");
  const base = process.env[MOUNTS]!;
  const images = join(base, "images");
  mountTmpfs(base);
  mkdirSync(images);
  mountTmpfs(images);
  const folders = names.map((name) => [name, mountOne(base, images, name)] as const);
  // From now on the loop devices alone hold the images: what holds a mount of the folders holds no loop device.
  tool(["umount", "--lazy", images], "mount");
  return new Map(folders);
}

const mountTmpfs = (folder: string): void => {
  tool(["mount", "-t", "tmpfs", "-o", "mode=0755", "splicelab", folder], "mount");
};

const PREFIX = "splicelab-mounts-";
const OF_PROCESS = new RegExp(`^${PREFIX}(\\d+)-`);

/** Outside, before a run: its folder, which names this process. Those of processes that were killed go; one of a living run must stay,
 *  for who removes it here unmounts what is on it there. */
export function makeMounts(): string {
  for (const name of readdirSync(tmpdir())) {
    const pid = OF_PROCESS.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) removeEmpty(join(tmpdir(), name));
  }
  return mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
}
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else's, or somebody else has removed it.
  }
}

/** Outside, after it: the folder is empty here. */
export const forgetMounts = (folder: string): void => {
  rmdirSync(folder);
};

function mountOne(base: string, images: string, name: FileSystemName): string {
  const folder = join(base, name);
  mkdirSync(folder);
  const maker = MAKERS[name];
  if (maker === undefined) {
    tool(["mount", "-t", "tmpfs", "-o", "huge=never,mode=1777", "splicelab", folder], "mount");
    return folder;
  }
  const image = join(images, name);
  writeFileSync(image, "");
  truncateSync(image, IMAGE_BYTES);
  tool([...maker.command, image], maker.package);
  // The loop device goes with its mount.
  tool(["mount", "-t", name, "-o", "loop", image, folder], "mount");
  unlinkSync(image);
  return folder;
}

function tool([command, ...args]: string[], debianPackage: string): void {
  try {
    execFileSync(command!, args, { stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: Buffer };
    if (code === "ENOENT")
      throw new MountFailed(`${command} was not found`, `apt-get install ${debianPackage}`);
    const said = stderr?.toString().trim().split("\n").at(-1) ?? "";
    throw new MountFailed(
      `${[command, ...args].join(" ")} failed: ${said}`,
      "this needs root, loop devices and a kernel with the file system; --dir takes a folder that is there",
    );
  }
}
