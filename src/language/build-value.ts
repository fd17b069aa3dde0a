// From the parser's tree to the Ast: words, numbers, strings, arguments and content.
//
// Interface: Source, need, childrenOf, spanOf, textOf, wordOf, qualifiedOf, endOf, numberOf, stringOf,
// exprOf, valueOf, valuesOf.

import type { SyntaxNode } from "@lezer/common";
import type { Atom, Expr, Operator, Qualified, Value, Word } from "./ast.js";
import type { Reporter, Span } from "./diagnostic.js";
import { readHex, readNumber, readString } from "./literals.js";
import type { Quoted, Read } from "./literals.js";

/** The text under the tree, and where its mistakes go. */
export interface Source {
  readonly text: string;
  readonly reporter: Reporter;
}

/** A child that the grammar promises in a tree without errors. */
export function need(node: SyntaxNode, name: string): SyntaxNode {
  const child = node.getChild(name);
  if (child === null) throw new Error(`the grammar gives ${node.name} a ${name}`);
  return child;
}

export const spanOf = ({ from, to }: Span): Span => ({ from, to });

export const textOf = (source: Source, { from, to }: Span): string => source.text.slice(from, to);

/** The first word of a node: `s` of `s:`, `a` of `a =`. */
export function wordOf(source: Source, node: SyntaxNode): Word {
  const word = need(node, "Word");
  return { ...spanOf(word), text: textOf(source, word) };
}

/** The two words around a `:` or `.`. */
function pairOf(source: Source, node: SyntaxNode): [Word, Word] {
  const [first, second] = node.getChildren("Word");
  const word = (each: SyntaxNode): Word => ({ ...spanOf(each), text: textOf(source, each) });
  return [word(first!), word(second!)];
}

/** `thread:name`. */
export function qualifiedOf(source: Source, node: SyntaxNode): Qualified {
  const [thread, name] = pairOf(source, node);
  return { ...spanOf(node), thread, name };
}

/** `pipe.end`. */
export function endOf(
  source: Source,
  node: SyntaxNode,
): Span & { readonly pipe: string; readonly end: string } {
  const [pipe, end] = pairOf(source, node);
  return { ...spanOf(node), pipe: pipe.text, end: end.text };
}

/** Reports what is wrong with a token, if anything, and goes on with `instead`. */
function take<T>(source: Source, span: Span, read: Read<T>, instead: T): T {
  if ("value" in read) return read.value;
  const from = span.from + (read.at ?? 0);
  source.reporter.error({ from, to: span.to }, read.problem, read.remedy);
  return instead;
}

export const numberOf = (source: Source, node: SyntaxNode): bigint =>
  take(source, node, readNumber(textOf(source, node)), 0n);

export const stringOf = (source: Source, node: SyntaxNode): Quoted =>
  take(source, node, readString(textOf(source, node)), { text: "", bytes: new Uint8Array() });

function atomOf(source: Source, node: SyntaxNode): Atom | undefined {
  const span = spanOf(node);
  switch (node.name) {
    case "Number":
      return { ...span, kind: "number", value: numberOf(source, node) };
    case "Ref":
      return { ...span, kind: "ref", name: textOf(source, node) };
    case "End":
      return { ...endOf(source, node), kind: "end" };
    case "Qualified":
      return { ...qualifiedOf(source, node), kind: "qualified" };
    case "Null":
      return { ...span, kind: "null" };
    default:
      return undefined;
  }
}

/** Children without comments. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (child.name !== "Comment") children.push(child);
  return children;
}

export function exprOf(source: Source, node: SyntaxNode): Expr {
  const atoms: Atom[] = [];
  const operators: Operator[] = [];
  for (const child of childrenOf(node)) {
    const atom = atomOf(source, child);
    if (atom !== undefined) atoms.push(atom);
    else if (child.name === "Op") operators.push(textOf(source, child) as Operator);
  }
  return { ...spanOf(node), kind: "expr", atoms, operators };
}

/** An argument or a piece of content; undefined for punctuation. */
export function valueOf(source: Source, node: SyntaxNode): Value | undefined {
  const span = spanOf(node);
  switch (node.name) {
    case "Expr":
      return exprOf(source, node);
    case "Range": {
      const [low, high] = node.getChildren("Number").map((end) => numberOf(source, end));
      return { ...span, kind: "range", low: low!, high: high! };
    }
    case "String":
      return { ...span, kind: "text", ...stringOf(source, node) };
    case "Hex": {
      const digits = need(node, "String");
      const { text } = stringOf(source, digits);
      return { ...span, kind: "hex", bytes: take(source, digits, readHex(text), new Uint8Array()) };
    }
    case "Hole":
      return { ...span, kind: "hole", length: exprOf(source, need(node, "Expr")) };
    case "Fault":
      return { ...span, kind: "fault", length: exprOf(source, need(node, "Expr")) };
    case "Group":
      return { ...span, kind: "group", pieces: valuesOf(source, node) };
    case "Vector":
      return { ...span, kind: "vector", segments: valuesOf(source, node) };
    default:
      return undefined;
  }
}

/** All arguments or pieces below a node. */
export const valuesOf = (source: Source, node: SyntaxNode): Value[] =>
  childrenOf(node).flatMap((child) => valueOf(source, child) ?? []);
