// Conditions and locations, resolved: what each side of a comparison is.
//
// Interface: checkProp, checkPlace.

import type { Atom, Expr, PlaceNode, PropNode, Value } from "./ast.js";
import type { CheckContext } from "./check-call.js";
import { rangeOf, takesCompletions } from "./completions.js";
import type { Reporter, Span } from "./diagnostic.js";
import { contentOf, evaluate } from "./evaluate.js";
import type { Constants } from "./evaluate.js";
import type { Content, Location, Prop } from "./program.js";
import { didYouMean } from "./suggest.js";
import { SYSCALL_NAMES, syscallRow } from "./syscalls.js";
import type { NamedCall, Scope } from "./scope.js";

/** Constants of all calls: `client:r = POLLIN`. */
const CONSTANTS: Constants = Object.assign(
  {},
  ...SYSCALL_NAMES.flatMap((name) => syscallRow(name).params.map((param) => param.set ?? {})),
) as Constants;

/** A condition; undefined if something in it was reported. */
export function checkProp(node: PropNode, context: CheckContext): Prop | undefined {
  switch (node.kind) {
    case "true":
    case "snapshot":
      return { kind: node.kind };
    case "not": {
      const prop = checkProp(node.prop, context);
      return prop && { kind: "not", prop };
    }
    case "and":
    case "or": {
      const props = node.props.flatMap((each) => checkProp(each, context) ?? []);
      return props.length < node.props.length ? undefined : { kind: node.kind, props };
    }
    case "compare": {
      const prop = checkCompare(node, context);
      return prop === undefined || node.equal ? prop : { kind: "not", prop };
    }
  }
}

/** A place; undefined if it was reported. */
export function checkPlace(node: PlaceNode, context: CheckContext): Location | undefined {
  if (node.kind !== "qualified") return checkThing(node, context);
  const named = context.scope.callOf(node, context.reporter);
  return named && { kind: "call", call: named.call };
}

function checkThing(
  node: Exclude<PlaceNode, { kind: "qualified" }>,
  { scope, reporter }: CheckContext,
): Location | undefined {
  if (node.kind === "end") return checkEndPlace(node, scope, reporter);
  const thing = node.kind === "name" ? scope.things.get(node.name) : undefined;
  if (thing?.kind === "wire") return { kind: "wire", wire: { wire: thing.wire, sent: "first" } };
  if (thing?.kind === "socket") {
    const remedy = `write \`${node.name}.a\` or \`${node.name}.b\`: the bytes that wait at that end`;
    reporter.error(node, "a socket holds bytes at each of its ends", remedy);
    return undefined;
  }
  const pipe = node.kind === "name" ? scope.pipeOf(node.name) : undefined;
  if (pipe !== undefined) return { kind: "pipe", pipe };
  const name = scope.names.indexOf(node.name);
  if (name >= 0) return { kind: "file", name };
  const message = `there is no file, pipe, socket or wire \`${node.name}\``;
  reporter.error(node, message, placeRemedy(node.name, { scope }));
  return undefined;
}

/** `s.a`, where the bytes wait that were sent to that end of a socket; `w.last`, a wire's other log. */
function checkEndPlace(
  node: Extract<PlaceNode, { kind: "end" }>,
  scope: Scope,
  reporter: Reporter,
): Location | undefined {
  const { pipe: name, end } = node;
  const thing = scope.things.get(name);
  if (thing?.kind === "socket" && (end === "a" || end === "b"))
    return { kind: "pipe", pipe: { socket: thing.socket, end } };
  if (thing?.kind === "wire" && end === "last")
    return { kind: "wire", wire: { wire: thing.wire, sent: "last" } };
  const [message, remedy] =
    thing?.kind === "socket"
      ? [`a socket has no end \`${end}\``, `write \`${name}.a\` or \`${name}.b\``]
      : thing?.kind === "wire"
        ? [
            `a wire has nothing called \`${end}\``,
            `write \`${name}\`, the bytes as they were sent first, or \`${name}.last\``,
          ]
        : ["an end of a pipe holds nothing", `write \`${name}\`: the bytes left in the pipe`];
  reporter.error(node, message, remedy);
  return undefined;
}

