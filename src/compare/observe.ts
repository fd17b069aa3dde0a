// What an outcome shows of what its scenario names, as one line: the lines of herd's `States`.
//
// Interface: observe.
// Named are: every register, the places in the condition and the filter, and the `locations`. Calls that did not
// return are always told; where a scenario names nothing, the final files and pipes are.

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

/** The line of one outcome: "client:a=0x1f * 4096; snapshot". */
export function observe(program: Program, outcome: Outcome): string {
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
  return [...new Set(parts)].join("; ");
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

function callPart(program: Program, outcome: Outcome, call: Call): string[] {
  const result = outcome.results[call.id];
  if (result?.status !== "returned") return [];
  const place = callPlace(program, call.id);
  if (result.ret < 0) return [`${place}=-1 ${ERRNO_NAMES.get(result.errno) ?? result.errno}`];
  if (syscallRow(call.syscall).yields === "data")
    return [`${place}=${describeBytes(result.data, outcome.values)}`];
  return [`${place}=${numberOf(program, outcome, call.id)}`];
}

function contentPart(program: Program, outcome: Outcome, place: Location): string[] {
  if (place.kind === "call") return [];
  const bytes = contentOf(program, outcome, place);
  const name = printLocation(place, program);
  return [`${name}=${bytes === undefined ? "gone" : describeBytes(bytes, outcome.values)}`];
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

function everything(program: Program, outcome: Outcome): string[] {
  const files = outcome.files.map((file) => {
    const name = file.name === undefined ? `descriptor ${file.fd}` : program.names[file.name];
    return `${name}=${describeBytes(file.bytes, outcome.values)}`;
  });
  const named = pipeNames(program, outcome);
  const pipes = outcome.pipes.map(
    ({ fd, bytes }) =>
      `${named.get(fd) ?? `pipe at ${fd}`}=${describeBytes(bytes, outcome.values)}`,
  );
  const wires = (outcome.wires ?? []).map(
    ({ wire, first }) => `${program.wires[wire]!.name}=${describeBytes(first, outcome.values)}`,
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

function snapshotPart({ snapshot }: Outcome): string {
  if (snapshot === "either") return "snapshot or not";
  return snapshot === true ? "snapshot" : "not snapshot";
}

function blockedPart(program: Program, outcome: Outcome, call: Call): string[] {
  if (outcome.results[call.id]?.status !== "blocked") return [];
  return [`${threadOf(program, call.id)?.name ?? "?"} blocked in ${call.syscall}()`];
}
