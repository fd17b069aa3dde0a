// Calls of a generated program that io_uring makes: splices, tees, reads and writes leave their threads and become chains.
//
// Interface: withRequests, choiceOf, RequestChoice; asRequest, withSent.
// A chain is handed over where its first request stood; the next one goes with it if nothing stands between them. What the
// call of a request waited for, its io_uring_enter() waits for, if it is the first.

import { IOSQE_IO_DRAIN, IOSQE_IO_HARDLINK, REQUEST_LEN_MAX } from "../../assembly/abi/uring.js";
import {
  MSG_DONTWAIT,
  MSG_ERRQUEUE,
  MSG_NOSIGNAL,
  MSG_PEEK,
  MSG_TRUNC,
  MSG_WAITALL,
} from "../../assembly/abi/socket.js";
import { chainsEntered, isSend, isZerocopySend } from "../language/chains.js";
import type { Call, CallId, Operand, Thread } from "../language/program.js";
import { syscallRow } from "../language/syscalls.js";
import type { Digits } from "./digits.js";

/** What becomes of a call: it stays, is linked to the request in front of it, or begins a chain with these flags. */
export type RequestChoice = "call" | "linked" | number;

const CHOICES: readonly RequestChoice[] = [
  "linked",
  0,
  "call",
  IOSQE_IO_DRAIN,
  IOSQE_IO_HARDLINK,
  IOSQE_IO_DRAIN | IOSQE_IO_HARDLINK,
];
const CHOICE_WEIGHTS = [36, 30, 20, 7, 5, 2];
/** How many of a hundred requests are of nothing, or have other flags. */
const ODD_PERCENT = 6;
const SEND_FLAGS = [
  MSG_NOSIGNAL,
  MSG_DONTWAIT,
  MSG_WAITALL,
  MSG_PEEK,
  MSG_TRUNC,
  MSG_ERRQUEUE,
] as const;
/** How many of a hundred calls behind a zero-copy send wait for it, and of those for its notification. */
const AWAITED_PERCENT = 25;
const NOTIFIED_PERCENT = 60;
/** Tasks of a program, and chains of a call. */
const TASKS_MAX = 5;
const CHAINS_MAX = 3;

/** What becomes of a call that has just been decoded; `own` are the calls of its thread in front of it. */
export const choiceOf = (digits: Digits, call: Call, own: readonly Call[]): RequestChoice => {
  const { syscall, operands } = call;
  const { params, request } = syscallRow(syscall);
  const fits = operands.every(
    (operand, i) =>
      params[i]!.kind !== "count" ||
      operand.kind === "data" ||
      (operand.kind === "int" && operand.value >= 0n && operand.value <= BigInt(REQUEST_LEN_MAX)),
  );
  if (isSend(call) && !(isZerocopySend(call) && hasMemory(call, own))) return "call";
  return request === undefined || !fits ? "call" : CHOICES[digits.weighted(CHOICE_WEIGHTS)]!;
};

/** Whether the mapping that is sent is there when the request is handed over. */
const hasMemory = ({ syscall, operands: [, memory] }: Call, own: readonly Call[]): boolean =>
  syscall === "send" || (memory?.kind === "result" && own.some(({ id }) => id === memory.call));

/** A call that is to become a request, now and then of nothing, or a send with flags that change little. */
export function asRequest(digits: Digits, call: Call): Call {
  const { params } = syscallRow(call.syscall);
  const odd = digits.rarely(ODD_PERCENT);
  const flag = digits.of(SEND_FLAGS);
  if (!odd) return call;
  const operands = call.operands.map((operand, i): Operand => {
    const { kind } = params[i]!;
    if (kind === "flags" && isSend(call) && operand.kind === "int")
      return { ...operand, value: operand.value | BigInt(flag) };
    if (isSend(call) && flag !== MSG_NOSIGNAL) return operand;
    if (kind === "data") return { kind: "data", content: [] };
    return kind === "count" && call.syscall !== "sendmsg" ? { kind: "int", value: 0n } : operand;
  });
  return { ...call, operands };
}

/** A call that has just been decoded, behind its choice: now and then it waits for the zero-copy send that its thread handed over last.
 *  If it waits for some, then often for their notifications. */
export function withSent(
  digits: Digits,
  call: Call,
  own: readonly Call[],
  choices: ReadonlyMap<CallId, RequestChoice>,
): Call {
  const last = own.findLast((each) => isSend(each) && choices.get(each.id) !== "call");
  const waits = last !== undefined && digits.rarely(AWAITED_PERCENT);
  const after = waits ? [...call.after, last.id] : call.after;
  const notified = after.length > 0 && digits.rarely(NOTIFIED_PERCENT);
  return { ...call, after, ...(notified && { notified: after }) };
}

