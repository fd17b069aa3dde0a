// Conditions: whether one outcome has a property, and what a set of outcomes says about the question.
//
// Interface: judge, numberOf, verdict, Judgement, Truth, Verdict.
// Law: nothing is guessed. A property that the outcome does not tell is "unknown", and `and`, `or`
// and `not` carry that on as far as it matters (Kleene's logic); so they do with "either".
// Not modelled: that two statements about the same torn byte depend on each other: each is judged on its own.

import { callsOf } from "../language/program.js";
import type { CallId, Content, Program, Prop } from "../language/program.js";
import { syscallRow } from "../language/syscalls.js";
import type { Outcome } from "../trace/outcome.js";
import { matchesContent, maybeMatches } from "./bytes.js";
import { readFdAtEnd } from "./descriptors.js";

/** Yes, no, or not to be told from this outcome. */
export type Judgement = boolean | "unknown";

/** A judgement, or "either" where copies may tear: some of the values that the outcome stands for have the property. */
export type Truth = Judgement | "either";

/** Whether a property holds of an outcome. A call that has not returned, a read that failed, a file
 *  or a pipe that is gone: no statement about their value holds. */
export function judge(program: Program, prop: Prop, outcome: Outcome): Truth {
  switch (prop.kind) {
    case "true":
      return true;
    case "snapshot":
      return outcome.snapshot ?? "unknown";
    case "data": {
      const result = outcome.results[prop.call];
      if (result?.status !== "returned" || result.ret < 0) return false;
      return matches(outcome, result.data, prop.content);
    }
    case "number":
      return numberOf(program, outcome, prop.call) === prop.value;
    case "file": {
      const file = outcome.files.find((final) => final.name === prop.name);
      return file !== undefined && matches(outcome, file.bytes, prop.content);
    }
    case "pipe": {
      const fd = readFdAtEnd(program, outcome, prop.pipe);
      const pipe = outcome.pipes.find((final) => final.fd === fd);
      return pipe !== undefined && matches(outcome, pipe.bytes, prop.content);
    }
    case "wire": {
      const wire = outcome.wires?.find((final) => final.wire === prop.wire.wire);
      return wire === undefined ? "unknown" : matches(outcome, wire[prop.wire.sent], prop.content);
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

const matches = ({ values }: Outcome, bytes: Uint8Array, content: Content): Truth =>
  values === undefined ? matchesContent(bytes, content) : maybeMatches(bytes, content, values);

const negate = <T extends Truth>(value: T): T | boolean =>
  typeof value === "boolean" ? !value : value;

function every(values: readonly Truth[]): Truth {
  if (values.includes(false)) return false;
  if (values.includes("unknown")) return "unknown";
  return values.includes("either") ? "either" : true;
}

/** What a set of outcomes says about a program's question. */
export interface Verdict {
  readonly observation: "Always" | "Sometimes" | "Never";
  /** Outcomes of the set, after the filter, in which the proposition holds, does not, or nobody can tell. One that stands
   *  for several values, of which some have it, counts as both of the first. */
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
    if (value === true || value === "either") positive++;
    if (value === false || value === "either") negative++;
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
