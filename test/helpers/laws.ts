// What must hold on every run: the laws of the state after every step, P1 and P4 where the policy promises
// them, one result on every grid, nothing left after the drain, and the outcomes of `copy` call by call.
//
// Interface: EXCEPTIONS, promises; brokenLaw, brokenLawAtEnd, brokenClaim, gridDifference, leftAfterDrain, differsFromCopy. Each check
// gives undefined, or what is wrong.

import { RWF_NOWAIT } from "../../assembly/abi/uio.js";
import { sameBytes } from "../../src/trace/bytes.js";
import { judge } from "../../src/compare/judge.js";
import { outcomeKey } from "../../src/trace/outcome-key.js";
import { gridOf } from "../../src/language/grid.js";
import type { Call, Program } from "../../src/language/program.js";
import { callsOf } from "../../src/language/program.js";
import { makesMapping } from "../../src/language/syscalls.js";
import type { Core, Setup } from "../../src/model/core.js";
import { POLICIES, parsePolicy } from "../../src/model/policies.js";
import { outcomesOfPicks } from "../../src/model/schedule.js";
import type { FolioView, InodeView } from "../../src/trace/world.js";
import { STEPS_MAX, guarded, pickOf } from "./cases.js";

/** A law that does not hold for a policy, and why: test/properties/policies.test.ts shows each broken. */
export interface Exception {
  readonly policy: string;
  readonly law: "P1" | "P4";
  readonly reason: string;
}

/** Everything that is not listed holds for every named policy, on every profile. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    ...{ policy: "linux", law: "P1" },
    reason: "a write changes the folio that the slot points at",
  },
  {
    ...{ policy: "sink-copy", law: "P1" },
    reason: "a pipe shares the folio until it is sent",
  },
  {
    ...{ policy: "stable-io", law: "P1" },
    reason: "a pipe shares the folio until it is sent",
  },
  {
    ...{ policy: "cow-nolock", law: "P1" },
    reason: "the reference comes between a writer's look at the mark and its store",
  },
  {
    ...{ policy: "cow-lostflag", law: "P1" },
    reason: "a flag is cleared over a reference that came after the count was read",
  },
  {
    ...{ policy: "cow-nopte", law: "P1" },
    reason: "a store through an entry that is still writable meets no fault",
  },
  {
    ...{ policy: "stable", law: "P4" },
    reason: "a writer waits for slots, and nobody has to empty a pipe",
  },
  {
    ...{ policy: "stable-io", law: "P4" },
    reason: "a writer waits for frags, and nobody has to receive",
  },
];

/** Policies that let a pipe show what is written, and keep what was sent. */
const KEEPS_SENT: readonly string[] = ["sink-copy", "stable-io"];

/** Whether a policy promises a property. */
export const promises = (policy: string, law: Exception["law"]): boolean =>
  POLICIES.some(({ name }) => name === policy) &&
  !EXCEPTIONS.some((each) => each.policy === policy && each.law === law);

/** Runs a schedule, all laws checked after every step; P1 at the end. */
export function brokenLaw(core: Core, setup: Setup, schedule: Uint8Array): string | undefined {
  return guarded(() => {
    core.reset(setup);
    const { law } = core.runBytes(schedule, true);
    if (law !== undefined) return law;
    if (core.unmodelled() !== undefined) return undefined;
    const waiter = core.world().tasks.find(({ waitsFor }) => waitsFor !== undefined);
    if (waiter !== undefined && promises(setup.policy.name, "P4"))
      return `task ${waiter.task} waits for a folio's holders (P4)`;
    const keepsSnapshot = promises(setup.policy.name, "P1");
    if (keepsSnapshot && !core.snapshotHolds()) return "a consumer did not get its snapshot (P1)";
    // Who owns what it sends sends the same again, whatever a pipe has shown.
    const keepsSent = keepsSnapshot || KEEPS_SENT.includes(setup.policy.name);
    if (!keepsSent || setup.program.wires.length === 0) return undefined;
    const wires = core.outcome().wires ?? [];
    return wires.every(({ first, last }) => sameBytes(first, last))
      ? undefined
      : "a frag was retransmitted with other bytes (P5)";
  });
}

/** Runs a schedule; the laws of the state are checked where it ends. */
export function brokenLawAtEnd(core: Core, setup: Setup, schedule: Uint8Array): string | undefined {
  return guarded(() => {
    core.reset(setup);
    core.runBytes(schedule, false);
    return core.check();
  });
}

/** As brokenLaw, for a program whose condition claims something of every run. */
export function brokenClaim(core: Core, setup: Setup, schedule: Uint8Array): string | undefined {
  const broken = brokenLaw(core, setup, schedule);
  const { program } = setup;
  if (broken !== undefined || program.condition === undefined) return broken;
  if (core.unmodelled() !== undefined) return undefined;
  const holds = judge(program, program.condition.prop, core.outcome()) === true;
  return holds ? undefined : "the condition of the scenario does not hold";
}

/** Whether a schedule breaks P1, whatever the policy promises. */
export function breaksSnapshot(core: Core, setup: Setup, schedule: Uint8Array): boolean {
  core.reset(setup);
  core.runBytes(schedule, false);
  return core.unmodelled() === undefined && !core.snapshotHolds();
}

/** Runs the same schedule with cells of the program's grid and with cells of one byte. */
export function gridDifference(core: Core, setup: Setup, schedule: Uint8Array): string | undefined {
  return guarded(() => {
    const [coarse, fine] = [gridOf(setup.program), 1].map((gridBytes) => {
      core.reset({ ...setup, gridBytes });
      const { steps } = core.runBytes(schedule, false);
      return core.unmodelled() ?? `${steps} steps, ${outcomeKey(core.outcome())}`;
    });
    return coarse === fine ? undefined : `with cells of one byte: ${fine}; on the grid: ${coarse}`;
  });
}

