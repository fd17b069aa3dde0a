// One case of a property: what a run of the core is a function of, and how a failing one is told.
//
// Interface: Case, SETTINGS, FEWER_SETTINGS, REFERENCE_SETTINGS, setupOf; INTERLEAVED; randomCase, daemonCase, cornerCase, CORNERS, claimCase, CLAIMS;
// pickOf, tasksOf, describeCase, guarded.

import { readFileSync, readdirSync } from "node:fs";
import { randomProgram } from "../../src/arbitraries/random.js";
import type { ProgramConstraints } from "../../src/arbitraries/index.js";
import { parseProgram } from "../../src/language/parse-program.js";
import { printProgram } from "../../src/language/print.js";
import { BACKGROUND_TASKS, callsOf } from "../../src/language/program.js";
import type { Call, CallId, Operand, Program, Run } from "../../src/language/program.js";
import { Core, TooLarge } from "../../src/model/core.js";
import type { Setup } from "../../src/model/core.js";
import { CoreTrap } from "../../src/model/trap.js";
import { POLICIES } from "../../src/model/policies.js";
import type { Policy } from "../../src/model/policies.js";
import { PROFILES } from "../../src/model/profiles.js";
import type { Profile } from "../../src/model/profiles.js";
import { ENVIRONMENT } from "../../src/trace/environment.js";
import { encodeToken } from "../../src/trace/token.js";
import { numbersFrom } from "./numbers.js";

/** A program and a schedule of bytes, as Core.runBytes takes it. */
export interface Case {
  readonly program: Program;
  readonly schedule: Uint8Array;
}

/** A profile and a policy. */
export interface Setting {
  readonly profile: Profile;
  readonly policy: Policy;
}

/** Every named policy on every profile. */
export const SETTINGS: readonly Setting[] = PROFILES.flatMap((profile) =>
  POLICIES.map((policy) => ({ profile, policy })),
);

/** The policies and profiles that the reference model speaks of. */
const REFERENCED: ReadonlySet<string> = new Set([
  "linux",
  "copy",
  "cow",
  "6.18/ext4",
  "6.18/tmpfs",
]);
export const REFERENCE_SETTINGS = SETTINGS.filter(
  ({ policy, profile }) => REFERENCED.has(policy.name) && REFERENCED.has(profile.name),
);

/** Every policy on the first profile, and two on the others: for what takes long in each setting. */
export const FEWER_SETTINGS = SETTINGS.filter(
  ({ policy, profile }) => profile === PROFILES[0] || ["linux", "cow"].includes(policy.name),
);

/** The scenarios of the corpus that have more than one schedule, by their files. */
export const INTERLEAVED: readonly (readonly [file: string, program: Program])[] = readdirSync(
  "litmus",
  {
    recursive: true,
    encoding: "utf8",
  },
)
  .filter((file) => file.endsWith(".litmus"))
  .sort()
  .map((file) => [file, parseProgram(readFileSync(`litmus/${file}`, "utf8")).program!] as const)
  .filter(([, { threads, wires }]) => threads.length > 1 || wires.length > 0);

/** The set-up of a program in one setting, for a user without rights on a fresh Linux. */
export const setupOf = (program: Program, setting: Setting): Setup => ({
  program,
  ...setting,
  environment: ENVIRONMENT,
});

/** Steps that a run written down here may have: far above what the generators' programs need. */
export const STEPS_MAX = 20_000;

/** Chooses as Core.runBytes does: the byte-th enabled task in cyclic order from the last one on. */
export function pickOf(enabled: readonly number[], last: number, byte: number): number {
  const from = enabled.findIndex((task) => task >= last);
  return enabled[(Math.max(from, 0) + byte) % enabled.length]!;
}

/** The task of each step of a schedule of bytes, up to a trap if there is one. */
export function tasksOf(core: Core, setup: Setup, schedule: Uint8Array): number[] {
  const tasks: number[] = [];
  try {
    core.reset(setup);
    for (let last = 0; tasks.length < STEPS_MAX && core.unmodelled() === undefined;) {
      const enabled = core.enabled();
      if (core.isOver()) break;
      last = pickOf(enabled, last, schedule[tasks.length] ?? 0);
      tasks.push(last);
      core.step(last);
    }
  } catch (error) {
    if (!(error instanceof CoreTrap)) throw error;
  }
  return tasks;
}

/** A failing case for people: what broke, the scenario, the schedule, and a token that replays it. */
export function describeCase(setup: Setup, schedule: Uint8Array, failure: string): string {
  const { program, profile, policy } = setup;
  const text = printProgram(program);
  const tasks = tasksOf(new Core(), setup, schedule);
  const witness = { text, profile: profile.name, policy: policy.name, schedule: tasks };
  return [
    `${failure}, with profile ${profile.name}, policy ${policy.name}:`,
    text.trimEnd(),
    `schedule of bytes: [${schedule.join(", ")}]`,
    `steps by task: ${tasks.join(" ")}`,
    `npx splicelab run ${encodeToken({ ...witness, cursor: tasks.length })}`,
  ].join("\n");
}

/** Some schedules switch the task often, some rarely: calls that run through meet calls that are cut. */
function randomSchedule(random: () => number, stepsMax: number): Uint8Array {
  const switches = random() % 4;
  return Uint8Array.from({ length: random() % stepsMax }, () =>
    random() % 4 <= switches ? random() & 0xff : 0,
  );
}

