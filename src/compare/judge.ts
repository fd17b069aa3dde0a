// Conditions: whether one outcome has a property, and what a set of outcomes says about the question.
//
// Interface: judge, numberOf, verdict, Judgement, Verdict.
// Law: nothing is guessed. A property that the outcome does not tell is "unknown", and `and`, `or`
// and `not` carry that on as far as it matters (Kleene's logic).

import { callsOf } from "../language/program.js";
import type { CallId, Program, Prop } from "../language/program.js";
import { syscallRow } from "../language/syscalls.js";
import type { Outcome } from "../trace/outcome.js";
import { matchesContent } from "./bytes.js";
import { readFdAtEnd } from "./descriptors.js";

/** Yes, no, or not to be told from this outcome. */
export type Judgement = boolean | "unknown";

/** Whether a property holds of an outcome. A call that has not returned, a read that failed, a file
 *  or a pipe that is gone: no statement about their value holds. */
export function judge(program: Program, prop: Prop, outcome: Outcome): Judgement {
  switch (prop.kind) {
    case "true":
      return true;
    case "snapshot":
      return outcome.snapshot ?? "unknown";
    case "data": {
      const result = outcome.results[prop.call];
      if (result?.status !== "returned" || result.ret < 0) return false;
      return matchesContent(result.data, prop.content);
    }
    case "number":
      return numberOf(program, outcome, prop.call) === prop.value;
    case "file": {
      const file = outcome.files.find((final) => final.name === prop.name);
      return file !== undefined && matchesContent(file.bytes, prop.content);
    }
    case "pipe": {
      const fd = readFdAtEnd(program, outcome, prop.pipe);
      const pipe = outcome.pipes.find((final) => final.fd === fd);
      return pipe !== undefined && matchesContent(pipe.bytes, prop.content);
    }
    case "wire": {
      const wire = outcome.wires?.find((final) => final.wire === prop.wire.wire);
      return wire === undefined ? "unknown" : matchesContent(wire[prop.wire.sent], prop.content);
    }
    case "not":
      return negate(judge(program, prop.prop, outcome));
    case "and":
      return every(prop.props.map((each) => judge(program, each, outcome)));
    case "or":
      return negate(every(prop.props.map((each) => negate(judge(program, each, outcome)))));
  }
}

/** What a register in front of the call holds; undefined if the call has not returned. Where the
 *  kernel stores a number through a pointer and the call failed, it is -1. */
export function numberOf(program: Program, outcome: Outcome, id: CallId): bigint | undefined {
  const result = outcome.results[id];
  const call = callsOf(program)[id];
  if (result?.status !== "returned" || call === undefined) return undefined;
  if (syscallRow(call.syscall).yields !== "out" || result.ret < 0) return BigInt(result.ret);
  return result.out === undefined ? undefined : BigInt(result.out);
}

const negate = (value: Judgement): Judgement => (value === "unknown" ? value : !value);

function every(values: readonly Judgement[]): Judgement {
  if (values.includes(false)) return false;
  return values.includes("unknown") ? "unknown" : true;
}

/** What a set of outcomes says about a program's question. */
export interface Verdict {
  readonly observation: "Always" | "Sometimes" | "Never";
  /** Outcomes of the set, after the filter, in which the proposition holds, does not, or nobody can tell. */
  readonly positive: number;
  readonly negative: number;
  readonly unknown: number;
  /** Whether the quantified condition holds; a program without one asks nothing and holds. */
  readonly holds: Judgement;
}

/** Judges a set of outcomes. Outcomes that the filter excludes do not count. */
export function verdict(program: Program, outcomes: Iterable<Outcome>): Verdict {
  const prop = program.condition?.prop ?? { kind: "true" };
  let positive = 0;
  let negative = 0;
  let unknown = 0;
  for (const outcome of outcomes) {
    const kept = program.filter === undefined ? true : judge(program, program.filter, outcome);
    if (kept === false) continue;
    const value = kept === "unknown" ? kept : judge(program, prop, outcome);
    if (value === "unknown") unknown++;
    else if (value) positive++;
    else negative++;
  }
  const observation = positive === 0 ? "Never" : negative + unknown === 0 ? "Always" : "Sometimes";
  const holds = quantify(program.condition?.quantifier ?? "forall", positive, negative, unknown);
  return { observation, positive, negative, unknown, holds };
}

function quantify(
  quantifier: "exists" | "~exists" | "forall",
  positive: number,
  negative: number,
  unknown: number,
): Judgement {
  if (quantifier === "forall") return negative > 0 ? false : unknown > 0 ? "unknown" : true;
  const exists = positive > 0 ? true : unknown > 0 ? "unknown" : false;
  return quantifier === "exists" ? exists : negate(exists);
}
