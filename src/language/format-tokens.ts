// The leaves of a syntax tree, each with its text and its place on a line.
//
// Interface: tokensOf, Token.

import type { SyntaxNode, Tree } from "@lezer/common";
import { SYSCALLS, syscallRow } from "./syscalls.js";
import type { SyscallName } from "./syscalls.js";

/** One token or comment of the formatted text. */
export interface Token {
  /** The name of its node, and of the node around it. */
  readonly name: string;
  readonly parent: string;
  readonly text: string;
  readonly place:
    "line start" | "continuation" | "inside" | "own-line comment" | "end-of-line comment";
  /** Spaces in front, where it comes to begin a line. */
  readonly indent: number;
  /** An empty line stands above it. */
  blank: boolean;
  /** The part of the text that it begins, if it begins one. */
  readonly group?: string;
}

/** Which part of a scenario each item belongs to; parts are separated by an empty line. */
const GROUPS: Readonly<Record<string, string>> = {
  Header: "header",
  FileDecl: "declarations",
  PipeDecl: "declarations",
  BackgroundDecl: "declarations",
  SocketDecl: "declarations",
  WireDecl: "declarations",
  ThreadDecl: "threads",
  Filter: "questions",
  Locations: "questions",
  Question: "questions",
};

const INDENT = 2;

/** All tokens that the formatted text keeps, in order. */
export function tokensOf(tree: Tree, text: string): Token[] {
  const tokens: Token[] = [];
  const groups = new Map<number, string>();
  let beforeEnd = 0;
  tree.iterate({
    enter(ref) {
      const group = GROUPS[ref.name];
      if (group !== undefined) groups.set(ref.from, group);
      const { node } = ref;
      if (node.firstChild !== null || node.parent === null) return;
      const kept = keptText(node, text);
      if (kept !== undefined) {
        const between = text.slice(beforeEnd, ref.from);
        tokens.push(tokenOf(node, kept, between, tokens.at(-1), groups.get(ref.from)));
      }
      beforeEnd = ref.to;
    },
  });
  return tokens;
}

function tokenOf(
  node: SyntaxNode,
  text: string,
  between: string,
  before: Token | undefined,
  group: string | undefined,
): Token {
  const parent = node.parent?.name ?? "";
  const place = placeOf(node, between, before);
  const ownLine = place === "line start" || place === "own-line comment";
  const closes = node.name === "}" || before?.name === "{";
  const blank = ownLine && !closes && before !== undefined && /\n[ \t\r]*\n/.test(between);
  const token = { name: node.name, parent, text, place, indent: indentOf(node, place), blank };
  return group === undefined ? token : { ...token, group };
}

function placeOf(node: SyntaxNode, between: string, before: Token | undefined): Token["place"] {
  const onNewLine = before === undefined || between.includes("\n");
  if (node.name === "Comment") return onNewLine ? "own-line comment" : "end-of-line comment";
  if (beginsLine(node)) return "line start";
  const mayBreak = node.name === "AndOp" || node.name === "OrOp" || before?.name === ",";
  return mayBreak && onNewLine ? "continuation" : "inside";
}

/** Whether a leaf is the first of what stands on a line of its own. */
function beginsLine(leaf: SyntaxNode): boolean {
  if (leaf.name === "}" && leaf.parent?.name === "ThreadDecl") return true;
  for (let node = leaf; node.parent !== null; node = node.parent) {
    if (node.name === "Doc" || node.name === "After" || node.name === "Statement") return true;
    if (GROUPS[node.name] !== undefined) return true;
    const previous = codeBefore(node);
    if (node.parent.name === "Statement" && previous?.name === "After") return true;
    if (previous !== null) return false;
  }
  return false;
}

/** The sibling in front of a node, comments apart. */
function codeBefore(node: SyntaxNode): SyntaxNode | null {
  let before = node.prevSibling;
  while (before?.name === "Comment") before = before.prevSibling;
  return before;
}

/** Calls are indented once; what goes on from another line, once more. */
function indentOf(leaf: SyntaxNode, place: Token["place"]): number {
  let depth = 0;
  for (let node = leaf.parent; node !== null; node = node.parent)
    if (node.name === "Statement" || (node.name === "ThreadDecl" && leaf.name === "Comment"))
      depth = 1;
  const parent = leaf.parent?.name;
  const atHome = parent === "Scenario" || parent === "Statement" || parent === "ThreadDecl";
  const goesOn = place !== "line start" && !(leaf.name === "Comment" && atHome);
  return INDENT * (depth + (goesOn ? 1 : 0));
}

/** The text of a leaf in the usual form; undefined for what is left out. */
function keptText(leaf: SyntaxNode, text: string): string | undefined {
  const own = text.slice(leaf.from, leaf.to);
  const parent = leaf.parent?.name;
  if (leaf.name === "Comment") return own.trimEnd();
  if (leaf.name === "Decoration") return undefined;
  if (leaf.name === "Failure") return own.split(/[ \t]+/, 2).join(" ");
  if (leaf.name === ";" && parent === "Statement") return undefined;
  if (leaf.name === ";" || leaf.name === ",")
    return leaf.nextSibling?.name === "]" ? undefined : ",";
  if (parent !== "Vector" || isList(leaf.parent!, text)) return own;
  return undefined;
}

/** Whether brackets are a list of segments; elsewhere they are strace's pointer to a number, which stands alone. */
function isList(vector: SyntaxNode, text: string): boolean {
  const callee = vector.parent?.parent?.getChild("Callee");
  const name = callee ? text.slice(callee.from, callee.to) : "";
  // What is not known stays as it is.
  if (!Object.hasOwn(SYSCALLS, name)) return true;
  const { params } = syscallRow(name as SyscallName);
  return params.some(({ kind }) => kind === "sources" || kind === "targets");
}
