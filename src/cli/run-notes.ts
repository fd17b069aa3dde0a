// What a run did that its calls alone do not tell: which picks of a schedule did not fit, where a token ends.
//
// Interface: pickNotes, replayNotes, stopOf. Notes are sentences. Who waited: src/report/trace-run.ts.
// Gaps: a wait for a lock is told in no note; it is seen in the lanes of a witness.

import { waitIn, waitText } from "../compare/waits.js";
import { callsOf } from "../language/program.js";
import type { CallId, Program } from "../language/program.js";
import type { Core } from "../model/core.js";
import type { Stop } from "../report/run.js";
import type { Witness } from "../trace/token.js";
import type { Trace } from "../trace/trace.js";
import type { World } from "../trace/world.js";
import { plural } from "./report.js";

/** What became of the picks of a schedule that could not be followed as it was given. */
export function pickNotes({ program, steps }: Trace, picks: readonly number[]): string[] {
  if (picks.length === 0) return [];
  const started = steps.flatMap(({ task, events }) =>
    program.threads[task]?.chain === undefined && events.some(({ kind }) => kind === "call-start")
      ? [task]
      : [],
  );
  const passed: number[] = [];
  let at = 0;
  let beyond = 0;
  for (const task of started) {
    while (at < picks.length && picks[at] !== task) passed.push(at++);
    if (at++ >= picks.length) beyond++;
  }
  for (; at < picks.length; at++) passed.push(at);
  const ofChains = passed.filter((pick) => program.threads[picks[pick]!]!.chain !== undefined);
  const late = passed.filter((pick) => !ofChains.includes(pick));
  const nameOf = (pick: number): string => `${pick + 1} (${program.threads[picks[pick]!]!.name})`;
  return [
    ...(ofChains.length === 0
      ? []
      : [
          `--schedule: passed over, as the requests of a chain start by themselves: ${ofChains.map(nameOf).join(", ")}`,
        ]),
    ...(late.length === 0
      ? []
      : [
          `--schedule: passed over, as no call could be started then: ${late.map(nameOf).join(", ")}`,
        ]),
    ...(beyond === 0
      ? []
      : [
          `--schedule has no more picks after ${plural(started.length - beyond, "call")}: the other ${beyond} follow, the first thread first`,
        ]),
  ];
}

/** Why a run is not the one of its token, if it is another. */
export function replayNotes({ schedule, profile, policy }: Trace, witness: Witness): string[] {
  const notes: string[] = [];
  if (profile !== witness.profile || policy !== witness.policy)
    notes.push(
      `this is another run than the token's, which is under profile ${witness.profile}, policy ${witness.policy}`,
    );
  const apart = witness.schedule.findIndex((action, step) => action !== schedule[step]);
  if (apart >= 0)
    notes.push(
      `from step ${apart + 1} on the token's schedule does not fit: where it does not, the first that can step goes`,
    );
  else if (schedule.length > witness.schedule.length)
    notes.push(
      `the token's schedule ends after ${plural(witness.schedule.length, "step")}: the run goes on, the first that can step goes`,
    );
  return notes;
}

/** Where a token that stands at the end of its schedule left the run, if that is midway. */
export function stopOf(core: Core, { program, steps }: Trace): Stop | undefined {
  if (core.isOver()) return undefined;
  const world = core.world();
  const waits = world.tasks.flatMap(({ task }) => waitIn(program, world, task) ?? []);
  const ends = `the token ends here, after ${plural(steps.length, "step")}`;
  const calls = new Map<CallId, string>(
    callsOf(program).map(({ id }) => [id, "not started by then"]),
  );
  for (const { call, state, enabled, phase } of world.tasks)
    if (call !== undefined && state !== "ready")
      calls.set(call, enabled ? `the run stops before ${phase}` : "waits where the run stops");
  return {
    line: [ends, ...waits.map(waitText)].join("; "),
    next: core.enabled().map((action) => nextOf(core, program, world, action)),
    calls,
  };
}

/** "client: push, in splice"; "nic w: transmit". */
function nextOf(core: Core, program: Program, world: World, action: number): string {
  const phase = core.phase(action);
  const background = core.background(action);
  if (background !== undefined) return `${background}: ${phase}`;
  const { call } = world.tasks[action]!;
  const inside = call === undefined ? "" : `, in ${callsOf(program)[call]!.syscall}`;
  return `${program.threads[action]!.name}: ${phase}${inside}`;
}