function placeRemedy(name: string, { scope }: Pick<CheckContext, "scope">): string {
  const owner = scope.threads.find((thread) => thread.calls.has(name));
  if (owner !== undefined) return `write \`${owner.name}:${name}\``;
  const known = [...new Set([...scope.things.keys(), ...scope.names])];
  return didYouMean(name, known, "declare the file or pipe, or write thread:register");
}

function checkCompare(
  node: Extract<PropNode, { kind: "compare" }>,
  context: CheckContext,
): Prop | undefined {
  const { place, value } = node;
  if (namesPlace(value, context.scope)) {
    refuseTwoPlaces(place, value, context.reporter);
    return undefined;
  }
  if (place.kind === "qualified") {
    const named = context.scope.callOf(place, context.reporter);
    return named && checkCallValue(place, named, value, context);
  }
  const thing = checkThing(place, context);
  const content = contentIn(value, context);
  if (thing === undefined || content === undefined || thing.kind === "call") return undefined;
  return { ...thing, content };
}

/** As the text has it. */
function spelled(node: PlaceNode | Atom): string {
  switch (node.kind) {
    case "qualified":
      return `${node.thread.text}:${node.name.text}`;
    case "end":
      return `${node.pipe}.${node.end}`;
    case "path":
      return `"${node.name}"`;
    case "name":
    case "ref":
      return node.name;
    default:
      return node.kind;
  }
}

/** Whether the right side of a comparison is a place, as the left side is: a register, a pipe, a file. */
function namesPlace(value: Value, scope: Scope): value is Expr {
  const [atom, ...others] = value.kind === "expr" ? value.atoms : [];
  if (atom === undefined || others.length > 0) return false;
  if (atom.kind === "ref")
    return (
      !Object.hasOwn(CONSTANTS, atom.name) &&
      (scope.things.has(atom.name) ||
        scope.names.includes(atom.name) ||
        scope.threads.some(({ calls }) => calls.has(atom.name)))
    );
  return atom.kind === "qualified" || atom.kind === "end";
}

function refuseTwoPlaces(left: PlaceNode, right: Expr, reporter: Reporter): void {
  const [one, other] = [spelled(left), spelled(right.atoms[0]!)];
  reporter.error(
    right,
    `\`${one}\` and \`${other}\` cannot be compared with each other, only each with a value`,
    `name the values that both may have: \`(${one} = V /\\ ${other} = V) \\/ (${one} = W /\\ ${other} = W)\`; the lines of \`explore\` show both`,
  );
}

const contentIn = (value: Value, { budget, reporter }: CheckContext): Content | undefined =>
  contentOf([value], "condition", budget, reporter);

function checkCallValue(
  place: Span,
  { call, syscall, by }: NamedCall,
  value: Value,
  context: CheckContext,
): Prop | undefined {
  const { reporter } = context;
  const { yields } = syscallRow(syscall);
  if (by === "register" && yields === "data") {
    const content = contentIn(value, context);
    return content && { kind: "data", call, content };
  }
  if (by === "label" && yields === "out") {
    const remedy = `put a register in front of the call: \`n = ${syscall}(…)\``;
    reporter.error(place, `${syscall}() answers through a pointer, not by its result`, remedy);
    return undefined;
  }
  if (takesCompletions(syscall)) {
    const range = rangeOf(value, reporter);
    if (range !== undefined) return { kind: "number", call, value: range };
    if (value.kind === "range") return undefined;
  }
  if (value.kind !== "expr") {
    const remedy =
      yields === "data"
        ? `put a register in front of ${syscall}() and compare that with content`
        : "compare it with a number";
    reporter.error(value, `${syscall}() gives a number here, not content`, remedy);
    return undefined;
  }
  const number = evaluate(value, "a number or constant", reporter, CONSTANTS);
  return number === undefined ? undefined : { kind: "number", call, value: number };
}
