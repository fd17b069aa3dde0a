// Building the executor: what happens without a compiler, with a broken one, and with a cache.

import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ExecutorUnavailable, buildExecutor, compilerOf } from "../../src/kernel/host.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "splicelab-host-"));
  vi.stubEnv("XDG_CACHE_HOME", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("without a compiler the message names the remedy", async () => {
  vi.stubEnv("CC", join(folder, "no-such-compiler"));
  expect(await compilerOf()).toBeUndefined();
  await expect(buildExecutor()).rejects.toThrow(ExecutorUnavailable);
  await expect(buildExecutor()).rejects.toThrow("apt-get install gcc libc6-dev");
});

test("a compiler that fails leaves nothing behind, and its error is told", async () => {
  const command = join(folder, "cc");
  writeFileSync(
    command,
    '#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "fatal error: stdio.h" >&2\nexit 1\n',
  );
  chmodSync(command, 0o700);
  vi.stubEnv("CC", command);
  await expect(buildExecutor()).rejects.toThrow("fatal error: stdio.h");
  expect(readdirSync(join(folder, "splicelab"))).toEqual([]);
});

test("a second build takes the binary of the first", async ({ skip }) => {
  if ((await compilerOf()) === undefined) skip("no C compiler: apt-get install gcc libc6-dev");
  const binary = await buildExecutor();
  const { mtimeMs } = statSync(binary);
  expect(await buildExecutor()).toBe(binary);
  expect(statSync(binary).mtimeMs).toBe(mtimeMs);
});

test("a cache that others can write to is refused", async () => {
  chmodSync(folder, 0o700);
  await buildExecutor().catch(() => undefined);
  chmodSync(join(folder, "splicelab"), 0o777);
  await expect(buildExecutor()).rejects.toThrow("written to by others");
});
