// Ast to Program: every name resolved, every limit kept, every mistake reported with a remedy.
//
// Interface: check.

import type { Ast, CallNode, FileNode, PipeNode } from "./ast.js";
import { checkCall, declareNames } from "./check-call.js";
import type { CheckContext } from "./check-call.js";
import { checkChainHead, checkChains } from "./check-chain.js";
import { checkName } from "./check-operand.js";
import { checkOrder } from "./check-order.js";
import { checkPlace, checkProp } from "./check-prop.js";
import { checkSocket, checkWire } from "./check-socket.js";
import { checkTears } from "./check-tear.js";
import { checkUnmodelled } from "./check-unmodelled.js";
import { PIPE_FLAGS } from "./constants.js";
import type { Reporter, Span } from "./diagnostic.js";
import { contentOf, DataBudget, evaluate } from "./evaluate.js";
import {
  CALLS_MAX,
  FILE_BYTES_MAX,
  FILES_MAX,
  FOLIO_ORDER_MAX,
  PIPE_SIZE_MAX,
  PIPES_MAX,
  SOCKETS_MAX,
  THREADS_MAX,
  WIRES_MAX,
} from "./limits.js";
import { BACKGROUND_TASKS, contentBytes } from "./program.js";
import type { BackgroundTask, FileDecl, PipeDecl, Program, Thread } from "./program.js";
import { Scope } from "./scope.js";
import { didYouMean } from "./suggest.js";

const START: Span = { from: 0, to: 0 };

/** The program that a text means; undefined if it has errors. Warnings leave it usable. */
export function check(ast: Ast, reporter: Reporter): Program | undefined {
  const context = { scope: new Scope(), budget: new DataBudget(), reporter };
  const header = checkHeader(ast, reporter);
  checkCounts(ast, reporter);
  if (reporter.failed()) return undefined;
  const files = ast.files.map((node, i) => checkFile(node, i, context));
  const pipes = ast.pipes.map((node, i) => checkPipe(node, i, context));
  const background = checkBackground(ast, reporter);
  const nodes = ast.threads.flatMap((thread) => thread.calls);
  const sockets = ast.sockets.map((node, i) => checkSocket(node, i, context));
  const wires = ast.wires.map((node, i) => checkWire(node, i, context));
  const threads = checkThreads(ast, context);
  if (!reporter.failed()) {
    checkOrder(threads, nodes, reporter);
    checkTears(threads, nodes, reporter);
    checkChains(ast, threads, reporter);
    checkUnmodelled({ sockets, wires, threads }, nodes, reporter);
  }
  const [question] = ast.questions;
  const prop = question && checkProp(question.prop, context);
  const filter = ast.filters[0] && checkProp(ast.filters[0].prop, context);
  const places = ast.locations.flatMap((each) => each.places);
  const locations = places.flatMap((place) => checkPlace(place, context) ?? []);
  if (reporter.failed()) return undefined;
  return {
    ...header,
    names: context.scope.names,
    files,
    pipes,
    ...(background.length === 0 ? {} : { background }),
    sockets,
    wires,
    threads,
    ...(question && prop ? { condition: { quantifier: question.quantifier, prop } } : {}),
    ...(filter ? { filter } : {}),
    locations,
  };
}

function checkHeader({ headers }: Ast, reporter: Reporter): Pick<Program, "name" | "doc"> {
  const [header] = headers;
  if (header === undefined)
    reporter.error(START, "the scenario has no name", "begin the text with `litmus NAME`");
  return { name: header?.name.text ?? "", doc: header?.doc.join("\n") ?? "" };
}

/** Reports what there is too much of. */
function checkCounts(ast: Ast, reporter: Reporter): void {
  const atMost = (nodes: readonly Span[], max: number, what: string): void => {
    const extra = nodes[max];
    if (extra === undefined) return;
    const message = max === 1 ? `there is a second ${what}` : `there are more than ${max} ${what}`;
    reporter.error(extra, message, max === 1 ? "keep one" : "split the scenario into smaller ones");
  };
  atMost(ast.headers, 1, "`litmus` line");
  atMost(ast.questions, 1, "condition");
  atMost(ast.filters, 1, "filter");
  atMost(ast.files, FILES_MAX, "files");
  atMost(ast.pipes, PIPES_MAX, "pipes");
  atMost(ast.sockets, SOCKETS_MAX, "sockets");
  atMost(ast.wires, WIRES_MAX, "wires");
  atMost(ast.threads, THREADS_MAX, "threads");
  atMost(
    ast.threads.flatMap((thread) => thread.calls),
    CALLS_MAX,
    "calls",
  );
  if (ast.threads.length === 0)
    reporter.error(START, "the scenario has no thread", "add, say, `thread a { … }`");
}

