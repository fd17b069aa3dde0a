// Text to Ast. Any text whatsoever gives an Ast or diagnostics, never a throw.
//
// Interface: parseText, parseLine, treeOf.

import type { SyntaxNode, Tree } from "@lezer/common";
import { parser } from "../../build/grammar/parser.js";
import type {
  Ast,
  After,
  CallNode,
  FileNode,
  PipeNode,
  ResultNode,
  SocketNode,
  ThreadNode,
  WireNode,
} from "./ast.js";
import { placeOf, propOf, questionOf } from "./build-prop.js";
import {
  childrenOf,
  exprOf,
  need,
  numberOf,
  qualifiedOf,
  spanOf,
  stringOf,
  textOf,
  valuesOf,
  wordOf,
} from "./build-value.js";
import type { Source } from "./build-value.js";
import { DEFAULT_SOCKET } from "./socket-kinds.js";
import type { SocketKind } from "./socket-kinds.js";
import type { Reporter } from "./diagnostic.js";
import { NESTING_MAX, TEXT_MAX } from "./limits.js";
import { reportSyntaxErrors } from "./syntax-errors.js";

const lineParser = parser.configure({ top: "Line" });

/** The syntax tree of a text, if it has no syntax errors; they are reported otherwise. */
export function treeOf(
  text: string,
  reporter: Reporter,
  top: "Scenario" | "Line" = "Scenario",
): Tree | undefined {
  if (text.length > TEXT_MAX) {
    const kilobytes = TEXT_MAX / 1024;
    reporter.error(
      { from: 0, to: 0 },
      `the text is longer than ${kilobytes} KiB`,
      "use fills such as `0x1f * 4096` in place of long strings",
    );
    return undefined;
  }
  const tree = (top === "Line" ? lineParser : parser).parse(text);
  if (reportSyntaxErrors(tree, text, reporter)) return undefined;
  return isTooDeep(tree, reporter) ? undefined : tree;
}

/** Parses a scenario; undefined if it has syntax errors. */
export function parseText(text: string, reporter: Reporter): Ast | undefined {
  const tree = treeOf(text, reporter);
  return tree === undefined ? undefined : astOf({ text, reporter }, tree.topNode);
}

/** Parses one call; undefined if it has syntax errors, or if there is none on the line. */
export function parseLine(text: string, reporter: Reporter): CallNode | undefined {
  const node = treeOf(text, reporter, "Line")?.topNode.getChild("Statement");
  return node === null || node === undefined ? undefined : callOf({ text, reporter }, node);
}

/** The rest of the code may recurse: trees are shallow. */
function isTooDeep(tree: Tree, reporter: Reporter): boolean {
  let depth = 0;
  let tooDeep = false;
  tree.iterate({
    enter(node) {
      depth++;
      if (depth <= 2 * NESTING_MAX || tooDeep) return;
      tooDeep = true;
      reporter.error(
        { from: node.from, to: node.to },
        "the condition is nested too deeply",
        `use at most ${NESTING_MAX} levels of parentheses and \`not\``,
      );
    },
    leave() {
      depth--;
    },
  });
  return tooDeep;
}

function astOf(source: Source, top: SyntaxNode): Ast {
  return {
    headers: top.getChildren("Header").map((node) => ({
      ...spanOf(node),
      name: wordOf(source, need(node, "Name")),
      doc: node.getChildren("Doc").map((doc) => stringOf(source, need(doc, "String")).text),
    })),
    files: top.getChildren("FileDecl").map((node) => fileOf(source, node)),
    pipes: top.getChildren("PipeDecl").map((node) => pipeOf(source, node)),
    backgrounds: top
      .getChildren("BackgroundDecl")
      .map((node) => ({ ...spanOf(node), name: wordOf(source, need(node, "Name")) })),
    sockets: top.getChildren("SocketDecl").map((node) => socketOf(source, node)),
    wires: top.getChildren("WireDecl").map((node) => wireOf(source, node)),
    threads: top.getChildren("ThreadDecl").map((node) => threadOf(source, node)),
    questions: top.getChildren("Question").map((node) => questionOf(source, node)),
    filters: top
      .getChildren("Filter")
      .map((node) => ({ ...spanOf(node), prop: propOf(source, childrenOf(node).at(-1)!) })),
    locations: top.getChildren("Locations").map((node) => ({
      ...spanOf(node),
      places: node.getChildren("Place").map((place) => placeOf(source, place)),
    })),
  };
}

