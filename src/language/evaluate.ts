// The value of expressions: numbers with `*` and `+`, constants joined by `|`, and content.
//
// Interface: evaluate, contentOf, runOf, endsAtFault, DataBudget, Place.

import type { Atom, Expr, Operator, Value } from "./ast.js";
import type { Reporter, Span } from "./diagnostic.js";
import { DATA_BYTES_MAX, FILE_BYTES_MAX } from "./limits.js";
import type { Content, Run } from "./program.js";
import { compress } from "./program.js";
import { didYouMean } from "./suggest.js";
import { isForeignConstant } from "./unmodelled.js";

const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;

/** Named constants. */
export type Constants = Readonly<Record<string, number>>;

/** The value of an expression, or undefined if it was reported. `what` names the place: "a length"; `words` could stand
 *  there as well. */
export function evaluate(
  expr: Expr,
  what: string,
  reporter: Reporter,
  constants: Constants = {},
  words: readonly string[] = [],
): bigint | undefined {
  const values: bigint[] = [];
  for (const atom of expr.atoms) {
    const value = atomValue(atom, what, reporter, constants, words);
    if (value === undefined) return undefined;
    values.push(value);
  }
  const value = combine(values, expr.operators);
  if (value >= INT64_MIN && value <= UINT64_MAX) return value;
  reporter.error(expr, "the value does not fit in 64 bits", "write a smaller number");
  return undefined;
}

function atomValue(
  atom: Atom,
  what: string,
  reporter: Reporter,
  constants: Constants,
  words: readonly string[],
): bigint | undefined {
  if (atom.kind === "number") return atom.value;
  const names = [...words, ...Object.keys(constants)];
  if (atom.kind !== "ref") {
    reporter.error(atom, `${what} is a number`, "write a number, as 4096 or 2 * 4096");
    return undefined;
  }
  if (Object.hasOwn(constants, atom.name)) return BigInt(constants[atom.name]!);
  if (names.length > 0 && isForeignConstant(atom.name)) {
    const known = names.map((each) => `\`${each}\``).join(", ");
    reporter.error(atom, `\`${atom.name}\` is not modelled`, `choose one of ${known}`);
    return undefined;
  }
  const message = names.length === 0 ? `${what} is a number` : `\`${atom.name}\` is not ${what}`;
  reporter.error(atom, message, didYouMean(atom.name, names, "write a number, as 4096"));
  return undefined;
}

/** `*` binds before `+`, `+` before `|`, as in C. */
function combine(values: readonly bigint[], operators: readonly Operator[]): bigint {
  let ored = 0n;
  let sum = 0n;
  let product = values[0]!;
  operators.forEach((operator, i) => {
    const next = values[i + 1]!;
    if (operator === "*") {
      product = clip(product * next);
      return;
    }
    sum = clip(sum + product);
    product = next;
    if (operator === "+") return;
    ored |= sum;
    sum = 0n;
  });
  return ored | (sum + product);
}

/** Keeps numbers small in long products; what is clipped is out of range anyway. */
const CLIP = 2n ** 70n;
const clip = (value: bigint): bigint => (value > CLIP ? CLIP : value < -CLIP ? -CLIP : value);

/** Counts the bytes of data in one text. */
export class DataBudget {
  #left = DATA_BYTES_MAX;

