// What the probes make of a machine.

import { expect, test } from "vitest";
import {
  environmentOf,
  fileSystemIn,
  parseMounts,
  probeHost,
  profileNameOf,
} from "../../src/kernel/features.js";

const MOUNTS = parseMounts(
  [
    "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw",
    "30 22 0:26 / /dev/shm rw - tmpfs tmpfs rw",
    "31 22 0:27 / /mnt/with\\040space rw - xfs /dev/vdb rw",
    "32 22 0:28 / /merged rw - overlay overlay rw,lowerdir=/l,upperdir=/,workdir=/w",
    "33 22 0:29 / /far rw - overlay overlay rw,lowerdir=/l,upperdir=/no/such/folder,workdir=/w",
    "34 30 0:30 / /dev/shm rw - btrfs /dev/vdc rw",
  ].join("\n"),
);

test("the longest mount point counts, and the last one mounted there", () => {
  expect(fileSystemIn(MOUNTS, "/tmp").name).toBe("ext4");
  expect(fileSystemIn(MOUNTS, "/").name).toBe("ext4");
  expect(fileSystemIn(MOUNTS, "/dev/shm/a").name).toBe("btrfs");
  expect(fileSystemIn(MOUNTS, "/dev/shmem").name).toBe("ext4");
  expect(fileSystemIn(MOUNTS, "/mnt/with space/x").name).toBe("xfs");
});

test("an overlay is the file system of its upper folder, where that can be seen", () => {
  expect(fileSystemIn(MOUNTS, "/merged/x")).toEqual({ name: "ext4", isOverlay: true });
  expect(fileSystemIn(MOUNTS, "/far/x")).toEqual({ name: "overlay", isOverlay: true });
});

test("the name of a profile", () => {
  const fileSystem = { name: "ext4", isOverlay: false };
  expect(profileNameOf({ release: "6.18.44-x", fileSystem })).toBe("6.18/ext4");
});

test("either capability lifts the pipe limits", () => {
  const host = { pipeMaxSizeBytes: 1048576, pipeUserPagesSoft: 16384, pipeUserPagesHard: 0 };
  const of = (capabilities: bigint): boolean =>
    environmentOf(host, { capabilities, pageSizeBytes: 4096 }).capSysResource;
  expect([of(0n), of(1n << 24n), of(1n << 21n), of(1n << 20n)]).toEqual([false, true, true, false]);
});

test("this machine", async ({ skip }) => {
  if (process.platform !== "linux") skip("needs Linux");
  const host = await probeHost();
  expect(host.release).toMatch(/^\d+\.\d+/);
  expect(host.fileSystem.name).not.toBe("");
  expect(host.pipeMaxSizeBytes).toBeGreaterThanOrEqual(4096);
});
