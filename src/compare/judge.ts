// Conditions: whether one outcome has a property, and what a set of outcomes says about the question.
//
// Interface: judge, numberOf, countsOf, NO_COUNTS, conclude, verdict, settle; Judgement, Truth, Counts, Verdict.
// Law: nothing is guessed. A property that the outcome does not tell is "unknown", and `and`, `or`
// and `not` carry that on as far as it matters (Kleene's logic); so they do with "either".
// Not modelled: that two bytes of one observation may come from one byte of a file; they are taken to be independent.

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

/**
 * Whether a property holds of an outcome, "either" where a torn copy decides, "unknown" where several copies do: what
 * one of them mixed says something about the others, and the outcome does not tell what.
 */
export function judge(program: Program, prop: Prop, outcome: Outcome): Truth {
  const plain = truthOf(program, prop, outcome, new Map());
  if (plain !== "either") return plain;
  const open = openAtoms(program, prop, outcome);
  if (open.length > ATOMS_MAX) return "unknown";
  const truths = new Set(choices(open).map((chosen) => truthOf(program, prop, outcome, chosen)));
  if (truths.size === 1) return [...truths][0]!;
  return new Set(open.map(({ place }) => place)).size === 1 ? "either" : "unknown";
}

/** A statement that a torn copy decides, and what it is about. */
interface OpenAtom {
  readonly place: string;
  readonly text: string;
}
/** Statements about torn bytes that are looked at in all combinations. */
const ATOMS_MAX = 12;

const textOf = (prop: Prop): string =>
  JSON.stringify(prop, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
/** What an atom is about, without the value that it names. */
const placeOf = (prop: Prop): string => textOf("content" in prop ? { ...prop, content: [] } : prop);

/** The distinct statements of a property that are open in an outcome. */
function openAtoms(program: Program, prop: Prop, outcome: Outcome): OpenAtom[] {
  const found = new Map<string, OpenAtom>();
  const visit = (each: Prop): void => {
    if (each.kind === "not" || each.kind === "and" || each.kind === "or") {
      (each.kind === "not" ? [each.prop] : each.props).forEach(visit);
      return;
    }
    if (truthOf(program, each, outcome, new Map()) !== "either") return;
    const text = textOf(each);
    found.set(text, { text, place: placeOf(each) });
  };
  visit(prop);
  return [...found.values()];
}

/** Every way in which the open statements can be true or false together: of those about one place one at most is true. */
function choices(open: readonly OpenAtom[]): Map<string, boolean>[] {
  return Array.from({ length: 2 ** open.length }, (_, bits) => bits).flatMap((bits) => {
    const chosen = open.filter((_, i) => (bits >> i) & 1);
    if (new Set(chosen.map(({ place }) => place)).size < chosen.length) return [];
    return [new Map(open.map((atom) => [atom.text, chosen.includes(atom)]))];
  });
}

/** The same with some open statements decided. A call that has not returned, a read that failed, a file
 *  or a pipe that is gone: no statement about their value holds. */
function truthOf(
  program: Program,
  prop: Prop,
  outcome: Outcome,
  decided: ReadonlyMap<string, boolean>,
): Truth {
  const settled = decided.size > 0 ? decided.get(textOf(prop)) : undefined;
  if (settled !== undefined) return settled;
  const judge = (part: Prop): Truth => truthOf(program, part, outcome, decided);
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
      return negate(judge(prop.prop));
    case "and":
      return every(prop.props.map(judge));
    case "or":
      return negate(every(prop.props.map((each) => negate(judge(each)))));
  }
}

/** What a register in front of the call holds; undefined if the call has not returned. Where the
 *  kernel stores a number through a pointer and the call failed, it is -1; where it stores none, the
 *  return value. */
export function numberOf(program: Program, outcome: Outcome, id: CallId): bigint | undefined {
  const result = outcome.results[id];
  const call = callsOf(program)[id];
  if (result?.status !== "returned" || call === undefined) return undefined;
  if (syscallRow(call.syscall).yields !== "out" || result.ret < 0) return BigInt(result.ret);
  return BigInt(result.out ?? result.ret);
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

/** How outcomes count. */
export interface Counts {
  /** Outcomes of the set, after the filter, in which the proposition holds, does not, or nobody can tell. One that stands
   *  for several values, of which some have it, counts as both of the first. */
  readonly positive: number;
  readonly negative: number;
  readonly unknown: number;
  /** Those that count as both. */
  readonly either: number;
  /** Those that the filter excludes: they do not count. */
  readonly excluded: number;
}

/** Of no outcomes. */
export const NO_COUNTS: Counts = { positive: 0, negative: 0, unknown: 0, either: 0, excluded: 0 };

/** What a set of outcomes says about a program's question. */
export interface Verdict extends Counts {
  readonly observation: "Always" | "Sometimes" | "Never";
  /** Whether the quantified condition holds; a program without one asks nothing and holds. */
  readonly holds: Judgement;
}

/** Counts a set of outcomes. Those that the filter excludes do not count. */
export function countsOf(program: Program, outcomes: Iterable<Outcome>): Counts {
  const prop = program.condition?.prop ?? { kind: "true" };
  const counts = { ...NO_COUNTS };
  for (const outcome of outcomes) {
    const kept = program.filter === undefined ? true : judge(program, program.filter, outcome);
    if (kept === false) {
      counts.excluded++;
      continue;
    }
    const value = kept === "unknown" ? kept : judge(program, prop, outcome);
    if (value === "unknown") counts.unknown++;
    if (value === "either") counts.either++;
    if (value === true || value === "either") counts.positive++;
    if (value === false || value === "either") counts.negative++;
  }
  return counts;
}

/** What a counted set says. */
export function conclude(program: Program, counts: Counts): Verdict {
  const { positive, negative, unknown } = counts;
  const observation = positive === 0 ? "Never" : negative + unknown === 0 ? "Always" : "Sometimes";
  const holds = quantify(program.condition?.quantifier ?? "forall", positive, negative, unknown);
  return { ...counts, observation, holds };
}

/** Judges a set of outcomes. */
export const verdict = (program: Program, outcomes: Iterable<Outcome>): Verdict =>
  conclude(program, countsOf(program, outcomes));

/** What outcomes of a search say of the condition: unknown where only schedules that were not searched could tell. A
 *  counterexample, and an example, need no completeness. */
export function settle(program: Program, counts: Counts, isComplete: boolean): Verdict {
  const judged = conclude(program, counts);
  const quantifier = program.condition?.quantifier ?? "forall";
  const settled = (quantifier === "forall" ? judged.negative : judged.positive) > 0;
  return isComplete || settled ? judged : { ...judged, holds: "unknown" };
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
