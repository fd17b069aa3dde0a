// What the editor tells about a word: a call with its arguments and errors, a constant, a name.
//
// Interface: Card, CallCard, callCard, cardAt, paramDoc. Data only; cards.ts draws it.

import type { SyntaxNode, Tree } from "@lezer/common";
import { ERRNO_DOCS, errnosOf } from "../../language/errnos.js";
import type { ErrnoName } from "../../language/errnos.js";
import { SYSCALLS, syscallRow } from "../../language/syscalls.js";
import type { Param, ParamKind, SyscallName } from "../../language/syscalls.js";
import { declaredIn, endsOf } from "./declared.js";
import type { Declared } from "./declared.js";
import { callSiteAt } from "./site.js";
import { spelled, wordDoc } from "./words.js";

/** A call, for people. */
export interface CallCard {
  readonly kind: "call";
  readonly name: SyscallName;
  readonly params: readonly Param[];
  readonly doc: string;
  /** What a register in front of the call gets. */
  readonly register: string;
  readonly errnos: readonly ErrnoName[];
}

/** Anything else: a title and a sentence. */
export interface WordCard {
  readonly kind: "word";
  readonly title: string;
  readonly doc: string;
}

export type Card = CallCard | WordCard;

const REGISTER = {
  ret: "the return value",
  data: "the bytes read",
  out: "the number that the kernel stores",
} as const;

const KINDS: Readonly<Record<ParamKind, string>> = {
  fd: "a file `f`, an end of a pipe `p.r`, a register or a number",
  path: "a name in double quotes",
  data: 'content: `0x1f * 4096`, `"text"`, `hex "00 ff"`',
  sources: 'content in segments: `[0x1f * 4096, "text"]`',
  targets: "counts in segments: `[4096, 100]`",
  count: "a number of bytes",
  length: "a number of bytes",
  offset: "a number of bytes",
  pointer: "an offset, or NULL for the file position",
  newpipe: "a fresh name for the pipe",
  address: "NULL: the kernel chooses",
  mapping: "the register of an mmap() or a fork()",
  chain: "a chain of requests",
  flags: "a number or names joined by `|`",
  command: "a name",
  int: "a number",
};

/** What may be written for a parameter. */
export function paramDoc({ name, kind, set, optional }: Param): string {
  const names = Object.keys(set ?? {});
  const choices = names.length === 0 ? "" : `: ${names.join(kind === "flags" ? " | " : ", ")}`;
  return `${name}: ${KINDS[kind]}${choices}${optional ? "; may be left out" : ""}`;
}

const isCall = (word: string): word is SyscallName => Object.hasOwn(SYSCALLS, word);

/** All there is to say about a call. */
export function callCard(name: SyscallName): CallCard {
  const { params, doc, yields } = syscallRow(name);
  return { kind: "call", name, params, doc, register: REGISTER[yields], errnos: errnosOf(name) };
}

/** The card for what stands at a position, and the stretch that it speaks of; undefined for nothing. */
export function cardAt(
  tree: Tree,
  text: string,
  at: number,
  side: -1 | 1 = 1,
): { readonly from: number; readonly to: number; readonly card: Card } | undefined {
  const node = tree.resolveInner(at, side);
  if (node.from === node.to || /^(Scenario|Comment|String)$/.test(node.name)) return undefined;
  const word = text.slice(node.from, node.to);
  const card = cardOf(node, word, tree, text);
  return card && { from: node.from, to: node.to, card };
}

function cardOf(node: SyntaxNode, word: string, tree: Tree, text: string): Card | undefined {
  const parent = node.parent?.name ?? "";
  if (parent === "Callee") return isCall(word) ? callCard(word) : undefined;
  if (node.name === "Failure") return errnoCard(/E[A-Z0-9]+/.exec(word)?.[0] ?? "");
  if (parent === "Ref") {
    const constant = constantCard(word, tree, text, node.from);
    if (constant !== undefined) return constant;
  }
  const known = wordDoc(word);
  if (known !== undefined && node.name !== "Word") return { kind: "word", title: word, doc: known };
  if (node.name !== "Word") return undefined;
  return nameCard(word, parent, node, text, declaredIn(tree, text));
}

const errnoCard = (name: string): Card | undefined =>
  Object.hasOwn(ERRNO_DOCS, name)
    ? { kind: "word", title: name, doc: ERRNO_DOCS[name as ErrnoName] }
    : undefined;

/** A named constant of the argument that it stands in. */
function constantCard(word: string, tree: Tree, text: string, at: number): Card | undefined {
  const site = callSiteAt(tree, text, at);
  if (site === undefined || !isCall(site.callee)) return undefined;
  const param = syscallRow(site.callee).params[site.index];
  const value = param?.set?.[word];
  if (value === undefined) return undefined;
  return {
    kind: "word",
    title: word,
    doc: `${spelled(value)}, ${param!.name} of ${site.callee}()`,
  };
}

/** A name that the text declares. */
function nameCard(
  word: string,
  parent: string,
  node: SyntaxNode,
  text: string,
  { things, threads }: Declared,
): Card | undefined {
  const textOf = ({ from, to }: SyntaxNode): string => text.slice(from, to);
  const lineOf = (at: number): string => `line ${text.slice(0, at).split("\n").length}`;
  const thread = threads.find(({ name }) => name === word);
  if (thread !== undefined && (parent === "Qualified" || node.from === thread.from))
    return {
      kind: "word",
      title: word,
      doc: `a ${thread.isChain ? "chain of requests" : "thread"}, ${lineOf(thread.from)}`,
    };
  const first = parent === "Qualified" ? node.parent!.firstChild! : undefined;
  const owner = first && threads.find((t) => t.name === textOf(first));
  const own = owner ?? threads.find(({ span }) => span.from <= node.from && node.from < span.to);
  const call = own?.calls.find(({ name }) => name === word);
  if (call !== undefined && (parent !== "Ref" || call.by === "register")) {
    const of = call.syscall === undefined ? "a call" : `${call.syscall}()`;
    return { kind: "word", title: word, doc: `a ${call.by} of ${of}, ${lineOf(call.from)}` };
  }
  const named = parent === "End" ? textOf(node.parent!.firstChild!) : word;
  const thing = things.find(({ name }) => name === named);
  if (thing === undefined) return undefined;
  const made = thing.madeIn === undefined ? "" : ` that pipe2() makes in ${thing.madeIn}`;
  const ends = thing.kind === "file" ? "" : `; ${endsOf(thing).join(", ")}`;
  return {
    kind: "word",
    title: named,
    doc: `a ${thing.kind}${made}, ${lineOf(thing.from)}${ends}`,
  };
}
