// One call of a text, resolved: its row in the table, its arguments, what it waits for and expects.
//
// Interface: checkCall, declareNames, prototypeOf, ERRNO_NAMES.

import * as errnos from "../../assembly/abi/errno.js";
import { F_SETFL, O_TMPFILE } from "../../assembly/abi/fcntl.js";
import type { After, CallNode, ResultNode } from "./ast.js";
import { checkForm } from "./check-form.js";
import { FILE_FLAGS } from "./constants.js";
import type { Reporter } from "./diagnostic.js";
import type { DataBudget } from "./evaluate.js";
import { checkOperand } from "./check-operand.js";
import type { Call, CallId, Expectation, Operand } from "./program.js";
import type { Scope } from "./scope.js";
import { didYouMean } from "./suggest.js";
import { SYSCALLS, syscallRow } from "./syscalls.js";
import type { Param, SyscallName } from "./syscalls.js";
import { unknownCall } from "./unmodelled.js";

/** What checking a call needs beside the call. */
export interface CheckContext {
  readonly scope: Scope;
  readonly budget: DataBudget;
  readonly reporter: Reporter;
}

/** The names of errno values. */
export const ERRNO_NAMES: readonly string[] = Object.keys(errnos);

const syscallOf = (node: CallNode): SyscallName | undefined =>
  Object.hasOwn(SYSCALLS, node.callee.text) ? (node.callee.text as SyscallName) : undefined;

/** Declares the label, the register and the new pipe of a call, before any argument is looked at. */
export function declareNames(
  node: CallNode,
  call: CallId,
  thread: number,
  { scope, reporter }: CheckContext,
): void {
  const syscall = syscallOf(node);
  if (syscall === undefined) {
    reporter.error(node.callee, ...unknownCall(node.callee.text));
    return;
  }
  const [first] = node.args;
  const name = first?.kind === "expr" ? first.atoms[0] : undefined;
  if (syscall === "pipe2" && name?.kind === "ref")
    scope.declare({ ...name, text: name.name }, { kind: "made", call, thread }, reporter);
  if (node.label !== undefined)
    scope.declareCall(thread, node.label, { call, syscall, by: "label" }, reporter);
  if (node.register !== undefined)
    scope.declareCall(thread, node.register, { call, syscall, by: "register" }, reporter);
}

/** Checks a call whose names are declared; undefined if something was reported. */
export function checkCall(
  node: CallNode,
  call: CallId,
  thread: number,
  context: CheckContext,
): Call | undefined {
  const { reporter, scope } = context;
  const syscall = syscallOf(node);
  if (syscall === undefined) return undefined;
  const { params } = syscallRow(syscall);
  if (!checkArity(node, syscall, params, reporter)) return undefined;
  if (!checkForm(node, syscall, reporter)) return undefined;
  const site = { call, thread, syscall, ...context };
  const operands = node.args.flatMap((arg, i) => checkOperand(site, params[i]!, arg) ?? []);
  if (operands.length < node.args.length) return undefined;
  if (syscall === "open") checkTmpfile(node, operands, reporter);
  if (syscall === "fcntl") checkFileFlags(node, operands, reporter);
  const after = node.afters.flatMap((each) => scope.callOf(each, reporter)?.call ?? []);
  node.afters.forEach((each, i) => {
    if (after[i] !== undefined && after.indexOf(after[i]) < i)
      reporter.error(each, "the call waits for this twice", "leave one out");
  });
  const notified = node.afters.flatMap((each, i) =>
    each.notif && after[i] !== undefined && hasNotification(each, scope, reporter) ? after[i] : [],
  );
  const expect = node.result && checkResult(syscall, node.result, reporter);
  return {
    id: call,
    syscall,
    operands,
    ...(node.label === undefined ? {} : { label: node.label.text }),
    ...(node.register === undefined ? {} : { register: node.register.text }),
    after,
    ...(notified.length === 0 ? {} : { notified }),
    ...(expect === undefined ? {} : { expect }),
  };
}

/** Whether a call is a zero-copy request: only these have a second completion. */
function hasNotification(after: After, scope: Scope, reporter: Reporter): boolean {
  const { thread, name } = after;
  const owner = scope.threads.find((each) => each.name === thread.text);
  const syscall = owner?.calls.get(name.text)?.syscall;
  if (owner?.isChain === true && (syscall === "send" || syscall === "sendmsg")) return true;
  const message = "only a send() or sendmsg() of a chain has a notification";
  reporter.error(after.notif!, message, `write \`after ${thread.text}:${name.text}\``);
  return false;
}

/** How a call is written: `tee(fd_in, fd_out, len, flags)`. */
export function prototypeOf(syscall: SyscallName): string {
  const { params } = syscallRow(syscall);
  const names = params.map(({ name, optional }) => (optional ? `[${name}]` : name));
  const shown = repeats(params) ? [params[0]!.name, "…"] : names;
  return `${syscall}(${shown.join(", ")})`;
}

/** Whether a call takes several of one kind. */
const repeats = ([first, second]: readonly Param[]): boolean =>
  first !== undefined && first.name === second?.name;

function checkArity(
  node: CallNode,
  syscall: SyscallName,
  params: readonly Param[],
  reporter: Reporter,
): boolean {
  const required = params.filter((param) => param.optional === undefined).length;
  const given = node.args.length;
  if (given >= required && given <= params.length) return true;
  const or = repeats(params) ? "to" : "or";
  const wanted = required === params.length ? `${required}` : `${required} ${or} ${params.length}`;
  const noun = wanted === "1" ? "argument" : "arguments";
  const message = `${syscall}() takes ${wanted} ${noun}, not ${given}`;
  reporter.error(node, message, `write ${prototypeOf(syscall)}`);
  return false;
}

function checkTmpfile(node: CallNode, operands: readonly Operand[], reporter: Reporter): void {
  const [path, flags] = operands;
  if (path?.kind !== "name" || flags?.kind !== "int" || path.name < 0) return;
  if ((flags.value & BigInt(O_TMPFILE)) !== BigInt(O_TMPFILE)) return;
  const message = "O_TMPFILE makes a file without a name, in a folder";
  reporter.error(node.args[0]!, message, 'write open(".", O_RDWR | O_TMPFILE, 0600)');
}

const SETTABLE = Object.values(FILE_FLAGS).reduce((bits, bit) => bits | BigInt(bit), 0n);

function checkFileFlags(node: CallNode, operands: readonly Operand[], reporter: Reporter): void {
  const [, command, arg] = operands;
  if (command?.kind !== "int" || command.value !== BigInt(F_SETFL)) return;
  if (arg?.kind !== "int" || (arg.value & ~SETTABLE) === 0n) return;
  const names = Object.keys(FILE_FLAGS).join(", ");
  reporter.error(node.args[2]!, "F_SETFL sets other flags than these here", `use ${names}`);
}

function checkResult(
  syscall: SyscallName,
  node: ResultNode,
  reporter: Reporter,
): Expectation | undefined {
  const { ret, errno } = node;
  // An address means nothing in another run: every one is as good as 0.
  if (errno === undefined) return { ret: syscall === "mmap" && ret > 0n ? 0n : ret };
  if (ERRNO_NAMES.includes(errno.text)) return { ret, errno: errno.text };
  const remedy = didYouMean(errno.text, ERRNO_NAMES, "");
  reporter.error(errno, `no call here fails with ${errno.text}`, remedy);
  return undefined;
}
