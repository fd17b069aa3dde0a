// Edits that leave the calls and make what they say simpler.
//
// Interface: simplerCalls.

import { isSend, isZerocopySend } from "../language/chains.js";
import { callsOf, contentBytes, paramOf } from "../language/program.js";
import type { Call, CallId, Content, Operand } from "../language/program.js";
import type { ParamKind } from "../language/syscalls.js";
import { withCall, withOperand } from "./edit.js";
import type { Case } from "./edit.js";
import { simplerContents, simplerSizes } from "./smaller.js";

/** Each call with one thing simpler: no `after`, no expectation, one operand. */
export function* simplerCalls({ program, picks }: Case): Iterable<Case> {
  const requests = new Set(program.threads.flatMap((t) => (t.chain === undefined ? [] : t.calls)));
  for (const call of callsOf(program)) {
    const { expect, ...rest } = call;
    if (expect !== undefined) yield { program: withCall(program, call.id, () => rest), picks };
    for (const id of call.notified ?? [])
      yield { program: withCall(program, call.id, () => lessNotified(call, id)), picks };
    for (const id of call.after) {
      const fewer = { ...lessNotified(call, id), after: call.after.filter((each) => each !== id) };
      yield { program: withCall(program, call.id, () => fewer), picks };
    }
    for (const [at, operand] of call.operands.entries())
      for (const simpler of simplerOperands(paramOf(call, at)?.kind ?? "int", operand)) {
        const left = { ...call, operands: call.operands.with(at, simpler) };
        // A request sends without a copy.
        if (requests.has(call) && isSend(call) && !isZerocopySend(left)) continue;
        yield { program: withOperand(program, call.id, at, simpler), picks };
      }
  }
}

/** The call without its wait for a notification. */
function lessNotified({ notified = [], ...call }: Call, id: CallId): Call {
  const left = notified.filter((each) => each !== id);
  return left.length === 0 ? call : { ...call, notified: left };
}

function* simplerOperands(kind: ParamKind, operand: Operand): Iterable<Operand> {
  switch (operand.kind) {
    case "int":
      if (kind === "flags") yield* fewerFlags(operand.value);
      else if (kind !== "fd" && kind !== "command") yield* simplerInts(operand.value);
      return;
    case "pointer":
      yield { kind: "null" };
      for (const { value } of simplerInts(operand.value)) yield { kind: "pointer", value };
      return;
    case "data":
      if (kind === "count") yield { kind: "int", value: BigInt(contentBytes(operand.content)) };
      for (const content of simplerContents(operand.content))
        if (kind !== "count" || content.at(-1)?.byte === "fault") yield { kind: "data", content };
      return;
    case "vector":
      yield* simplerVectors(operand.segments);
      return;
    case "file":
      if (operand.file > 0) yield { kind: "file", file: operand.file - 1 };
      return;
    case "pipe":
      if (operand.pipe > 0) yield { kind: "pipe", pipe: operand.pipe - 1, end: operand.end };
      return;
    case "socket":
      if (operand.socket > 0) yield { ...operand, socket: operand.socket - 1 };
      return;
    case "name":
      if (operand.name > 0) yield { kind: "name", name: operand.name - 1 };
      return;
    default:
      return;
  }
}

/** One segment fewer, or one simpler segment. */
function* simplerVectors(segments: readonly Content[]): Iterable<Operand> {
  for (const [at, content] of segments.entries()) {
    yield { kind: "vector", segments: segments.toSpliced(at, 1) };
    for (const simpler of simplerContents(content))
      yield { kind: "vector", segments: segments.with(at, simpler) };
  }
}

function* fewerFlags(value: bigint): Iterable<Operand> {
  if (value !== 0n) yield { kind: "int", value: 0n };
  for (let bit = 1n; bit < value; bit *= 2n)
    if ((value & bit) !== 0n) yield { kind: "int", value: value & ~bit };
}

function* simplerInts(value: bigint): Iterable<{ kind: "int"; value: bigint }> {
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
    yield { kind: "int", value: 0n };
    return;
  }
  for (const size of simplerSizes(Number(value))) yield { kind: "int", value: BigInt(size) };
}
