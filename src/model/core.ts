// The typed face of the wasm core: sole importer of the built module.
//
// Interface: Core with the verbs reset, enabled, step, check, and save, load, hash; useCore; Setup; TooLarge.
// Every verb throws CoreTrap (trap.ts) where the core traps, and from then on; the next reset takes a new instance.

import release from "../../build/core/release.js";
import type { CoreExports } from "../../build/core/exports.js";
import { blame } from "../language/blame.js";
import { encode } from "../language/encode.js";
import { measure } from "../language/grid.js";
import { callsOf, type Call, type Program } from "../language/program.js";
import type { Environment } from "../trace/environment.js";
import type { Event } from "../trace/event.js";
import type { CallStatus, Outcome } from "../trace/outcome.js";
import { PRICE_NAMES, type Price } from "../trace/price.js";
import type { BackgroundView, World } from "../trace/world.js";
import { lawName, unmodelledReason } from "./laws.js";
import type { Policy } from "./policies.js";
import type { Profile } from "./profiles.js";
import { CoreTrap, guarded } from "./trap.js";
import { backgroundName } from "./views/background.js";
import { readActions } from "./views/background.js";
import { readEvents } from "./views/events.js";
import type { Face } from "./views/face.js";
import { readOutcome, readStatuses, type Rounds } from "./views/outcome.js";
import { phaseOf, readWorld } from "./views/world.js";

/** What a run is a function of, beside its schedule. */
export interface Setup {
  readonly program: Program;
  readonly profile: Profile;
  readonly policy: Policy;
  readonly environment: Environment;
  /** Bytes per cell, a power of two that divides every amount of the program; gridOf(program) if absent. */
  readonly gridBytes?: number;
  /** Whether P1 is asked: slots remember their first bytes. True if absent. */
  readonly snapshot?: boolean;
  /** Whether a copy takes time, so that it may mix what it meets: docs/steps.md, "Tears". False if absent. */
  readonly tear?: boolean;
}

/** The program does not fit the core's limits. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
}

/** Mirrors: assembly/state.ts. */
const RESET_TOO_LARGE = 1;
const RESET_ERRORS = [
  "",
  "the scenario's state would exceed 16 MiB",
  "the scenario opens more than 512 descriptors",
  "the scenario has more than 256 calls or 8 threads",
  "the scenario has more than 32 threads and background actions (one for each task and page of a file): use fewer or smaller files",
  "where copies may tear, a scenario can name 7 different bytes beside zero at most: use fewer, or --tear off",
];

let compiled: WebAssembly.Module | undefined;

/** Makes a module that is compiled already the release build of this thread: the page fetches it as a file of its own. */
export function useCore(module: WebAssembly.Module): void {
  compiled = module;
}

/** Those whom no type tells may give a name, of which every word would be 0. */
function mustBeRow(what: "profile" | "policy", row: { readonly word?: unknown } | undefined): void {
  if (typeof row?.word === "number") return;
  const parse = { profile: "parseProfile", policy: "parsePolicy" }[what];
  throw new TypeError(`the ${what} of a set-up is no name: give ${parse}(name)`);
}

/** An instance of the core. One per worker is enough: reset starts afresh. */
export class Core {
  readonly #module: WebAssembly.Module;
  #exports: CoreExports;
  #isTrapped = false;
  /** The steps since reset; undefined where the run came from elsewhere. */
  #steps: number[] | undefined;
  #setup: Setup | undefined;
  #calls: readonly Call[] = [];
  #gridBytes = 0;

  /** `bytes`: another build of the core (checked, or with a mutant); the release build if absent. */
  constructor(bytes?: Uint8Array) {
    this.#module = bytes
      ? new WebAssembly.Module(bytes)
      : (compiled ??= new WebAssembly.Module(release));
    this.#exports = this.#instantiate();
  }

  #instantiate(): CoreExports {
    this.#isTrapped = false;
    const env = {
      abort: (message: number, file: number, line: number, column: number) => {
        throw new Error(`${this.#text(message)} (${this.#text(file)}:${line}:${column})`);
      },
    };
    const { exports } = new WebAssembly.Instance(this.#module, { env });
    return guarded(exports as object, (error) => this.#trapOf(error)) as unknown as CoreExports;
  }

  #trapOf(error: unknown): CoreTrap {
    this.#isTrapped = true;
    const message = error instanceof Error ? error.message : String(error);
    return new CoreTrap(message, this.#setup, this.#steps);
  }

  /** The wasm exports, for the other files of this folder. */
  get raw(): CoreExports {
    return this.#exports;
  }

  /** Decodes a string of the core: UTF-16, its length in bytes stands 4 bytes before it. */
  #text(at: number): string {
    if (at === 0) return "the core aborted";
    const buffer = this.#exports.memory.buffer;
    const bytes = new DataView(buffer).getUint32(at - 4, true);
    return String.fromCharCode(...new Uint16Array(buffer, at, bytes >> 1));
  }

