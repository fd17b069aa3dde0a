// What a dropped file says of kernels: read line by line, each line held to the published schema.
//
// Interface: readKernelText, SeenRun, ReadRuns.
// A file is what `splicelab kernel FILE --json` printed, or a JSON array of such objects. Runs that can be read are
// given even where others cannot; what is wrong is told with its place. Output of `run` is none of a kernel.

import * as v from "valibot";
import { parseProgram } from "../../language/parse-program.js";
import type { Program } from "../../language/program.js";
import { UnknownName } from "../../model/options.js";
import { parseProfile } from "../../model/profiles.js";
import { JSON_VERSION } from "../../report/json.js";
import { readOrder } from "../../report/kernel-data.js";
import { kernelRunSchema, scenarioHash } from "../../report/kernel-run.js";
import type { KernelRun } from "../../report/kernel-run.js";
import { FILE_BYTES_MAX } from "../../report/recognise.js";

/** A run that was read, and its scenario. */
export interface SeenRun {
  /** Equal for the same run read twice. */
  readonly id: string;
  readonly run: KernelRun;
  readonly program: Program;
}

/** What a file holds. */
export interface ReadRuns {
  readonly runs: readonly SeenRun[];
  /** What is wrong with it, in words and with the place. */
  readonly problems: readonly string[];
}

/** One object of a file, or why there is none. */
type Piece = { readonly place: string } & (
  { readonly value: unknown } | { readonly wrong: string }
);

/** Problems that are told of one file. */
const PROBLEMS_MAX = 5;

/** Reads the text of a file. */
export function readKernelText(text: string): ReadRuns {
  if (text.length > FILE_BYTES_MAX)
    return { runs: [], problems: ["the file is larger than 8 MiB, and is not read"] };
  const runs: SeenRun[] = [];
  const problems: string[] = [];
  const pieces = piecesOf(text);
  for (const piece of pieces) {
    if ("wrong" in piece) problems.push(`${piece.place}: ${piece.wrong}`);
    else if (kindOf(piece.value) === "kernel-run") {
      const seen = seenRun(piece.value);
      if (typeof seen === "string") problems.push(`${piece.place}: ${seen}`);
      else runs.push(seen);
    }
  }
  if (runs.length === 0 && problems.length === 0) problems.push(nothingOf(pieces));
  const more = problems.length - PROBLEMS_MAX;
  const told = problems.slice(0, PROBLEMS_MAX);
  return { runs, problems: more > 0 ? [...told, `and ${more} more`] : told };
}

/** The objects of a text: of an array, or one on each line. */
function piecesOf(text: string): Piece[] {
  if (text.trimStart().startsWith("[")) {
    const whole = parse(text, 1);
    if ("wrong" in whole) return [whole];
    return (whole.value as unknown[]).map((value, i) => ({ place: `object ${i + 1}`, value }));
  }
  return text.split("\n").flatMap((line, i) => (line.trim() === "" ? [] : [parse(line, i + 1)]));
}

/** The JSON of a text that begins on a line. What the browser says of a mistake differs: some say where it is. */
function parse(text: string, line: number): Piece {
  try {
    return { place: `line ${line}`, value: JSON.parse(text) as unknown };
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? NaN);
    const before = text.slice(0, at).split("\n");
    const column = `, column ${before.at(-1)!.length + 1}`;
    const place = Number.isNaN(at) ? `line ${line}` : `line ${line + before.length - 1}${column}`;
    return { place, wrong: "this is no JSON, or it is cut short" };
  }
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

const kindOf = (value: unknown): unknown => fieldOf(value, "kind");

/** The run of an object, or what is wrong with it. */
function seenRun(value: unknown): SeenRun | string {
  const version = fieldOf(value, "splicelab");
  if (version !== JSON_VERSION)
    return `version ${JSON.stringify(version)} of the format; this page reads version ${JSON_VERSION}`;
  const parsed = v.safeParse(kernelRunSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const path = v.getDotPath(issue);
    return path === null ? issue.message : `${path}: ${issue.message}`;
  }
  const run = parsed.output;
  const { program } = parseProgram(run.text);
  if (program === undefined) return "its scenario has errors in this version of the language";
  if (scenarioHash(program) !== run.hash) return "hash: its scenario is not the one that was run";
  const wrong = wrongProfile(run) ?? wrongOrder(program, run);
  if (wrong !== undefined) return wrong;
  const { kernel, date, hash, profile, found, whitebox } = run;
  const id = [hash, kernel.release, found, profile, date, whitebox].join(" ");
  return { id, run, program };
}

function wrongProfile({ profile }: KernelRun): string | undefined {
  try {
    parseProfile(profile);
    return undefined;
  } catch (error) {
    if (!(error instanceof UnknownName)) throw error;
    return `profile: ${error.message}`;
  }
}

/** What no schema can say: whether the orders are of the scenario. */
function wrongOrder(program: Program, { orders }: KernelRun): string | undefined {
  for (const [i, order] of orders.entries())
    try {
      readOrder(program, order);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return `orders[${i}]: ${error.message}`;
    }
  return orders.length === 0 ? "orders: none" : undefined;
}

/** Why a file without a mistake has no run. */
function nothingOf(pieces: readonly Piece[]): string {
  const kinds = pieces.map((piece) => ("value" in piece ? kindOf(piece.value) : undefined));
  if (pieces.length === 0) return "the file is empty";
  if (kinds.includes("error")) return "it tells why nothing could be run, and no run";
  if (kinds.includes("run"))
    return "it has no object of the kind kernel-run: splicelab kernel FILE --json prints one";
  return "it has nothing that splicelab kernel FILE --json prints";
}
