// Two outcomes side by side: what differs, and whether what was observed is one of those allowed.
//
// Interface: sameOutcome, differences, callDifferences, conform, messageOf, Difference, Divergence.
// The comparison has a direction: observed but not allowed is a divergence; allowed but never observed
// is nothing that this file reports. Data is compared byte by byte, never as a digest. Where the allowed
// outcome has sets of values, the observed byte has to be one of them; what is observed is always one value.

import { callsOf } from "../language/program.js";
import type { Program } from "../language/program.js";
import type { CallResult, FinalFile, FinalPipe, Outcome } from "../trace/outcome.js";
import { readFdOf, writeFdOf } from "../trace/outcome.js";
import { ERRNO_NAMES } from "./errno-names.js";
import { describeBytes, isAmong } from "./bytes.js";
import { callPlace } from "./names.js";

/** One thing in which an observed outcome differs from an allowed one. */
export interface Difference {
  /** Where: "pread() at client:a", "file f", "the pipe with read end 5". */
  readonly place: string;
  /** What about it: "return value", "data", "content" … */
  readonly field: string;
  readonly observed: string;
  readonly allowed: string;
}

/** An observed outcome that is not among the allowed ones. */
export interface Divergence {
  readonly observed: Outcome;
  readonly allowed: readonly Outcome[];
  /** Against the allowed outcome that is nearest: the one with the fewest differences. */
  readonly differences: readonly Difference[];
  /** "observed X; the model allows only Y", one line per difference. */
  readonly message: string;
}

/** What the bytes of an allowed outcome stand for, where copies may tear. */
type Values = Outcome["values"];

/** All differences, calls first. A field that one side does not know (`startedAt`, `returnedAt`,
 *  `snapshot`) is not compared. */
export function differences(observed: Outcome, allowed: Outcome, program: Program): Difference[] {
  const found: Difference[] = [];
  const { values } = allowed;
  for (const call of callsOf(program)) {
    const a = observed.results[call.id];
    const b = allowed.results[call.id];
    if (a !== undefined && b !== undefined) found.push(...callDifferences(program, a, b, values));
  }
  found.push(...fileDifferences(program, observed.files, allowed.files, values));
  found.push(...pipeDifferences(program, observed.pipes, allowed.pipes, values));
  found.push(...wireDifferences(observed, allowed, program));
  if (!sameSnapshot(observed, allowed))
    found.push(difference("the run", "snapshot", `${observed.snapshot}`, `${allowed.snapshot}`));
  return found;
}

const difference = (
  place: string,
  field: string,
  observed: string,
  allowed: string,
): Difference => ({ place, field, observed, allowed });

/** What one call gave otherwise than allowed. `values`: Outcome.values of what is allowed. */
export function callDifferences(
  program: Program,
  a: CallResult,
  b: CallResult,
  values: Values,
): Difference[] {
  const call = callsOf(program)[a.call];
  const place = `${call?.syscall ?? "call"}() (${callPlace(program, a.call)})`;
  const pairs: [field: string, observed: string, allowed: string][] = [
    ["state", a.status, b.status],
    ["SIGPIPE", a.sigpipe ? "sent" : "not sent", b.sigpipe ? "sent" : "not sent"],
  ];
  if (a.startedAt !== undefined && b.startedAt !== undefined)
    pairs.push(["started in round", `${a.startedAt}`, `${b.startedAt}`]);
  if (a.returnedAt !== undefined && b.returnedAt !== undefined)
    pairs.push(["returned in round", `${a.returnedAt}`, `${b.returnedAt}`]);
  if (a.status === "returned" && b.status === "returned") {
    pairs.push(["return value", returnText(a), returnText(b)]);
    const stored = call?.syscall === "pipe2" ? descriptorsText : numberText;
    pairs.push(["stored number", stored(a.out), stored(b.out)]);
    if (!isAmong(a.data, b.data, values))
      pairs.push(["data", describeBytes(a.data), describeBytes(b.data, values)]);
  }
  return pairs.filter(([, x, y]) => x !== y).map((pair) => difference(place, ...pair));
}

const numberText = (out: number | undefined): string => (out === undefined ? "none" : `${out}`);

const descriptorsText = (out: number | undefined): string =>
  out === undefined ? "none" : `${readFdOf(out)} and ${writeFdOf(out)}`;

function returnText(result: CallResult): string {
  if (result.ret >= 0) return `${result.ret}`;
  return `${result.ret} ${ERRNO_NAMES.get(result.errno) ?? `errno ${result.errno}`}`;
}

function fileDifferences(
  program: Program,
  observed: readonly FinalFile[],
  allowed: readonly FinalFile[],
  values: Values,
): Difference[] {
  const title = (file: FinalFile): string =>
    file.name === undefined
      ? `the nameless file at descriptor ${file.fd}`
      : `file ${program.names[file.name] ?? file.name}`;
  return contentDifferences(
    new Map(observed.map((file) => [title(file), file.bytes])),
    new Map(allowed.map((file) => [title(file), file.bytes])),
    values,
  );
}