function fileOf(source: Source, node: SyntaxNode): FileNode {
  const content = node.getChild("Content");
  const order = node.getChild("FolioOrder")?.getChild("Number");
  const name = wordOf(source, need(node, "Name"));
  const pieces = content === null ? [] : valuesOf(source, content);
  if (order === null || order === undefined) return { ...spanOf(node), name, pieces };
  const folioOrder = { ...spanOf(order), value: numberOf(source, order) };
  return { ...spanOf(node), name, pieces, folioOrder };
}

function pipeOf(source: Source, node: SyntaxNode): PipeNode {
  const flags = node.getChild("Expr");
  const size = node.getChild("Size");
  return {
    ...spanOf(node),
    name: wordOf(source, need(node, "Name")),
    ...(flags === null ? {} : { flags: exprOf(source, flags) }),
    ...(size === null ? {} : { size: exprOf(source, need(size, "Expr")) }),
  };
}

function socketOf(source: Source, node: SyntaxNode): SocketNode {
  const flags = node.getChild("Expr");
  const name = wordOf(source, need(node, "Name"));
  const word = node.getChild("SocketWord");
  const kind = word === null ? DEFAULT_SOCKET : (textOf(source, word) as SocketKind);
  const socket = { ...spanOf(node), name, kind };
  return flags === null ? socket : { ...socket, flags: exprOf(source, flags) };
}

function wireOf(source: Source, node: SyntaxNode): WireNode {
  const queue = node.getChild("Queue");
  const loopback = node.getChild("Loopback");
  const retransmit = node.getChild("Retransmit");
  return {
    ...spanOf(node),
    name: wordOf(source, need(node, "Name")),
    ...(loopback === null ? {} : { loopback: spanOf(loopback) }),
    ...(retransmit === null ? {} : { retransmit: spanOf(retransmit) }),
    ...(queue === null ? {} : { frags: exprOf(source, need(queue, "Expr")) }),
  };
}

function threadOf(source: Source, node: SyntaxNode): ThreadNode {
  const calls = node.getChildren("Statement").map((statement) => callOf(source, statement));
  const flags = node.getChild("Expr");
  return {
    ...spanOf(node),
    name: wordOf(source, need(node, "Name")),
    isChain: node.getChild("chain") !== null,
    ...(flags === null ? {} : { flags: exprOf(source, flags) }),
    calls,
  };
}

function callOf(source: Source, node: SyntaxNode): CallNode {
  const call = need(node, "Call");
  const label = node.getChild("Label");
  const register = node.getChild("Register");
  const result = node.getChild("Result");
  return {
    ...spanOf(call),
    afters: node
      .getChildren("After")
      .flatMap((after) => after.getChildren("Qualified").map((each) => afterOf(source, each))),
    ...(label === null ? {} : { label: wordOf(source, label) }),
    ...(register === null ? {} : { register: wordOf(source, register) }),
    callee: wordOf(source, need(call, "Callee")),
    args: valuesOf(source, need(call, "Args")),
    ...(result === null ? {} : { result: resultOf(source, result) }),
  };
}

function afterOf(source: Source, node: SyntaxNode): After {
  const next = node.nextSibling;
  const qualified = qualifiedOf(source, node);
  return next?.name === "Notif" ? { ...qualified, notif: spanOf(next) } : qualified;
}

function resultOf(source: Source, node: SyntaxNode): ResultNode {
  const failure = node.getChild("Failure");
  if (failure === null) return { ...spanOf(node), ret: numberOf(source, need(node, "Number")) };
  const text = textOf(source, failure);
  const errno = /E[A-Z0-9]+/.exec(text)!;
  const from = failure.from + errno.index;
  const word = { from, to: from + errno[0].length, text: errno[0] };
  return { ...spanOf(node), ret: -1n, errno: word };
}
