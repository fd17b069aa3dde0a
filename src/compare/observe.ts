// What an outcome shows of what its scenario names, as one line: the lines of herd's `States`.
//
// Interface: observe, observed, Observed.
// Named are: every register, the places in the condition and the filter, and the `locations`. Calls that did not
// return are always told; where a scenario names nothing, the final files and pipes are.

import { rangeText, takesCompletions } from "../language/completions.js";
import { printLocation } from "../language/print-prop.js";
import { callsOf } from "../language/program.js";
import type { Call, Location, PipeRef, Program, Prop } from "../language/program.js";
import { syscallRow } from "../language/syscalls.js";
import type { Outcome } from "../trace/outcome.js";
import { describeBytes } from "./bytes.js";
import { readFdAtEnd } from "./descriptors.js";
import { ERRNO_NAMES } from "./errno-names.js";
import { numberOf } from "./judge.js";
import { callPlace, threadOf } from "./names.js";

/** What an outcome shows of one place, "client:a" and "0x1f * 4096"; without a place, of the whole: "snapshot". */
export interface Observed {
  readonly place?: string;
  readonly value: string;
}

const textOf = ({ place, value }: Observed): string =>
  place === undefined ? value : `${place}=${value}`;

/** The line of one outcome: "client:a=0x1f * 4096; snapshot". */
export const observe = (program: Program, outcome: Outcome): string =>
  observed(program, outcome).map(textOf).join("; ");

/** The parts of that line. */
export function observed(program: Program, outcome: Outcome): Observed[] {
  const calls = callsOf(program);
  const asked = [program.condition?.prop, program.filter].flatMap((prop) =>
    prop === undefined ? [] : partsOf(prop),
  );
  const places = [...program.locations, ...asked.flatMap(placeOf)];
  const named = calls.filter(
    (call) =>
      call.register !== undefined ||
      places.some((place) => place.kind === "call" && place.call === call.id),
  );
  const contents = places.length + named.length === 0 ? everything(program, outcome) : [];
  const parts = [
    ...named.flatMap((call) => callPart(program, outcome, call)),
    ...places.flatMap((place) => contentPart(program, outcome, place)),
    ...contents,
    ...asked.flatMap((prop) => (prop.kind === "snapshot" ? [snapshotPart(outcome)] : [])),
    ...calls.flatMap((call) => blockedPart(program, outcome, call)),
  ];
  return [...new Map(parts.map((part) => [textOf(part), part])).values()];
}

/** A statement and everything in it. */
const partsOf = (prop: Prop): Prop[] => {
  if (prop.kind === "not") return partsOf(prop.prop);
  return prop.kind === "and" || prop.kind === "or" ? prop.props.flatMap(partsOf) : [prop];
};

function placeOf(prop: Prop): Location[] {
  if (prop.kind === "data" || prop.kind === "number") return [{ kind: "call", call: prop.call }];
  return prop.kind === "file" || prop.kind === "pipe" || prop.kind === "wire" ? [prop] : [];
}

function callPart(program: Program, outcome: Outcome, call: Call): Observed[] {
  const result = outcome.results[call.id];
  if (result?.status !== "returned") return [];
  const place = callPlace(program, call.id);
  if (result.ret < 0)
    return [{ place, value: `-1 ${ERRNO_NAMES.get(result.errno) ?? result.errno}` }];
  if (syscallRow(call.syscall).yields === "data")
    return [{ place, value: describeBytes(result.data, outcome.values) }];
  const number = numberOf(program, outcome, call.id);
  const isRange = number !== undefined && takesCompletions(call.syscall);
  return [{ place, value: isRange ? rangeText(number) : `${number}` }];
}

function contentPart(program: Program, outcome: Outcome, at: Location): Observed[] {
  if (at.kind === "call") return [];
  const bytes = contentOf(program, outcome, at);
  const value = bytes === undefined ? "gone" : describeBytes(bytes, outcome.values);
  return [{ place: printLocation(at, program), value }];
}

function contentOf(
  program: Program,
  outcome: Outcome,
  place: Exclude<Location, { kind: "call" }>,
): Uint8Array | undefined {
  if (place.kind === "file") return outcome.files.find((file) => file.name === place.name)?.bytes;
  if (place.kind === "wire") return outcome.wires?.[place.wire.wire]?.[place.wire.sent];
  const fd = readFdAtEnd(program, outcome, place.pipe);
  return outcome.pipes.find((pipe) => pipe.fd === fd)?.bytes;
}

function everything(program: Program, outcome: Outcome): Observed[] {
  const contentAt = (place: string, bytes: Uint8Array): Observed => ({
    place,
    value: describeBytes(bytes, outcome.values),
  });
  const files = outcome.files.map(({ name, fd, bytes }) =>
    contentAt(name === undefined ? `descriptor ${fd}` : program.names[name]!, bytes),
  );
  const named = pipeNames(program, outcome);
  const pipes = outcome.pipes.map(({ fd, bytes }) =>
    contentAt(named.get(fd) ?? `pipe at ${fd}`, bytes),
  );
  const wires = (outcome.wires ?? []).map(({ wire, first }) =>
    contentAt(program.wires[wire]!.name, first),
  );
  return [...files, ...pipes, ...wires];
}

/** Descriptors of read ends, and what a condition calls their pipes and sockets. */
function pipeNames(program: Program, outcome: Outcome): Map<number | undefined, string> {
  const refs: PipeRef[] = [
    ...program.pipes.map((_, pipe) => ({ pipe })),
    ...program.sockets.flatMap((_, socket) =>
      (["a", "b"] as const).map((end) => ({ socket, end })),
    ),
    ...callsOf(program).flatMap(({ syscall, id }) => (syscall === "pipe2" ? [{ call: id }] : [])),
  ];
  return new Map(
    refs.map((pipe) => [
      readFdAtEnd(program, outcome, pipe),
      printLocation({ kind: "pipe", pipe }, program),
    ]),
  );
}

function snapshotPart({ snapshot }: Outcome): Observed {
  if (snapshot === "either") return { value: "snapshot or not" };
  return { value: snapshot === true ? "snapshot" : "not snapshot" };
}

function blockedPart(program: Program, outcome: Outcome, call: Call): Observed[] {
  if (outcome.results[call.id]?.status !== "blocked") return [];
  return [{ value: `${threadOf(program, call.id)?.name ?? "?"} blocked in ${call.syscall}()` }];
}
