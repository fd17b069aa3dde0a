// What a run did that its calls alone do not tell: which turns of a schedule did not fit, where a token ends.
//
// Interface: turnNotes, replayNotes, stopOf. Notes are sentences. Who waited: src/report/trace-run.ts.
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
import type { NamedTurn } from "./turns.js";

/** What became of the turns of a schedule that could not be taken as they were given. */
export function turnNotes({ program, steps }: Trace, turns: readonly NamedTurn[]): string[] {
  if (turns.length === 0) return [];
  const picks = turns.map(({ turn }) => (typeof turn === "number" ? [turn] : turn));
  const named = new Set(picks.flat());
  const isCall = (task: number): boolean =>
    task < program.threads.length && program.threads[task]!.chain === undefined;
  const gone = steps.flatMap(({ task, background, events }) => {
    const goes = background !== undefined || events.some(({ kind }) => kind === "call-start");
    return goes && (isCall(task) || named.has(task)) ? [task] : [];
  });
  const passed: number[] = [];
  let at = 0;
  let beyond = 0;
  for (const task of gone) {
    while (at < picks.length && !picks[at]!.includes(task)) passed.push(at++);
    if (at++ >= picks.length && isCall(task)) beyond++;
  }
  for (; at < picks.length; at++) passed.push(at);
  const calls = gone.filter(isCall).length;
  const after = plural(calls - beyond, "call");
  return [
    ...passedNote(
      turns,
      passed.filter((turn) => picks[turn]![0]! < program.threads.length),
      "no call could be started then",
    ),
    ...passedNote(
      turns,
      passed.filter((turn) => picks[turn]![0]! >= program.threads.length),
      "there was nothing to do then",
    ),
    ...(beyond === 0
      ? []
      : [
          `--schedule has no more picks after ${after}: the other ${beyond} follow, the first thread first`,
        ]),
  ];
}

/** "--schedule: passed over, as no call could be started then: 3 (writer)". */
function passedNote(turns: readonly NamedTurn[], passed: readonly number[], why: string): string[] {
  const names = passed.map((turn) => `${turn + 1} (${turns[turn]!.name})`).join(", ");
  return names === "" ? [] : [`--schedule: passed over, as ${why}: ${names}`];
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