/** The case with this number of the sequence that `seed` starts: a random program and schedule. */
export function randomCase(
  seed: number,
  index: number,
  constraints: ProgramConstraints = {},
): Case {
  const random = numbersFrom(Math.imul(seed, 31) + index);
  const { program } = randomProgram(seed, index, { threadsMax: 3, ...constraints });
  return { program, schedule: randomSchedule(random, 160) };
}

/** The program beside write-back and reclaim. */
export const withDaemons = (program: Program): Program => ({
  ...program,
  background: BACKGROUND_TASKS,
});

/** The program with its last thread a second time, on copies of the pipes and wires that it names. What the twin writes
 *  where the thread writes a byte is `byteOf` of it. */
export function withTwin(program: Program, byteOf = (byte: number): number => byte): Program {
  const { pipes, wires, threads } = program;
  const { name, calls } = threads.at(-1)!;
  const first = callsOf(program).length - calls.length;
  const next = (call: CallId): CallId => (call < first ? call : call + calls.length);
  const runOf = ({ byte, lenBytes }: Run): Run => {
    return { byte: typeof byte === "number" ? byteOf(byte) : byte, lenBytes };
  };
  const twinOf = (operand: Operand): Operand => {
    if (operand.kind === "pipe") return { ...operand, pipe: operand.pipe + pipes.length };
    if (operand.kind === "wire") return { ...operand, wire: operand.wire + wires.length };
    if (operand.kind === "result" || operand.kind === "made-pipe")
      return { ...operand, call: next(operand.call) };
    if (operand.kind === "data") return { ...operand, content: operand.content.map(runOf) };
    if (operand.kind === "vector")
      return { ...operand, segments: operand.segments.map((each) => each.map(runOf)) };
    return operand;
  };
  const twin = calls.map(({ id, syscall, operands, after }): Call => {
    return { id: next(id), syscall, operands: operands.map(twinOf), after: after.map(next) };
  });
  const copies = <T extends { readonly name: string }>(all: readonly T[]): T[] => [
    ...all,
    ...all.map((each) => ({ ...each, name: `${each.name}2` })),
  ];
  return {
    ...program,
    pipes: copies(pipes),
    wires: copies(wires),
    threads: [...threads, { name: `${name}2`, calls: twin }],
  };
}

/** The same with a twin that writes other bytes, which nobody else writes. */
export function withByteTwin(program: Program): Program {
  const operands = callsOf(program).flatMap((call) => call.operands);
  const contents = [
    ...program.files.map(({ content }) => content),
    ...operands.flatMap((operand) => (operand.kind === "data" ? [operand.content] : [])),
  ];
  const used = new Set(contents.flatMap((content) => content.map(({ byte }) => byte)));
  const free = Array.from({ length: 255 }, (_, nth) => nth + 1).filter((byte) => !used.has(byte));
  const others = new Map<number, number>();
  return withTwin(program, (byte) => {
    const other = others.get(byte) ?? free[others.size]!;
    others.set(byte, other);
    return other;
  });
}

/** Files so small that each page has its actions. */
export const SMALL_FILES: ProgramConstraints = { fileBytesMax: 8192 };

/** Programs that may have sockets and wires, which the reference model does not. */
export const SOCKETS: ProgramConstraints = { sockets: true, wires: true };

/** Programs that make the calls of move-calls.ts, which the reference model does not know. */
export const MOVES: ProgramConstraints = { memory: false, moves: true };

/** Programs that may have everything at once but wires. */
export const EVERYTHING: ProgramConstraints = {
  ...{ sockets: true, storage: true, caches: true, devices: true, fifos: true },
  ...{ direct: true, vectors: true, memfds: true, uring: true },
};

/** Small programs with calls on names and on the disk; apart from those on memory. */
export const STORAGE: ProgramConstraints = {
  ...SMALL_FILES,
  ...{ storage: true, caches: true, memory: false },
};

/** A random case of small files beside write-back and reclaim. */
export function daemonCase(seed: number, index: number): Case {
  const { program, schedule } = randomCase(seed, index, SMALL_FILES);
  return { program: withDaemons(program), schedule };
}

/** The scenarios of a folder of test/fixtures/, by name. */
function scenariosIn(name: string): readonly Program[] {
  const folder = new URL(`../fixtures/${name}/`, import.meta.url);
  return readdirSync(folder)
    .sort()
    .map((file) => {
      const { program } = parseProgram(readFileSync(new URL(file, folder), "utf8"));
      if (program === undefined) throw new Error(`${file} has errors: splicelab check shows them`);
      return program;
    });
}

/** Scenarios for rules that random programs seldom meet: test/fixtures/corners/. */
export const CORNERS = scenariosIn("corners");
/** The same where no reference model is; their conditions hold in every run under every policy. */
export const CLAIMS = scenariosIn("claims");

/** Every corner in turn, each time along another random schedule; the first time in program order. */
export const cornerCase = (seed: number, index: number): Case => scenarioCase(CORNERS, seed, index);
export const claimCase = (seed: number, index: number): Case => scenarioCase(CLAIMS, seed, index);

function scenarioCase(scenarios: readonly Program[], seed: number, index: number): Case {
  const program = scenarios[index % scenarios.length]!;
  const random = numbersFrom(Math.imul(seed, 31) + index);
  const schedule = index < scenarios.length ? new Uint8Array() : randomSchedule(random, 60);
  return { program, schedule };
}

/** Runs a check, and gives a trap's words where the core traps. A program that is too large for the
 *  core is no failure. */
export function guarded(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    if (error instanceof CoreTrap) return `the core trapped: ${error.message}`;
    throw error;
  }
}
