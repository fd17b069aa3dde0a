// A schedule as swim-lanes in text: one column per task, time from top to bottom.
//
// Interface: lanes.
// A row is what one task did without a switch inside one call. A call that was left half done says before which of its
// steps (docs/steps.md) it stopped. A trace may end midway.

import { callText } from "../language/print.js";
import { callsOf } from "../language/program.js";
import type { Call } from "../language/program.js";
import type { CallResult } from "../trace/outcome.js";
import type { Trace } from "../trace/trace.js";
import { describeBytes } from "./bytes.js";
import { takenIn } from "./frames.js";

/** What one task did without a switch inside one call; of a background task, one step after the other. */
interface Stretch {
  readonly column: string;
  readonly call: number | undefined;
  readonly from: number;
  to: number;
}

/** The lines; `result` writes what a call gave. */
export function lanes(trace: Trace, result: (call: Call, result: CallResult) => string): string[] {
  const threads = trace.program.threads.map((thread) => thread.name);
  const background = trace.steps.flatMap((step) => step.background ?? []);
  const names = [...threads, ...new Set(background)];
  const rows = stretchesOf(trace).map((stretch) =>
    names.map((name) => (name === stretch.column ? textOf(trace, stretch, result) : "")),
  );
  const table = [names, ...rows];
  const widths = names.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join(" | ")
      .trimEnd(),
  );
}

function stretchesOf(trace: Trace): Stretch[] {
  const stretches: Stretch[] = [];
  trace.steps.forEach(({ task, call, background }, step) => {
    const column = background ?? trace.program.threads[task]!.name;
    const last = stretches.at(-1);
    if (last?.column === column && last.call === call && call !== undefined) last.to = step;
    else stretches.push({ column, call, from: step, to: step });
  });
  return stretches;
}

/** What the kernel did on its own, and the bytes that it took. */
function actionText(trace: Trace, step: number): string {
  const { phase } = trace.steps[step]!;
  const data = takenIn(trace, step);
  return data === undefined ? phase : `${phase}  ${describeBytes(data, trace.outcome.values)}`;
}

function textOf(
  trace: Trace,
  stretch: Stretch,
  result: (call: Call, result: CallResult) => string,
): string {
  if (stretch.call === undefined) return actionText(trace, stretch.from);
  const call = callsOf(trace.program)[stretch.call]!;
  const register = call.register === undefined ? "" : `${call.register} = `;
  const text = register + callText(trace.program, call);
  const begins = trace.steps[stretch.from]!.phase === "enter";
  const head = begins ? text : `… ${text}`;
  const returned = trace.steps[stretch.to]!.events.some(
    (event) => event.kind === "call-return" && event.call === stretch.call,
  );
  if (returned) return `${head} ${result(call, trace.outcome.results[stretch.call]!)}`;
  const { world, task } = trace.steps[stretch.to]!;
  const more = trace.steps.some((step, at) => at > stretch.to && step.call === stretch.call);
  const atEnd = trace.steps.at(-1)!.world.tasks[task];
  if (more || atEnd?.enabled) return `${head} … stops before ${world.tasks[task]!.phase}`;
  return `${head} … ${atEnd?.waitsFor === undefined ? "never returns" : "waits for a folio"}`;
}