function checkFile(node: FileNode, file: number, context: CheckContext): FileDecl {
  const { scope, budget, reporter } = context;
  const { name, pieces, folioOrder } = node;
  scope.declare(name, { kind: "file", file }, reporter);
  checkName(name.text, name, reporter);
  scope.nameOf(name.text, name, reporter);
  const content = contentOf(pieces, "file", budget, reporter) ?? [];
  if (contentBytes(content) > FILE_BYTES_MAX)
    reporter.error(node, "the file is too long", `use at most ${FILE_BYTES_MAX} bytes`);
  const order = folioOrder?.value ?? 0n;
  if (order < 0n || order > BigInt(FOLIO_ORDER_MAX))
    reporter.error(
      folioOrder!,
      `there is no folio of order ${order}`,
      `use 0 to ${FOLIO_ORDER_MAX}`,
    );
  const declared = { name: name.text, content };
  return folioOrder === undefined ? declared : { ...declared, folioOrder: Number(order) };
}

function checkPipe(node: PipeNode, pipe: number, { scope, reporter }: CheckContext): PipeDecl {
  scope.declare(node.name, { kind: "pipe", pipe }, reporter);
  const flags = node.flags && evaluate(node.flags, "a flag of a pipe", reporter, PIPE_FLAGS);
  const known = Object.values(PIPE_FLAGS).reduce((bits: bigint, bit) => bits | BigInt(bit), 0n);
  if (flags !== undefined && (flags < 0n || (flags & ~known) !== 0n)) {
    const remedy = `use ${Object.keys(PIPE_FLAGS).join(", ")}; a size is written \`size ${flags}\``;
    reporter.error(node.flags!, `${flags} is not among the flags of a pipe`, remedy);
  }
  const size = node.size && evaluate(node.size, "a size", reporter);
  if (size !== undefined && (size < 1n || size > BigInt(PIPE_SIZE_MAX)))
    reporter.error(node.size!, `a pipe of ${size} bytes`, `use 1 to ${PIPE_SIZE_MAX}`);
  const declared = { name: node.name.text, flags: Number(flags ?? 0n) };
  return size === undefined ? declared : { ...declared, sizeBytes: Number(size) };
}

/** The tasks in their own order. */
function checkBackground({ backgrounds }: Ast, reporter: Reporter): BackgroundTask[] {
  const names = backgrounds.map(({ name }) => name.text);
  backgrounds.forEach(({ name }, i) => {
    if (!BACKGROUND_TASKS.some((task) => task === name.text))
      reporter.error(
        name,
        `there is no background task \`${name.text}\``,
        didYouMean(name.text, BACKGROUND_TASKS, "leave it out"),
      );
    else if (names.indexOf(name.text) < i)
      reporter.error(name, `\`${name.text}\` is declared twice`, "keep one");
  });
  return BACKGROUND_TASKS.filter((task) => names.includes(task));
}

/** Names first, then calls: a thread may use what a later one makes. */
function checkThreads(ast: Ast, context: CheckContext): Thread[] {
  for (const { name, isChain } of ast.threads)
    context.scope.declareThread(name, isChain, context.reporter);
  eachCall(ast, (node, id, thread) => {
    declareNames(node, id, thread, context);
  });
  const threads = ast.threads.map((node): Thread & { calls: Thread["calls"][number][] } => {
    const chain = checkChainHead(node, context.reporter);
    return { name: node.name.text, calls: [], ...(chain === undefined ? {} : { chain }) };
  });
  eachCall(ast, (node, id, thread) => {
    const call = checkCall(node, id, thread, context);
    if (call !== undefined) threads[thread]!.calls.push(call);
  });
  return threads;
}

function eachCall(ast: Ast, visit: (node: CallNode, id: number, thread: number) => void): void {
  let id = 0;
  ast.threads.forEach(({ calls }, thread) => {
    for (const node of calls) visit(node, id++, thread);
  });
}