  /** Takes bytes; false, once reported, if there are too many. */
  take(lenBytes: number, span: Span, reporter: Reporter): boolean {
    this.#left -= lenBytes;
    if (this.#left >= 0) return true;
    reporter.error(
      span,
      `the text holds more than ${DATA_BYTES_MAX / 1024 / 1024} MiB of data`,
      "use shorter fills; holes do not count",
    );
    return false;
  }
}

/** Where content stands: only a file's has holes, only a call's faults. */
export type Place = "file" | "call" | "condition";

/** Content as runs in shortest form, or undefined if it was reported. */
export function contentOf(
  pieces: readonly Value[],
  place: Place,
  budget: DataBudget,
  reporter: Reporter,
): Content | undefined {
  const runs: Run[] = [];
  for (const piece of pieces) {
    const next = runsOf(piece, place, reporter);
    if (next === undefined) return undefined;
    const data = next.reduce((sum, run) => sum + (run.byte === "hole" ? 0 : run.lenBytes), 0);
    if (!budget.take(data, piece, reporter)) return undefined;
    for (const run of next) append(runs, run);
  }
  return endsAtFault(runs, pieces, reporter) ? runs : undefined;
}

/** Whether no run stands behind one that faults: no call gets there. */
export function endsAtFault(
  runs: readonly Run[],
  pieces: readonly Value[],
  reporter: Reporter,
): boolean {
  if (!runs.slice(0, -1).some(({ byte }) => byte === "fault")) return true;
  const remedy = "leave out what stands behind it";
  reporter.error(pieces[0]!, "no call gets to what is behind a fault", remedy);
  return false;
}

function append(runs: Run[], { byte, lenBytes }: Run): void {
  const last = runs.at(-1);
  if (last?.byte === byte) runs[runs.length - 1] = { byte, lenBytes: last.lenBytes + lenBytes };
  else runs.push({ byte, lenBytes });
}

const CONTENT = 'write `0x1f * 4096`, "text", hex "00ff", or several as {0x00 * 100, "abc"}';

function runsOf(value: Value, place: Place, reporter: Reporter): readonly Run[] | undefined {
  switch (value.kind) {
    case "text":
    case "hex":
      return compress(value.bytes);
    case "expr":
      return fillOf(value, reporter);
    case "hole": {
      if (place === "file") return runOf("hole", value.length, value.length, reporter);
      reporter.error(
        value,
        "only a file's initial content has holes",
        "write zeros: `0x00 * 4096`",
      );
      return undefined;
    }
    case "fault": {
      if (place === "call") return runOf("fault", value.length, value.length, reporter);
      reporter.error(
        value,
        "only the memory of a call faults",
        "write bytes here, as `0x1f * 4096`",
      );
      return undefined;
    }
    case "group": {
      const runs: Run[] = [];
      for (const piece of value.pieces) {
        const next = runsOf(piece, place, reporter);
        if (next === undefined) return undefined;
        runs.push(...next);
      }
      return runs;
    }
    case "range":
    case "vector":
      reporter.error(value, "content is expected here", CONTENT);
      return undefined;
  }
}

/** `byte * length`. */
function fillOf(expr: Expr, reporter: Reporter): readonly Run[] | undefined {
  const [byte, ...factors] = expr.atoms;
  if (byte?.kind !== "number" || factors.length === 0 || expr.operators.some((op) => op !== "*")) {
    reporter.error(expr, "content is expected here", CONTENT);
    return undefined;
  }
  if (byte.value < 0n || byte.value > 255n) {
    reporter.error(byte, `${byte.value} is not a byte`, "a fill is BYTE * LENGTH: `0x1f * 4096`");
    return undefined;
  }
  const length = { ...expr, atoms: factors, operators: expr.operators.slice(1) };
  return runOf(Number(byte.value), length, expr, reporter);
}

/** A run whose length is an expression. */
export function runOf(
  byte: Run["byte"],
  length: Expr,
  span: Span,
  reporter: Reporter,
): readonly Run[] | undefined {
  const lenBytes = evaluate(length, "a length", reporter);
  if (lenBytes === undefined) return undefined;
  const max = byte === "hole" ? FILE_BYTES_MAX : DATA_BYTES_MAX;
  if (lenBytes >= 1n && lenBytes <= BigInt(max)) return [{ byte, lenBytes: Number(lenBytes) }];
  const remedy =
    lenBytes < 1n ? "a length is at least 1; leave the piece out" : `a length is at most ${max}`;
  reporter.error(span, `${lenBytes} bytes cannot stand here`, remedy);
  return undefined;
}
