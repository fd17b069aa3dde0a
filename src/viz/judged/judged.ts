// What a run that has come to its end says about the scenario's condition, in words.
//
// Interface: judgedOf, Judged.

import { explain } from "../../compare/explain.js";
import { printCondition } from "../../language/print-prop.js";
import type { Program } from "../../language/program.js";
import { judgeRun } from "../../report/verdict.js";
import type { Trace } from "../../trace/trace.js";

/** The judgement of one run. */
export interface Judged {
  /** As in the scenario's text; absent where that asks nothing. */
  readonly condition?: {
    readonly text: string;
    readonly holds: boolean | "unknown";
    readonly verdict: string;
  };
  /** Results that the scenario's author expected otherwise, a sentence each. */
  readonly unexpected: readonly string[];
  /** Why the readers got what they got. */
  readonly why: string;
}

type Quantifier = NonNullable<Program["condition"]>["quantifier"];

const COUNTEREXAMPLE = "does not hold: this run is a counterexample";
/** What one run says of a condition about all of them. */
const VERDICTS: Readonly<Record<Quantifier, Readonly<Record<"true" | "false", string>>>> = {
  exists: { true: "holds: this run is an example", false: "not in this run; another may show it" },
  "~exists": { true: "holds in this run", false: COUNTEREXAMPLE },
  forall: { true: "holds in this run", false: COUNTEREXAMPLE },
};

/** Judges the run of a trace. */
export function judgedOf(trace: Trace): Judged {
  const { program, outcome, unmodelled } = trace;
  const { condition: holds, unexpected } = judgeRun(program, outcome, unmodelled);
  const why = unmodelled === undefined ? explain(trace) : `Not modelled: ${unmodelled}.`;
  const { condition } = program;
  if (condition === undefined || holds === undefined) return { unexpected, why };
  const { quantifier, prop } = condition;
  const verdict =
    holds === "unknown" ? "cannot be told from this run" : VERDICTS[quantifier][`${holds}`];
  const text = printCondition(quantifier, prop, program);
  return { condition: { text, holds, verdict }, unexpected, why };
}
