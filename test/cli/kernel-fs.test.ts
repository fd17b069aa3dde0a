// `kernel --fs`: file systems made for the run, compared with their profiles, and gone however the run ends.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { FILE_SYSTEMS } from "../../src/kernel/mounts.js";
import { runCli } from "./fake-edge.js";

const MAIN = ["--import", "tsx", "src/cli/main.ts"];

/** Dropping caches slows everybody on the machine down: only where that is nobody else. */
const DROPS = process.env["CI"] === undefined ? [] : ["--drop-caches"];
if (DROPS.length === 0)
  console.warn("skipped: claims on drop_caches, which slows the machine down: set CI=1 for them");

/** Why nothing can be mounted here; undefined if it can. */
function missing(): string | undefined {
  if (process.getuid?.() !== 0) return "--fs needs root";
  if (!existsSync("/dev/loop-control")) return "there are no loop devices";
  for (const command of ["mkfs.ext4", "mkfs.xfs", "mkfs.btrfs", "mount", "unshare", "cc"])
    try {
      execFileSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" });
    } catch {
      return `${command} is missing: npm run setup`;
    }
  const known = readFileSync("/proc/filesystems", "utf8").split(/\s+/);
  const unknown = FILE_SYSTEMS.filter((name) => !known.includes(name));
  return unknown.length > 0 ? `this kernel has no ${unknown.join(", ")}` : undefined;
}

/** The loop devices in use. */
const loops = (): string[] =>
  execFileSync("losetup", ["--list", "--noheadings", "--output", "NAME"], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .sort();

describe("kernel --fs", () => {
  test(
    "compares random programs on every file system with its profile",
    { timeout: 60_000 },
    ({ skip }) => {
      const why = missing();
      if (why !== undefined) skip(why);
      const args = [...MAIN, "kernel", "--random", "300", "--seed", "1", "--fs", "all", "--json"];
      const said = execFileSync(process.execPath, args, { encoding: "utf8", stdio: "pipe" });
      const found = said
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { fileSystem: string; divergences: number });
      expect(found.map(({ fileSystem }) => fileSystem)).toEqual(FILE_SYSTEMS);
      for (const each of found) expect(each).toMatchObject({ programs: 300, divergences: 0 });
    },
  );

  test(
    "shows every scenario of the corpus as the model has it",
    { timeout: 60_000 },
    ({ skip }) => {
      const why = missing();
      if (why !== undefined) skip(why);
      const args = [...MAIN, "test", "litmus", "--on", "kernel", "--fs", "all", "--json", ...DROPS];
      const said = execFileSync(process.execPath, args, { encoding: "utf8", stdio: "pipe" });
      const cases = said
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { status: string; profile: string; lines: string[] });
      expect(new Set(cases.map(({ profile }) => profile)).size).toBe(FILE_SYSTEMS.length);
      expect(cases.filter(({ status }) => status === "failed")).toEqual([]);
      const isUnseen = (line: string): boolean => line.includes("not all that is allowed was seen");
      expect(cases.filter(({ lines }) => lines.some(isUnseen))).toEqual([]);
      const allowed = ["a wire runs on the model only"];
      if (DROPS.length === 0) allowed.push("it drops the page cache of the whole machine");
      for (const { lines } of cases.filter(({ status }) => status === "skipped"))
        expect(allowed).toContain(lines[0]?.split(":")[0]);
    },
  );

  test("leaves nothing behind when it is killed", { timeout: 60_000 }, async ({ skip }) => {
    const why = missing();
    if (why !== undefined) skip(why);
    const before = loops();
    const child = spawn(process.execPath, [
      ...[...MAIN, "kernel", "--random", "1000000", "--seed", "1", "--fs", "xfs,btrfs"],
    ]);
    while (loops().length < before.length + 2) await setTimeout(50);
    child.kill("SIGKILL");
    await once(child, "exit");
    while (loops().length > before.length) await setTimeout(50);
  });

  test(
    "tells what was compared when the one outside is interrupted",
    { timeout: 60_000 },
    async ({ skip }) => {
      const why = missing();
      if (why !== undefined) skip(why);
      const run = ["kernel", "--random", "1000000", "--seed", "1", "--fs", "tmpfs,xfs"];
      const child = spawn(process.execPath, [...MAIN, ...run]);
      const ended = once(child, "exit");
      const said = { out: "", err: "" };
      child.stdout.on("data", (part: Buffer) => (said.out += part.toString()));
      child.stderr.on("data", (part: Buffer) => (said.err += part.toString()));
      while (!said.err.includes("6.18/tmpfs")) await setTimeout(50);
      child.kill("SIGINT");
      expect(await ended).toEqual([130, null]);
      expect(said.out).toMatch(
        /interrupted after \d+ of 1000000 programs; to go on: .* --fs tmpfs$/m,
      );
      expect(said.err).toContain(
        "not begun: xfs; to go on: splicelab kernel --random 1000000 --seed 1 --from 0 --fs xfs",
      );
    },
  );

  test("says what is wrong", async () => {
    const both = await runCli(["kernel", "--random", "1", "--fs", "all", "--dir", "/tmp"]);
    expect(both.code).toBe(3);
    expect(both.err.join("\n")).toContain("--fs makes its own folders");
    const unknown = await runCli(["kernel", "--random", "1", "--fs", "ext5"]);
    expect(unknown.code).toBe(3);
    expect(unknown.err.join("\n")).toContain("Name some of ext4, xfs, btrfs, tmpfs, or all.");
  });
});
