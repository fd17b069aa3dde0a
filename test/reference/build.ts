// Programs built by hand for tests of the reference model.
//
// Interface: program, operands (int, F, R, W, data, at, NULL), run, PROFILES, POLICIES.

import * as decide from "../../assembly/abi/decisions.js";
import * as profile from "../../assembly/abi/switches.js";
import type {
  Call,
  Content,
  FileDecl,
  Operand,
  PipeDecl,
  Program,
} from "../../src/language/program.js";
import type { SyscallName } from "../../src/language/syscalls.js";
import { ENVIRONMENT } from "../../src/trace/environment.js";
import type { Environment } from "../../src/trace/environment.js";
import { enabled, initial, step } from "./reference.js";
import type { State } from "./reference.js";

export const NULL: Operand = { kind: "null" };
export const int = (value: number): Operand => ({ kind: "int", value: BigInt(value) });
export const at = (value: number): Operand => ({ kind: "pointer", value: BigInt(value) });
export const F = (file: number): Operand => ({ kind: "file", file });
export const R = (pipe: number): Operand => ({ kind: "pipe", pipe, end: "r" });
export const W = (pipe: number): Operand => ({ kind: "pipe", pipe, end: "w" });
export const result = (call: number): Operand => ({ kind: "result", call });
export const data = (lenBytes: number, byte = 0x41): Operand => ({
  kind: "data",
  content: lenBytes > 0 ? [{ byte, lenBytes }] : [],
});

/** A call: its name and operands, and the calls it waits for. */
export type Row = readonly [SyscallName, readonly Operand[], (readonly number[])?];

/** A program of threads of rows; calls are numbered through. */
export function program(
  files: readonly Content[],
  pipes: readonly Partial<PipeDecl>[],
  threads: readonly (readonly Row[])[],
): Program {
  let id = 0;
  const call = ([syscall, operands, after = []]: Row): Call => ({
    id: id++,
    syscall,
    operands,
    after,
  });
  const decls: FileDecl[] = files.map((content, i) => ({ name: `f${i}`, content }));
  return {
    name: "by hand",
    doc: "",
    names: decls.map((decl) => decl.name),
    files: decls,
    pipes: pipes.map((pipe, i) => ({ name: `p${i}`, flags: 0, ...pipe })),
    sockets: [],
    wires: [],
    threads: threads.map((rows, i) => ({ name: `t${i}`, calls: rows.map(call) })),
    locations: [],
  };
}

const EXT4_SWITCHES =
  profile.SWITCH_HOLE_CACHED | profile.SWITCH_LARGE_FOLIOS | profile.SWITCH_PRIVATE_REF;
export const PROFILES = { ext4: EXT4_SWITCHES, tmpfs: profile.SWITCH_SPLICE_PER_FOLIO } as const;

export const POLICIES = {
  linux: 0,
  copy: decide.SPLICE_COPY << decide.DECIDE_SPLICE_SHIFT,
  cow:
    (decide.MARK_COUNT << decide.DECIDE_MARK_SHIFT) |
    (1 << decide.DECIDE_LOCK_SHIFT) |
    (decide.WRITE_REPLACE << decide.DECIDE_WRITE_SHIFT) |
    (decide.TRUNCATE_REPLACE << decide.DECIDE_TRUNCATE_SHIFT),
} as const;

export interface Setting {
  readonly on?: keyof typeof PROFILES;
  readonly policy?: keyof typeof POLICIES;
  readonly grid?: number;
  readonly environment?: Partial<Environment>;
}

/** The state before the first call. */
export const begin = (made: Program, setting: Setting = {}): State =>
  initial(made, {
    switches: PROFILES[setting.on ?? "ext4"],
    decisions: POLICIES[setting.policy ?? "linux"],
    gridBytes: setting.grid ?? 1,
    environment: { ...ENVIRONMENT, ...setting.environment },
  });

/** Runs tasks in the order given, each until it has no step, then whatever still can. */
export function finish(state: State, order: readonly number[] = []): State {
  let now = state;
  for (const task of order) while (enabled(now).includes(task)) now = step(now, task);
  for (let [next] = enabled(now); next !== undefined; [next] = enabled(now)) now = step(now, next);
  return now;
}

/** A program of one thread, run to its end. */
export const runCalls = (
  files: readonly Content[],
  pipes: readonly Partial<PipeDecl>[],
  rows: readonly Row[],
  setting: Setting = {},
): State => finish(begin(program(files, pipes, [rows]), setting));
