// A real process: what a signal does to a search. The scenario's warning at standard error says that it has begun.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

/** Some 20 s of search; a writer's byte is another's. */
const LONG = readFileSync("litmus/spin/B-2-2-3.litmus", "utf8").replaceAll("0x03", "0x02");
const COMMAND = ["--import", "tsx", "src/cli/main.ts", "explore", "-", "--policy", "cow"];

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends a search, which tells what it knows and writes its checkpoint",
  async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), "splicelab-signal-"));
    try {
      const file = join(folder, "part");
      const child = spawn(process.execPath, [...COMMAND, "--summary", "--checkpoint", file]);
      const out = text(child.stdout);
      child.stdin.end(LONG);
      await new Promise((told) => child.stderr.once("data", told));
      const err = text(child.stderr);
      const code = new Promise((ended) => child.once("exit", ended));
      child.kill(signal);
      expect(await code).toBe(130);
      expect(await out).toMatch(/^Verdict bounded: by Ctrl-C or SIGTERM/m);
      expect(await err).toContain(`checkpoint written to ${file}; go on with --resume ${file}`);
      expect(readFileSync(file).length).toBeGreaterThan(1000);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

test("the death of npm's shell ends a search, too", async () => {
  const shell = `exec 3<&0; "$NODE" ${COMMAND.join(" ")} --summary <&3 & wait`;
  const env = { ...process.env, NODE: process.execPath, npm_command: "exec" };
  const child = spawn("sh", ["-c", shell], { env });
  const out = text(child.stdout);
  child.stdin.end(LONG);
  await new Promise((told) => child.stderr.once("data", told));
  child.kill("SIGTERM");
  expect(await out).toMatch(/^Verdict bounded: by Ctrl-C or SIGTERM/m);
});