function pipeDifferences(
  program: Program,
  observed: readonly FinalPipe[],
  allowed: readonly FinalPipe[],
  values: Values,
): Difference[] {
  const title = (pipe: FinalPipe): string =>
    program.sockets.length === 0
      ? `the pipe with read end ${pipe.fd}`
      : `the pipe or socket that descriptor ${pipe.fd} reads`;
  return contentDifferences(
    new Map(observed.map((pipe) => [title(pipe), pipe.bytes])),
    new Map(allowed.map((pipe) => [title(pipe), pipe.bytes])),
    values,
  );
}

/** The logs of the wires; a side that has none (a kernel) is not compared. */
function wireDifferences(observed: Outcome, allowed: Outcome, program: Program): Difference[] {
  if (observed.wires === undefined || allowed.wires === undefined) return [];
  const logs = (outcome: Outcome): Map<string, Uint8Array> =>
    new Map(
      outcome.wires!.flatMap(({ wire, first, last }) => {
        const name = program.wires[wire]?.name ?? `${wire}`;
        return [
          [`wire ${name}, first transmissions`, first],
          [`wire ${name}, last transmissions`, last],
        ] as const;
      }),
    );
  return contentDifferences(logs(observed), logs(allowed), allowed.values);
}

function contentDifferences(
  observed: ReadonlyMap<string, Uint8Array>,
  allowed: ReadonlyMap<string, Uint8Array>,
  values: Values,
): Difference[] {
  const text = (bytes: Uint8Array | undefined, sets?: Values): string =>
    bytes === undefined ? "not there" : describeBytes(bytes, sets);
  const found: Difference[] = [];
  for (const place of new Set([...observed.keys(), ...allowed.keys()])) {
    const [a, b] = [observed.get(place), allowed.get(place)];
    if (a !== undefined && b !== undefined && isAmong(a, b, values)) continue;
    found.push(difference(place, "content", text(a), text(b, values)));
  }
  return found;
}

/** What a torn copy decides is either. */
const sameSnapshot = ({ snapshot: a }: Outcome, { snapshot: b }: Outcome): boolean =>
  a === b || a === undefined || b === undefined || b === "either";

const known = (a: unknown, b: unknown): boolean => a !== undefined && b !== undefined;

function sameResult(a: CallResult, b: CallResult, values: Values): boolean {
  if (a.status !== b.status || a.sigpipe !== b.sigpipe) return false;
  if (known(a.startedAt, b.startedAt) && a.startedAt !== b.startedAt) return false;
  if (known(a.returnedAt, b.returnedAt) && a.returnedAt !== b.returnedAt) return false;
  if (a.status !== "returned") return true;
  return (
    a.ret === b.ret && a.errno === b.errno && a.out === b.out && isAmong(a.data, b.data, values)
  );
}

/** Whether `differences` would find nothing: the same question without a text, for the many that agree. */
export function sameOutcome(observed: Outcome, allowed: Outcome): boolean {
  const [a, b] = [observed, allowed];
  const { values } = allowed;
  if (!sameSnapshot(a, b)) return false;
  if (a.files.length !== b.files.length || a.pipes.length !== b.pipes.length) return false;
  return (
    a.results.every((result, i) => sameResult(result, b.results[i]!, values)) &&
    a.files.every((file, i) => {
      const other = b.files[i]!;
      const same = file.name === other.name && file.fd === other.fd;
      return same && isAmong(file.bytes, other.bytes, values);
    }) &&
    a.pipes.every(
      (pipe, i) => pipe.fd === b.pipes[i]!.fd && isAmong(pipe.bytes, b.pipes[i]!.bytes, values),
    ) &&
    sameWires(a, b)
  );
}

function sameWires({ wires: a }: Outcome, { wires: b, values }: Outcome): boolean {
  if (a === undefined || b === undefined) return true;
  return a.every(
    ({ first, last }, i) =>
      isAmong(first, b[i]!.first, values) && isAmong(last, b[i]!.last, values),
  );
}

/** Whether an observed outcome is one of those allowed: undefined if so. */
export function conform(
  observed: Outcome,
  allowed: readonly Outcome[],
  program: Program,
): Divergence | undefined {
  if (allowed.some((outcome) => sameOutcome(observed, outcome))) return undefined;
  let nearest: Difference[] | undefined;
  for (const outcome of allowed) {
    const found = differences(observed, outcome, program);
    if (nearest === undefined || found.length < nearest.length) nearest = found;
  }
  const message =
    nearest === undefined
      ? "something was observed; the model allows no outcome at all"
      : messageOf(nearest, allowed.length);
  return { observed, allowed, differences: nearest ?? [], message };
}

/** Differences in sentences, one on a line, as one of so many outcomes has them. */
export const messageOf = (differences: readonly Difference[], outcomes: number): string =>
  differences.map((each) => sentence(each, outcomes)).join("\n");

function sentence(each: Difference, outcomes: number): string {
  const among = outcomes > 1 ? ` (in the nearest of ${outcomes} outcomes)` : "";
  const { place, field, observed, allowed } = each;
  return `${place}, ${field}: observed ${observed}; the model allows only ${allowed}${among}`;
}
