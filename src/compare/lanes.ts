// A schedule as swim-lanes in text: one column per task, time from top to bottom.
//
// Interface: lanes.
// A row is what one task did without a switch inside one call. A call that was left half done says before which of its
// steps (docs/steps.md) it stopped.

import { callText } from "../language/print.js";
import { callsOf } from "../language/program.js";
import type { Call } from "../language/program.js";
import type { CallResult } from "../trace/outcome.js";
import type { Trace } from "../trace/trace.js";

/** What a task did without a switch inside one call. */
interface Stretch {
  readonly task: number;
  readonly call: number;
  from: number;
  to: number;
}

/** The lines; `result` writes what a call gave. */
export function lanes(trace: Trace, result: (call: Call, result: CallResult) => string): string[] {
  const names = trace.program.threads.map((thread) => thread.name);
  const rows = stretchesOf(trace).map(({ task, call, from, to }) => {
    const cells = names.map(() => "");
    cells[task] = textOf(trace, { task, call, from, to }, result);
    return cells;
  });
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
  trace.steps.forEach(({ task, call }, step) => {
    const last = stretches.at(-1);
    if (last?.task === task && last.call === call) last.to = step;
    else stretches.push({ task, call, from: step, to: step });
  });
  return stretches;
}

function textOf(
  trace: Trace,
  stretch: Stretch,
  result: (call: Call, result: CallResult) => string,
): string {
  const call = callsOf(trace.program)[stretch.call]!;
  const register = call.register === undefined ? "" : `${call.register} = `;
  const text = register + callText(trace.program, call);
  const begins = trace.steps[stretch.from]!.phase === "enter";
  const head = begins ? text : `… ${text}`;
  const returned = trace.steps[stretch.to]!.events.some(
    (event) => event.kind === "call-return" && event.call === stretch.call,
  );
  if (returned) return `${head} ${result(call, trace.outcome.results[stretch.call]!)}`;
  const after = trace.steps[stretch.to]!.world.tasks[stretch.task]!;
  const more = trace.steps.some((step, at) => at > stretch.to && step.call === stretch.call);
  return `${head} … ${more ? `stops before ${after.phase}` : "never returns"}`;
}
