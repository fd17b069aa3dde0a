// Numbers to Programs: total, so that every list of numbers is a valid program.
//
// Interface: decodeProgram, Sample.
// One number makes the declarations, then each number makes one call: leaving a number out leaves a
// call out. A number also says in which thread its call is and where in the order: calls are sorted
// by that, so the others stay as they were.

import { contentBytes } from "../language/program.js";
import type { Call, CallId, Program, Thread } from "../language/program.js";
import { Budget } from "./budget.js";
import type { CallKind } from "./calls.js";
import type { Limits } from "./constraints.js";
import { Context } from "./context.js";
import { declare } from "./declare.js";
import { Digits } from "./digits.js";
import { kindsOf, kindWeights } from "./kinds.js";
import { asRequest, choiceOf, withRequests, withSent } from "./requests.js";
import type { RequestChoice } from "./requests.js";

/** A program, and the schedule that runs its calls in the order in which they were decoded. */
export interface Sample {
  readonly program: Program;
  /** Thread of each call to start: the meaning of a schedule at the grain of calls. */
  readonly picks: readonly number[];
}

/** A call whose place is known and whose operands are not. */
interface Sketch {
  readonly kind: CallKind;
  readonly digits: Digits;
  readonly thread: number;
  readonly place: number;
}

/** How far from its usual place a call may come to stand, in places. */
const NOISE = 7;
/** The name of a file that a program opens without declaring it. */
const NEW_NAME = "h";
const AFTER_PERCENT = 4;
/** Calls whose result people want to see, or others use. */
const NAMED: ReadonlySet<string> = new Set([
  "open",
  "dup",
  "memfd_create",
  "read",
  "pread",
  "readv",
  "preadv2",
  "ioctl",
  "poll",
  "mmap",
  "fork",
  "load",
]);

/** Decodes a program: `head` for the declarations, one number for each call. */
export function decodeProgram(head: number, numbers: readonly number[], limits: Limits): Sample {
  const declared = declare(new Digits(head), limits);
  let longest = 0;
  for (const file of declared.files) longest = Math.max(longest, contentBytes(file.content));
  const context = new Context(declared, new Budget(limits.fileBytesMax, longest));
  const sketches = numbers
    .slice(0, limits.callsMax)
    .map((number) => sketch(number, declared.threads, limits))
    .sort((a, b) => a.place - b.place);
  const choices = new Map<CallId, RequestChoice>();
  const decoded = decodeThreads(context, sketches, limits.uring ? choices : undefined);
  const { threads, started } = limits.uring
    ? withRequests(decoded, choices)
    : { threads: decoded, started: undefined };
  const names = declared.files.map((file) => file.name);
  if (context.newNameUsed) names.push(NEW_NAME);
  const program: Program = {
    name: "random",
    doc: "",
    names,
    files: declared.files,
    pipes: declared.pipes,
    sockets: declared.sockets,
    wires: declared.wires,
    threads,
    locations: [],
  };
  const ids = idsInThreads(sketches, declared.threads);
  const picked = sketches.filter((_, order) => started?.has(ids[order]!) ?? true);
  return { program, picks: picked.map((each) => each.thread) };
}

/** `choices`: where to note what becomes of each call. */
function decodeThreads(
  context: Context,
  sketches: readonly Sketch[],
  choices?: Map<CallId, RequestChoice>,
): Thread[] {
  const calls: Call[][] = [];
  for (let thread = 0; thread < context.declared.threads; thread++) calls.push([]);
  const ids = idsInThreads(sketches, calls.length);
  const labelled = new Set<CallId>();
  for (let order = 0; order < sketches.length; order++) {
    const { thread, digits } = sketches[order]!;
    const own = calls[thread]!;
    const decoded = decodeCall(context, sketches, ids, order);
    const call = choices === undefined ? decoded : chosen(digits, decoded, own, choices);
    own.push(call);
    for (const id of call.after) labelled.add(id);
  }
  const label = (call: Call): Call =>
    labelled.has(call.id) ? { ...call, label: `l${call.id}` } : call;
  return calls.map((own, thread) => ({
    name: `t${thread}`,
    calls: labelled.size === 0 ? own : own.map(label),
  }));
}

/** Notes what becomes of a call; the call as it is then. */
function chosen(
  digits: Digits,
  decoded: Call,
  own: readonly Call[],
  choices: Map<CallId, RequestChoice>,
): Call {
  const choice = choiceOf(digits, decoded, own);
  choices.set(decoded.id, choice);
  const call = choice === "call" ? decoded : asRequest(digits, decoded);
  return withSent(digits, call, own, choices);
}

function sketch(number: number, threads: number, limits: Limits): Sketch {
  const digits = new Digits(number);
  const kind = kindsOf(limits)[digits.weighted(kindWeights(limits))]!;
  const thread = digits.pick(threads);
  const place = kind.place + digits.pick(NOISE);
  return { kind, digits, thread, place };
}

/** The CallId of each sketch: calls count through the threads in order. */
function idsInThreads(sketches: readonly Sketch[], threads: number): CallId[] {
  const ids = new Array<CallId>(sketches.length);
  let next = 0;
  for (let thread = 0; thread < threads; thread++)
    for (let order = 0; order < sketches.length; order++)
      if (sketches[order]!.thread === thread) ids[order] = next++;
  return ids;
}

function decodeCall(
  context: Context,
  sketches: readonly Sketch[],
  ids: readonly CallId[],
  order: number,
): Call {
  const { kind, digits, thread } = sketches[order]!;
  const id = ids[order]!;
  const { syscall, operands } = kind.decode({ digits, context, thread, id });
  const after = digits.rarely(AFTER_PERCENT) ? earlierCall(digits, order, sketches, ids) : [];
  if (!NAMED.has(syscall)) return { id, syscall, operands, after };
  return { id, syscall, operands, register: `r${id}`, after };
}

/** A call of another thread that stands earlier in the order: waiting for it cannot go in a circle. */
function earlierCall(
  digits: Digits,
  order: number,
  sketches: readonly Sketch[],
  ids: readonly CallId[],
): CallId[] {
  const { thread } = sketches[order]!;
  const others = ids.filter((_, at) => at < order && sketches[at]!.thread !== thread);
  if (others.length === 0) return [];
  return [others[others.length - 1 - digits.pick(others.length)]!];
}
