// The names that a text declares, read from its tree: also from a text with mistakes.
//
// Interface: Declared, Thing, ThreadNames, declaredIn, endsOf.

import type { SyntaxNode, Tree } from "@lezer/common";
import type { SyscallName } from "../../language/syscalls.js";
import { SYSCALLS } from "../../language/syscalls.js";

/** A file, pipe, socket or wire. */
export interface Thing {
  readonly kind: "file" | "pipe" | "socket" | "wire";
  readonly name: string;
  /** Where the name stands in the text. */
  readonly from: number;
  /** The thread whose pipe2() makes it. */
  readonly madeIn?: string;
}

/** A label or register, and the call that it names. */
export interface CallName {
  readonly name: string;
  readonly by: "label" | "register";
  readonly from: number;
  /** Absent where the call is not known. */
  readonly syscall?: SyscallName;
}

/** The names of one thread. */
export interface ThreadNames {
  readonly name: string;
  readonly isChain: boolean;
  readonly from: number;
  /** Where the whole thread stands. */
  readonly span: { readonly from: number; readonly to: number };
  readonly calls: readonly CallName[];
}

/** All names of a text. */
export interface Declared {
  readonly things: readonly Thing[];
  readonly threads: readonly ThreadNames[];
}

/** The ends that a thing has; a file has none and is named alone. */
export function endsOf({ kind, name }: Thing): string[] {
  if (kind === "pipe") return [`${name}.r`, `${name}.w`];
  if (kind === "socket") return [`${name}.a`, `${name}.b`];
  return kind === "wire" ? [`${name}.tx`] : [name];
}

const THINGS: Readonly<Record<string, Thing["kind"]>> = {
  FileDecl: "file",
  PipeDecl: "pipe",
  SocketDecl: "socket",
  WireDecl: "wire",
};

type TextOf = (node: SyntaxNode) => string;

/** Reads the names out of a tree. */
export function declaredIn(tree: Tree, text: string): Declared {
  const textOf: TextOf = (node) => text.slice(node.from, node.to);
  const things: Thing[] = [];
  const threads: ThreadNames[] = [];
  for (let node = tree.topNode.firstChild; node !== null; node = node.nextSibling) {
    const name = node.getChild("Name");
    if (name === null || name.from === name.to) continue;
    const kind = THINGS[node.name];
    if (kind !== undefined) things.push({ kind, name: textOf(name), from: name.from });
    if (node.name !== "ThreadDecl") continue;
    const calls = node.getChildren("Statement").flatMap((each) => namesOf(each, textOf));
    const span = { from: node.from, to: node.to };
    const isChain = node.getChild("chain") !== null;
    threads.push({ name: textOf(name), isChain, from: name.from, span, calls });
    things.push(...madeIn(node, textOf(name), textOf));
  }
  return { things, threads };
}

const calleeOf = (statement: SyntaxNode): SyntaxNode | null =>
  statement.getChild("Call")?.getChild("Callee") ?? null;

function namesOf(statement: SyntaxNode, textOf: TextOf): CallName[] {
  const callee = calleeOf(statement);
  const word = callee === null ? "" : textOf(callee);
  const syscall = Object.hasOwn(SYSCALLS, word) ? (word as SyscallName) : undefined;
  const named = (["Label", "Register"] as const).map((part): CallName | undefined => {
    const node = statement.getChild(part)?.getChild("Word");
    if (node === null || node === undefined) return undefined;
    const by = part === "Label" ? "label" : "register";
    const found = { name: textOf(node), by, from: node.from } as const;
    return syscall === undefined ? found : { ...found, syscall };
  });
  return named.filter((each) => each !== undefined);
}

/** The pipes that a thread makes. */
function madeIn(thread: SyntaxNode, name: string, textOf: TextOf): Thing[] {
  return thread.getChildren("Statement").flatMap((statement): Thing[] => {
    const callee = calleeOf(statement);
    if (callee === null || textOf(callee) !== "pipe2") return [];
    const first = statement.getChild("Call")?.getChild("Args")?.getChild("Expr")?.getChild("Ref");
    if (first === null || first === undefined) return [];
    return [{ kind: "pipe", name: textOf(first), from: first.from, madeIn: name }];
  });
}