/** Descriptors that the drain closes: more than a generated program opens at once. */
const DRAINED_FDS = 22;
const DRAIN_CALLS_MAX = 200;
/** As long as any mapping of a generated program. */
const MAPPED_BYTES_MAX = 65536n;

/** The program with one thread more, which unmaps everything and closes every descriptor, again and again. */
function withDrain(program: Program): Program {
  const first = callsOf(program).length;
  const mapped = callsOf(program).filter(({ syscall }) => makesMapping(syscall));
  const closes = Array.from({ length: DRAIN_CALLS_MAX }, (_, nth): Call => {
    const id = first + nth;
    const at = nth % (DRAINED_FDS + mapped.length);
    const made = mapped[at - DRAINED_FDS];
    if (made === undefined) {
      const fd = { kind: "int", value: BigInt(3 + at) } as const;
      return { id, syscall: "close", operands: [fd], after: [] };
    }
    const mapping = { kind: "result", call: made.id } as const;
    const length = { kind: "int", value: MAPPED_BYTES_MAX } as const;
    return { id, syscall: "munmap", operands: [mapping, length], after: [] };
  });
  return { ...program, threads: [...program.threads, { name: "drain", calls: closes }] };
}

/**
 * The second half of P7. Runs a schedule; whenever every thread has ended or sleeps, one more descriptor
 * is closed, or one more mapping unmapped, which wakes who waits for it. Then no description, no pipe and no folio may be left but
 * those of named files, each at its baseline: one reference per cached page, one for private data.
 */
export function leftAfterDrain(core: Core, setup: Setup, schedule: Uint8Array): string | undefined {
  return guarded(() => {
    core.reset({ ...setup, program: withDrain(setup.program), gridBytes: gridOf(setup.program) });
    if (!runDrain(core, setup.program.threads.length, schedule)) return undefined;
    const { tasks, files, pipes, sockets, folios, inodes } = core.world();
    // A splice from a pipe into the file whose page the pipe holds waits for itself (P4).
    const waits = tasks.some(({ waitsFor }) => waitsFor !== undefined);
    if (waits && !promises(setup.policy.name, "P4")) return undefined;
    if (files.length > 0) return `${files.length} open file descriptions are left after the drain`;
    if (pipes.length > 0) return `${pipes.length} pipes are left after the drain`;
    const queued = sockets.find(({ wire, frags }) => wire === undefined || frags.length > 0);
    if (queued !== undefined) return `socket ${queued.name} is left after the drain`;
    const odd = folios.find((folio) => !isAtBaseline(folio, inodes));
    return odd && `after the drain folio ${odd.frame} has ${odd.refs} references: not its baseline`;
  });
}

/** Steps the drain only where nobody else can step. False if the run leaves the model or ends in a deadlock. */
function runDrain(core: Core, drain: number, schedule: Uint8Array): boolean {
  let last = 0;
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    if (core.unmodelled() !== undefined) return false;
    const enabled = core.enabled();
    const others = enabled.filter((task) => task !== drain);
    // Two splices that wait for each other's pipe hold both for ever: a deadlock is no matter of P7.
    if (enabled.length === 0) return core.inside().length === 0;
    const task = others.length === 0 ? drain : pickOf(others, last, schedule[steps] ?? 0);
    if (task !== drain) last = task;
    core.step(task);
  }
  throw new Error(`a run has not ended after ${STEPS_MAX} steps`);
}

function isAtBaseline(folio: FolioView, inodes: readonly InodeView[]): boolean {
  const holder = inodes.find((inode) => inode.inode === folio.cachedAt?.inode);
  const isPart = (frame: number): boolean =>
    frame >= folio.frame && frame < folio.frame + (1 << folio.order);
  const pages = holder?.pages.filter(isPart).length ?? 0;
  const isQuiet = folio.outside === 0 && folio.lockedBy === undefined;
  return isQuiet && pages > 0 && folio.refs === pages + (folio.hasPrivate ? 1 : 0);
}

const asksWhatIsCached = ({ syscall, operands: [, , , flags] }: Call): boolean =>
  syscall === "preadv2" && flags?.kind === "int" && (Number(flags.value) & RWF_NOWAIT) !== 0;

/**
 * Call by call, a policy that keeps P1 and lets nobody wait gives the outcomes of `copy`: what differs
 * between them is who pays, and when. The kernel's background tasks change nothing about it: `copy` runs
 * without them. A run that leaves the model says nothing, nor does a call that asks what is cached.
 */
export function differsFromCopy(
  core: Core,
  setup: Setup,
  schedule: Uint8Array,
): string | undefined {
  const { name } = setup.policy;
  if (!promises(name, "P1") || !promises(name, "P4")) return undefined;
  if (callsOf(setup.program).some(asksWhatIsCached)) return undefined;
  return guarded(() => {
    const picks = [...schedule].map((byte) => byte % setup.program.threads.length);
    const alone: { background?: Program["background"] } & Program = { ...setup.program };
    delete alone.background;
    const copying = { ...setup, program: alone, policy: parsePolicy("copy") };
    const [own, copied] = [setup, copying].map((each) => {
      const allowed = outcomesOfPicks(core, each, picks);
      if (allowed.unmodelled !== undefined || !allowed.complete) return undefined;
      return new Set(allowed.outcomes.map(outcomeKey));
    });
    if (own === undefined || copied === undefined) return undefined;
    const extra = [...own].find((key) => !copied.has(key));
    const missing = [...copied].find((key) => !own.has(key));
    if (extra !== undefined) return `call by call, copy does not give ${extra}`;
    return missing === undefined ? undefined : `call by call, copy alone gives ${missing}`;
  });
}