  /** Brings the core to the first state of a run. Throws TooLarge; TypeError where a name stands for a profile or a policy. */
  reset(setup: Setup): void {
    const { program, profile, policy, environment } = setup;
    mustBeRow("profile", profile);
    mustBeRow("policy", policy);
    if (this.#isTrapped) this.#exports = this.#instantiate();
    const core = this.#exports;
    const words = encode(program);
    const bounds = measure(program);
    this.#setup = setup;
    this.#steps = [];
    this.#calls = callsOf(program);
    this.#gridBytes = setup.gridBytes ?? bounds.gridBytes;
    const at = core.programAt(words.length);
    new Uint32Array(core.memory.buffer, at, words.length).set(words);
    core.configure(
      profile.word,
      profile.knows ?? 0,
      policy.word,
      environment.capSysResource,
      environment.pipeMaxSizeBytes,
      environment.pipeUserPagesSoft,
      environment.pipeUserPagesHard,
      BigInt(environment.fileSizeLimitBytes ?? -1),
    );
    const result = core.reset(
      at,
      words.length,
      31 - Math.clz32(this.#gridBytes),
      BigInt(bounds.fileBytesMax),
      BigInt(bounds.dataBytesMax),
      setup.snapshot === false ? 0 : 1,
      setup.tear ?? false,
    );
    if (result === RESET_TOO_LARGE)
      throw new TooLarge(
        `${RESET_ERRORS[result]}: ${blame(program) || "use fewer calls, files and pipes"}`,
      );
    if (result !== 0) throw new TooLarge(RESET_ERRORS[result]);
  }

  #face(): Face {
    if (!this.#setup) throw new Error("reset the core before it is asked");
    return {
      core: this.#exports,
      program: this.#setup.program,
      calls: this.#calls,
      gridBytes: this.#gridBytes,
    };
  }

  /** The actions that can take a step, ascending: threads by their numbers, background actions behind them. */
  enabled(): number[] {
    return bitsOf(this.#exports.enabledMask());
  }

  /** The threads that can take a step, ascending. */
  enabledThreads(): number[] {
    return this.enabled().filter((action) => action < this.#exports.countTasks());
  }

  /** The enabled timers, ascending: a run waits for them, but any call may come first. */
  enabledLate(): number[] {
    const core = this.#exports;
    return bitsOf(core.enabledMask() & core.lateMask());
  }

  /** The other enabled background actions that a run waits for, ascending. */
  enabledProgress(): number[] {
    const core = this.#exports;
    const waited = bitsOf(core.enabledMask() & core.progressMask() & ~core.lateMask());
    return waited.filter((action) => action >= core.countTasks());
  }

  /** The enabled background actions that no run waits for, ascending: write-back, reclaim. */
  enabledIdle(): number[] {
    const core = this.#exports;
    const idle = bitsOf(core.enabledMask() & ~core.progressMask());
    return idle.filter((action) => action >= core.countTasks());
  }

  /** All enabled background actions, ascending. */
  enabledBackground(): number[] {
    return this.enabled().filter((action) => action >= this.#exports.countTasks());
  }

  /** Whether the run is over: no thread can step, and no background action that it waits for. */
  isOver(): boolean {
    const core = this.#exports;
    return (core.enabledMask() & core.progressMask()) === 0;
  }

  /** The tasks that are inside a call, ascending. */
  inside(): number[] {
    return bitsOf(this.#exports.insideMask());
  }

  /** The place in its thread of the call that a thread is in, or starts next. */
  placeOf(task: number): number {
    const { core } = this.#face();
    return new DataView(core.memory.buffer).getUint8(core.taskAddress(task) + core.TASK_PC.value);
  }

  /** One step of an enabled action. */
  step(action: number): void {
    this.#steps?.push(action);
    this.#exports.step(action);
  }

  /** Lets the folio of a cached page go, of an inode's number, if it is clean and nobody holds it; whether it went. */
  reclaim(inode: number, page: number): boolean {
    return this.#exports.reclaim(inode, page);
  }

  /** Brings a page into the cache, if the disk has it; whether it came. */
  bringIn(inode: number, page: number): boolean {
    return this.#exports.bringIn(inode, page);
  }

  /** Runs a schedule of bytes to its end: assembly/explore/replay.ts. Returns the steps taken and the broken law. */
  runBytes(schedule: Uint8Array, checks: boolean): { steps: number; law: string | undefined } {
    const core = this.#exports;
    const at = core.scheduleAt(schedule.length);
    new Uint8Array(core.memory.buffer, at, schedule.length).set(schedule);
    core.runBytes(at, schedule.length, checks);
    return { steps: core.stepsTaken(), law: lawName(core.lawBroken()) };
  }

  /** Runs call by call (src/model/schedule.ts). Returns when each call started and had returned, in rounds, -1 for
   *  never; undefined when two tasks could step at once and the order is open. */
  runPicks(picks: readonly number[]): Rounds[] | undefined {
    const { core, calls } = this.#face();
    const at = core.scheduleAt(picks.length);
    new Uint8Array(core.memory.buffer, at, picks.length).set(picks);
    if (!core.runPicks(at, picks.length)) return undefined;
    const rounds = new Uint16Array(core.memory.buffer, core.roundsAt());
    return calls.map((_, call) => ({
      startedAt: rounds[2 * call]! - 1,
      returnedAt: rounds[2 * call + 1]! - 1,
    }));
  }

  /** How far each call has got. */
  statuses(): CallStatus[] {
    return readStatuses(this.#face());
  }

  /** The first law of the state that is broken, or undefined. */
  check(): string | undefined {
    return lawName(this.#exports.check());
  }

  /** Why the run left the model, or undefined. */
  unmodelled(): string | undefined {
    const { core } = this.#face();
    const view = new DataView(core.memory.buffer);
    return unmodelledReason(
      view.getUint32(core.headerAddress() + core.HEADER_UNMODELLED.value, true),
    );
  }

  /** Whether every consumer so far got its snapshot (P1). */
  snapshotHolds(): boolean {
    const { core } = this.#face();
    const view = new DataView(core.memory.buffer);
    return view.getUint32(core.headerAddress() + core.HEADER_SNAPSHOT_BROKEN.value, true) === 0;
  }

  /** A copy of the state. */
  save(): Uint8Array {
    const at = this.#exports.stateAt();
    return new Uint8Array(this.#exports.memory.buffer).slice(at, at + this.#exports.stateSize());
  }

  /** Brings back a state that save gave after the same reset. */
  load(state: Uint8Array): void {
    this.#steps = undefined;
    new Uint8Array(this.#exports.memory.buffer).set(state, this.#exports.stateAt());
  }

  /** A 64-bit hash of the state. */
  hash(): bigint {
    return BigInt.asUintN(64, this.#exports.stateHash());
  }

  /** Starts or stops recording events. */
  listen(on: boolean): void {
    this.#exports.listen(on);
  }

  /** What the last step changed, while events are recorded. */
  events(): Event[] {
    return readEvents(this.#face());
  }

  /** What has been paid since reset: of one run, since it is no part of the state. */
  price(): Price {
    const { core } = this.#face();
    const counters = new Uint32Array(core.memory.buffer, core.pricesAt(), PRICE_NAMES.length);
    return Object.fromEntries(PRICE_NAMES.map((name, i) => [name, counters[i]!])) as Price;
  }

  /** Results and final contents, as they stand now; `rounds` go into the results. */
  outcome(rounds?: readonly Rounds[]): Outcome {
    return readOutcome(this.#face(), rounds);
  }

  /** The present moment. */
  world(): World {
    return readWorld(this.#face());
  }

  /** The kind of an action's next step, as in docs/steps.md. */
  phase(action: number): string {
    return phaseOf(this.#face(), action);
  }

  /** What the kernel can ever do on its own in this scenario. */
  actions(): BackgroundView[] {
    return readActions(this.#face());
  }

  /** Who acts, where it is no thread: "nic w". */
  background(action: number): string | undefined {
    return backgroundName(this.#face(), action);
  }
}

function bitsOf(mask: number): number[] {
  const tasks: number[] = [];
  for (let t = 0; mask >>> t; t++) if ((mask >>> t) & 1) tasks.push(t);
  return tasks;
}