/** A thread or a chain while it is made; calls have their old numbers. */
interface Draft {
  readonly name: string;
  readonly calls: Call[];
  chain?: number;
}

/** The threads, then their chains; `ids` are the new numbers of the old calls. */
export function withRequests(
  threads: readonly Thread[],
  choices: ReadonlyMap<CallId, RequestChoice>,
): { readonly threads: readonly Thread[]; readonly started: ReadonlySet<CallId> } {
  const drafts: Draft[] = threads.map(({ name }) => ({ name, calls: [] }));
  const started = new Set<CallId>();
  threads.forEach(({ calls }, thread) => {
    const own = drafts[thread]!.calls;
    for (const call of calls) {
      const last = own.at(-1);
      const choice = choices.get(call.id) ?? "call";
      if (choice !== "call" && join(drafts, last, call, choice)) continue;
      started.add(call.id);
      own.push(
        choice === "call" || drafts.length === TASKS_MAX ? call : begin(drafts, call, choice),
      );
    }
    leaveOneDrained(drafts, own);
  });
  return { threads: renumbered(drafts), started };
}

/** An io_uring_enter() of one chain, at the place of its first request. Its number is not that of a call. */
function begin(drafts: Draft[], request: Call, choice: RequestChoice): Call {
  const chain = typeof choice === "number" ? choice : 0;
  const thread = drafts.length;
  drafts.push({ name: `c${thread}`, calls: [{ ...request, after: [] }], chain });
  const operands: Operand[] = [{ kind: "chain", thread }];
  const { after, notified } = request;
  return { id: -1, syscall: "io_uring_enter", operands, after, ...(notified && { notified }) };
}

/** Lets a request go with the chains in front of it, if there are some. */
function join(drafts: Draft[], last: Call | undefined, call: Call, choice: RequestChoice): boolean {
  if (last?.syscall !== "io_uring_enter" || call.after.length > 0) return false;
  const request = { ...call, after: [] };
  if (choice === "linked") {
    drafts[chainsEntered(last).at(-1)!]!.calls.push(request);
    return true;
  }
  const operands = last.operands as Operand[];
  if (operands.length === CHAINS_MAX || drafts.length === TASKS_MAX) return false;
  operands.push({ kind: "chain", thread: drafts.length });
  drafts.push({ name: `c${drafts.length}`, calls: [request], chain: choice as number });
  return true;
}

/** Drained chains are handed over in the last io_uring_enter() of a thread, and not where zero-copy sends are. */
function leaveOneDrained(drafts: readonly Draft[], calls: readonly Call[]): void {
  const enters = calls.filter(({ syscall }) => syscall === "io_uring_enter");
  const send = enters.some((call) =>
    chainsEntered(call).some((chain) => drafts[chain]!.calls.some(isSend)),
  );
  for (const call of send ? enters : enters.slice(0, -1))
    for (const chain of chainsEntered(call)) drafts[chain]!.chain! &= ~IOSQE_IO_DRAIN;
}

function renumbered(drafts: readonly Draft[]): Thread[] {
  const sent = new Set<CallId>();
  for (const { chain, calls } of drafts)
    if (chain !== undefined) for (const call of calls) if (isSend(call)) sent.add(call.id);
  const ids = new Map<CallId, CallId>();
  let next = 0;
  for (const { calls } of drafts)
    for (const { id } of calls) {
      if (id >= 0) ids.set(id, next);
      next++;
    }
  let id = 0;
  return drafts.map(({ calls, ...draft }) => ({
    ...draft,
    calls: calls.map(({ notified: some, ...call }) => {
      const notified = some?.filter((each) => call.after.includes(each) && sent.has(each)) ?? [];
      return {
        ...call,
        id: id++,
        after: call.after.map((each) => ids.get(each)!),
        ...(notified.length > 0 && { notified: notified.map((each) => ids.get(each)!) }),
        operands: call.operands.map((operand) => renamed(operand, ids, draft.chain !== undefined)),
      };
    }),
  }));
}

function renamed(operand: Operand, ids: ReadonlyMap<CallId, CallId>, inChain: boolean): Operand {
  if (operand.kind === "result" || operand.kind === "made-pipe")
    return { ...operand, call: ids.get(operand.call)! };
  const isNull = inChain && operand.kind === "pointer" && operand.value === -1n;
  if (isNull) return { kind: "null" };
  const isPosition = inChain && operand.kind === "int" && operand.value === -1n;
  return isPosition ? { ...operand, value: -2n } : operand;
}
