// A kernel's outcomes and snapshots as the JSON of kernel-run.ts has them, and back.
//
// Interface: orderSeen (to JSON), readOrder (from JSON), OrderData.
// Law: readOrder gives what orderSeen was given, identities renumbered. What a schema cannot say, readOrder checks: that
// the calls, threads and files are those of the program, and that there is a snapshot for each moment.

import { ERRNO_NAMES } from "../compare/errno-names.js";
import { callsOf } from "../language/program.js";
import type { Program } from "../language/program.js";
import type { CallResult, Outcome } from "../trace/outcome.js";
import type { Snapshot } from "../trace/snapshot.js";
import type { OrderSeen } from "./kernel-run.js";
import { Numbers, momentSeen, snapshotOf } from "./kernel-moment.js";
import { bytesOf, runsOfBytes } from "./run-bytes.js";

/** One order of the calls on a kernel. */
export interface OrderData {
  /** Indices of threads. */
  readonly picks: readonly number[];
  /** Undefined where it failed. */
  readonly outcome: Outcome | undefined;
  /** With a white box: before the first call, and after each. */
  readonly snapshots?: readonly Snapshot[] | undefined;
}

/** An order in JSON, without its verdict. */
export function orderSeen(
  program: Program,
  { picks, outcome, snapshots }: OrderData,
): Omit<OrderSeen, "verdict" | "because"> {
  const numbers = new Numbers();
  return {
    schedule: picks.map((pick) => program.threads[pick]?.name ?? `${pick}`),
    calls: (outcome?.results ?? []).map(callSeen),
    files: (outcome?.files ?? []).map(({ name, fd, bytes }) => ({
      ...(name === undefined ? { fd: fd ?? 0 } : { name: program.names[name] ?? `${name}` }),
      data: runsOfBytes(bytes),
    })),
    pipes: (outcome?.pipes ?? []).map(({ fd, bytes }) => ({ fd, data: runsOfBytes(bytes) })),
    ...(snapshots && { moments: snapshots.map((each) => momentSeen(each, numbers)) }),
  };
}

type CallSeen = OrderSeen["calls"][number];

function callSeen(result: CallResult): CallSeen {
  const { call, status, ret, errno, out, data, sigpipe, startedAt, returnedAt } = result;
  const returned = status === "returned";
  return {
    call,
    status,
    ...(returned ? { ret } : {}),
    ...(returned && errno !== 0 ? { errno: ERRNO_NAMES.get(errno) ?? `${errno}` } : {}),
    ...(out === undefined ? {} : { out }),
    ...(data.length > 0 ? { data: runsOfBytes(data) } : {}),
    ...(sigpipe ? { sigpipe } : {}),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(returnedAt === undefined ? {} : { returnedAt }),
  };
}

/** The data of an order. Throws RangeError, in words, where it is none of this program. */
export function readOrder(program: Program, order: OrderSeen): OrderData {
  const picks = order.schedule.map((name) => {
    const pick = program.threads.findIndex((thread) => thread.name === name);
    if (pick < 0) throw new RangeError(`the scenario has no thread "${name}"`);
    return pick;
  });
  if (order.verdict === "failed") return { picks, outcome: undefined };
  const outcome = outcomeOf(program, order);
  if (order.moments === undefined) return { picks, outcome };
  const started = outcome.results.filter(({ startedAt }) => (startedAt ?? -1) >= 0).length;
  if (order.moments.length !== started + 1)
    throw new RangeError(
      `${started} calls were started, so there are ${started + 1} moments, not ${order.moments.length}`,
    );
  return { picks, outcome, snapshots: order.moments.map(snapshotOf) };
}

function outcomeOf(program: Program, { calls, files, pipes }: OrderSeen): Outcome {
  const wanted = callsOf(program).length;
  if (calls.length !== wanted || calls.some(({ call }, i) => call !== i))
    throw new RangeError(`the scenario has ${wanted} calls, and this is not one result for each`);
  return {
    results: calls.map(resultOf),
    files: files.map(({ name, fd, data }) => {
      const bytes = bytesOf(data);
      if (name === undefined) return { fd: fd ?? 0, bytes };
      const index = program.names.indexOf(name);
      if (index < 0) throw new RangeError(`the scenario has no file "${name}"`);
      return { name: index, bytes };
    }),
    pipes: pipes.map(({ fd, data }) => ({ fd, bytes: bytesOf(data) })),
  };
}

const ERRNO_NUMBERS: ReadonlyMap<string, number> = new Map(
  [...ERRNO_NAMES].map(([number, name]) => [name, number]),
);

function resultOf(seen: CallSeen): CallResult {
  const { call, status, ret = 0, errno, out, data = [], sigpipe = false } = seen;
  const { startedAt, returnedAt } = seen;
  const number = errno === undefined ? 0 : (ERRNO_NUMBERS.get(errno) ?? Number(errno));
  if (Number.isNaN(number)) throw new RangeError(`there is no errno "${errno}"`);
  return {
    call,
    status,
    ret,
    errno: number,
    ...(out === undefined ? {} : { out }),
    data: bytesOf(data),
    sigpipe,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(returnedAt === undefined ? {} : { returnedAt }),
  };
}
