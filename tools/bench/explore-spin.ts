// SPIN on the calibration scenarios: the model of tools/bench/spin/, compiled for one scenario, and run.
//
// Interface: spinMissing; SpinModel: build, run.

import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CalibrationScenario, ScenarioName } from "../../src/model/calibration.js";
import { CALIBRATION_POLICIES } from "../../src/model/calibration.js";
import { inRoot } from "../paths.js";

/** One run. */
export interface Ran {
  readonly states: number;
  /** Steps of the model. */
  readonly transitions: number;
  /** Of SPIN's properties, where the machine has them. */
  readonly violations?: number;
  /** Seconds of the search alone. */
  readonly wall: number;
  readonly cpu: number;
  /** The most memory that the process had, MiB. */
  readonly memory: number;
  readonly finished: boolean;
}

const FILES: Readonly<Record<ScenarioName, string>> = {
  A: "A_seed.pml",
  B: "B_samba.pml",
  C: "C_tee.pml",
  D: "D_reclaim.pml",
};
/** As the counts were made: no step merged, no variable dropped, no reduction, every violation counted. */
const SPIN_FLAGS = ["-a", "-o1", "-o2", "-o3"];
const PAN_FLAGS = ["-m100000", "-w24", "-e", "-c0", "-n"];
/** Bounds of one run. */
const MEMORY_MIB = 8192;
const SECONDS_MAX = 300;
const POLL_MS = 20;

/** Which of the programs that SPIN needs are missing, as a sentence; undefined if none is. */
export function spinMissing(): string | undefined {
  const missing = ["spin", "gcc"].filter((name) => spawnSync(name, ["--version"]).error);
  if (missing.length === 0) return undefined;
  return `SPIN is left out: ${missing.join(" and ")} missing (npm run setup installs them)`;
}

/** One scenario as a program of SPIN's. Close it when it is no longer needed. */
export class SpinModel {
  readonly #folder = mkdtempSync(join(tmpdir(), "splicelab-spin-"));
  /** Seconds that generating and compiling took. */
  readonly compileSeconds: number;

  constructor(name: ScenarioName, scenario: CalibrationScenario) {
    cpSync(inRoot("tools/bench/spin"), this.#folder, { recursive: true });
    const { policy, ...parameters } = scenario;
    const defines = Object.entries(parameters).map(([key, value]) => `-D${key}=${value}`);
    const number = CALIBRATION_POLICIES.indexOf(policy);
    const started = performance.now();
    this.#tool("spin", [...SPIN_FLAGS, `-DPOLICY=${number}`, ...defines, FILES[name]]);
    const flags = ["-w", "-O2", "-DSAFETY", "-DNOREDUCE", `-DMEMLIM=${MEMORY_MIB}`];
    this.#tool("gcc", [...flags, "-o", "pan", "pan.c"]);
    this.compileSeconds = (performance.now() - started) / 1000;
  }

  #tool(name: string, args: readonly string[]): void {
    const { status, stderr, stdout } = spawnSync(name, args, {
      cwd: this.#folder,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${name} failed\n${stdout}${stderr}`);
  }

  /** Searches once; ended after five minutes or at 8 GiB. */
  async run(): Promise<Ran> {
    // The shell's `time` alone tells what a child that has ended used.
    const command = `TIMEFORMAT='%R %U %S'; time ./pan ${PAN_FLAGS.join(" ")}`;
    const shell = spawn("bash", ["-c", command], { cwd: this.#folder });
    let printed = "";
    let times = "";
    let memory = 0;
    let pan: number | undefined;
    const poll = setInterval(() => {
      pan ??= childOf(shell.pid!);
      if (pan !== undefined) memory = Math.max(memory, peakMemory(pan));
    }, POLL_MS);
    const late = setTimeout(() => pan !== undefined && process.kill(pan), SECONDS_MAX * 1000);
    shell.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    shell.stderr.on("data", (chunk: Buffer) => (times += chunk.toString()));
    await new Promise((done) => shell.on("close", done));
    clearInterval(poll);
    clearTimeout(late);
    return ranOf(printed, times, memory);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

function ranOf(printed: string, times: string, memory: number): Ran {
  const [wall, user, system] = (/(\S+) (\S+) (\S+)\s*$/.exec(times) ?? []).slice(1).map(Number);
  const number = (pattern: RegExp): number | undefined => {
    const found = [...printed.matchAll(pattern)];
    return found.length === 0 ? undefined : Number(found[found.length - 1]![1]);
  };
  const stored = number(/(\d+) states, stored/g);
  const lost = /out of memory|memory bound|max search depth too small/.test(printed);
  return {
    // An unfinished run has told how far it was, every million states.
    states: stored ?? number(/States=\s*(\S+)/g) ?? 0,
    transitions:
      Math.round(
        number(/([\d.]+(?:e\+\d+)?) transitions \(=/g) ?? number(/Transitions=\s*(\S+)/g) ?? 1,
      ) - 1,
    violations: number(/errors: (\d+)/g) ?? 0,
    wall: wall ?? NaN,
    cpu: (user ?? NaN) + (system ?? NaN),
    memory,
    finished: stored !== undefined && !lost,
  };
}

function childOf(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return text === "" ? undefined : Number(text.split(" ")[0]);
  } catch {
    return undefined;
  }
}

/** The most memory that a process had so far, MiB; 0 if it has ended. */
function peakMemory(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(text)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
