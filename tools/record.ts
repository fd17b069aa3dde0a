// `npm run record`, as root on a Linux with the white box: the mail's program on each file system, for the page to show
// where nobody has a kernel at hand.
//
// Interface: run directly; writes RECORDED. The commit keeps what was seen; a test holds it to the schema and the model.

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";
import { kernelRunSchema } from "../src/report/kernel-run.js";
import type { KernelRun } from "../src/report/kernel-run.js";
import { inRoot } from "./paths.js";

const RECORDED = "src/viz/kernel/recorded/mail.json";
const ARGS = ["kernel", "litmus/mail.litmus", "--whitebox", "--fs", "all", "--json"];
/** The command's exit code: the mail's condition does not hold, and that is what is recorded. */
const VIOLATED = 1;

function printed(): string {
  try {
    return execFileSync(process.execPath, ["dist/cli.js", ...ARGS], {
      cwd: inRoot("."),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
  } catch (error) {
    const { status, stdout } = error as { status?: number; stdout?: string };
    if (status === VIOLATED && stdout !== undefined) return stdout;
    throw error;
  }
}

/** A run without the words that tell one machine's build of a kernel from another's. */
const released = (run: KernelRun): KernelRun => ({
  ...run,
  kernel: { ...run.kernel, release: /^[\d.]+/.exec(run.kernel.release)?.[0] ?? run.kernel.release },
});

const lines = printed()
  .split("\n")
  .filter((line) => line.includes('"kind":"kernel-run"'));
const runs = lines.map((line) => released(v.parse(kernelRunSchema, JSON.parse(line))));
const incomplete = runs.filter(({ whitebox }) => !whitebox);
if (runs.length === 0 || incomplete.length > 0) throw new Error("the white box was not there");
mkdirSync(dirname(inRoot(RECORDED)), { recursive: true });
writeFileSync(inRoot(RECORDED), `[\n${runs.map((run) => JSON.stringify(run)).join(",\n")}\n]\n`);
console.log(`${RECORDED}: ${runs.map(({ found }) => found).join(", ")}`);
