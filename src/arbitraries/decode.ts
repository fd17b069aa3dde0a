// Numbers to Programs: total, so that every list of numbers is a valid program.
//
// Interface: decodeProgram, Sample.
// One number makes the declarations, then each number makes one call: leaving a number out leaves a
// call out. A number also says in which thread its call is and where in the order: calls are sorted
// by that, so the others stay as they were.

import { contentBytes } from "../language/program.js";
import type { Call, CallId, Program } from "../language/program.js";
import { Budget } from "./budget.js";
import { KINDS, KIND_WEIGHTS } from "./calls.js";
import type { CallKind } from "./calls.js";
import type { Limits } from "./constraints.js";
import { Context } from "./context.js";
import { declare } from "./declare.js";
import { Digits } from "./digits.js";

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
const NOISE = 9;
/** The name of a file that a program opens without declaring it. */
const NEW_NAME = "h";
const AFTER_PERCENT = 4;
/** Calls whose result people want to see, or others use. */
const NAMED: ReadonlySet<string> = new Set(["open", "dup", "read", "pread", "ioctl", "poll"]);

/** Decodes a program: `head` for the declarations, one number for each call. */
export function decodeProgram(head: number, numbers: readonly number[], limits: Limits): Sample {
  const declared = declare(new Digits(head), limits);
  const longest = Math.max(...declared.files.map((file) => contentBytes(file.content)));
  const context = new Context(declared, new Budget(limits.fileBytesMax, longest));
  const sketches = numbers
    .slice(0, limits.callsMax)
    .map((number) => sketch(number, declared.threads))
    .sort((a, b) => a.place - b.place);
  const ids = idsInThreads(sketches, declared.threads);
  const calls = sketches.map((each, order) => decodeCall(context, each, order, sketches, ids));
  const labelled = new Set(calls.flatMap((call) => call.after));
  const threads = Array.from({ length: declared.threads }, (_, thread) => ({
    name: `t${thread}`,
    calls: calls
      .filter((_, order) => sketches[order]!.thread === thread)
      .map((call) => (labelled.has(call.id) ? { ...call, label: `l${call.id}` } : call)),
  }));
  const names = declared.files.map((file) => file.name);
  const program: Program = {
    name: "random",
    doc: "",
    names: context.newNameUsed ? [...names, NEW_NAME] : names,
    files: declared.files,
    pipes: declared.pipes,
    threads,
    locations: [],
  };
  return { program, picks: sketches.map((each) => each.thread) };
}

function sketch(number: number, threads: number): Sketch {
  const digits = new Digits(number);
  const kind = KINDS[digits.weighted(KIND_WEIGHTS)]!;
  const thread = digits.pick(threads);
  const place = kind.place + digits.pick(NOISE);
  return { kind, digits, thread, place };
}

/** The CallId of each sketch: calls count through the threads in order. */
function idsInThreads(sketches: readonly Sketch[], threads: number): CallId[] {
  const ids: CallId[] = new Array<CallId>(sketches.length);
  let next = 0;
  for (let thread = 0; thread < threads; thread++)
    sketches.forEach((each, order) => {
      if (each.thread === thread) ids[order] = next++;
    });
  return ids;
}

function decodeCall(
  context: Context,
  { kind, digits, thread }: Sketch,
  order: number,
  sketches: readonly Sketch[],
  ids: readonly CallId[],
): Call {
  const id = ids[order]!;
  const { syscall, operands } = kind.decode({ digits, context, thread, id });
  const others = ids.filter((_, at) => at < order && sketches[at]!.thread !== thread);
  const waits = digits.rarely(AFTER_PERCENT) && others.length > 0;
  return {
    id,
    syscall,
    operands,
    ...(NAMED.has(syscall) ? { register: `r${id}` } : {}),
    after: waits ? [others[others.length - 1 - digits.pick(others.length)]!] : [],
  };
}
