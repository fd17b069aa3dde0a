// Where in a scenario a position stands: what could be written there.
//
// Interface: Site, CallSite, siteAt, callSiteAt.
// It goes back over the tokens in front of the position, so that it works in a text that is half written.

import type { Tree } from "@lezer/common";

/** Inside the parentheses of a call. */
export interface CallSite {
  readonly kind: "argument";
  readonly callee: string;
  /** Where the callee begins, and where its `(` stands. */
  readonly from: number;
  readonly open: number;
  /** Which argument, from 0. */
  readonly index: number;
  /** The words of this argument before the position. */
  readonly words: readonly string[];
  /** Inside the brackets of a vector, or the braces of pieces. */
  readonly within: "vector" | "group" | undefined;
}

/** What could stand at a position. `next`: the part before it may be finished, so that another may begin. */
export type Site =
  | CallSite
  | { readonly kind: "statement"; readonly of: "thread" | "chain" }
  | { readonly kind: "top" | "after" | "name" | "nothing" | "content" | "tasks" }
  | { readonly kind: "result"; readonly callee: string; readonly failed: boolean }
  | { readonly kind: "place" | "value" | "joint" | "locations" }
  | { readonly kind: "options"; readonly of: string; readonly given: readonly string[] };

interface Token {
  readonly text: string;
  readonly from: number;
}

const CLOSERS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
const BEGINNERS: ReadonlySet<string> = new Set([
  ...["litmus", "file", "pipe", "socket", "wire", "background", "thread", "chain"],
  ...["forall", "exists", "filter", "locations"],
]);
const WORD = /^[A-Za-z_]/;

/** The tokens that end before a position; an error that is being typed counts as its `-1`. */
function tokensBefore(tree: Tree, text: string, at: number): Token[] {
  const tokens: Token[] = [];
  tree.iterate({
    to: at,
    enter({ name, from, to, node }) {
      if (node.firstChild !== null || from >= at || from === to || name === "Comment") return;
      if (to <= at) tokens.push({ text: text.slice(from, to), from });
      else if (name === "Failure") tokens.push({ text: "-1", from });
    },
  });
  return tokens;
}

/** Whether the position is in a comment or in a string that began before it. */
function isQuoted(tree: Tree, at: number): boolean {
  const { name, from } = tree.resolveInner(at, -1);
  return (name === "Comment" || name === "String") && from < at;
}

/** The token at which a bracket opens that closes at `close`; -1 if none does. */
function openerOf(tokens: readonly Token[], close: number): number {
  let depth = 0;
  for (let i = close; i >= 0; i--) {
    if (tokens[i]!.text in CLOSERS) depth++;
    else if (/^[([{]$/.test(tokens[i]!.text) && --depth === 0) return i;
  }
  return -1;
}

const isCallee = (token: Token | undefined): token is Token =>
  token !== undefined &&
  WORD.test(token.text) &&
  !BEGINNERS.has(token.text) &&
  token.text !== "not";

/** What a brace opens: what a thread does, or a chain, as in `chain c IOSQE_IO_DRAIN {`. */
function bodyOf(tokens: readonly Token[], brace: number): "thread" | "chain" | undefined {
  let i = brace - 1;
  while (tokens[i]?.text === "|" || isCallee(tokens[i])) i--;
  const word = i < brace - 1 ? tokens[i]?.text : undefined;
  return word === "thread" || word === "chain" ? word : undefined;
}

/** What could be written at a position, if a word begins there. */
export function siteAt(tree: Tree, text: string, at: number): Site {
  if (isQuoted(tree, at)) return { kind: "nothing" };
  const tokens = tokensBefore(tree, text, at);
  let commas = 0;
  let within: CallSite["within"];
  let start = tokens.length;
  for (let i = tokens.length - 1; i >= 0; i--) {
    const token = tokens[i]!;
    const before = tokens[i - 1];
    if (token.text in CLOSERS) i = Math.max(0, openerOf(tokens, i));
    else if (token.text === "," && commas++ === 0) start = i + 1;
    else if (token.text === "(" && isCallee(before)) {
      const words = tokens.slice(commas === 0 ? i + 1 : start).map((each) => each.text);
      const { text: callee, from } = before;
      return { kind: "argument", callee, from, open: token.from, index: commas, words, within };
    } else if (token.text === "[" && before?.text === "locations") return { kind: "locations" };
    else if (token.text === "{" || token.text === "[") {
      const body = token.text === "{" ? bodyOf(tokens, i) : undefined;
      if (body !== undefined) return inBody(body, tokens.slice(i + 1));
      within ??= token.text === "[" ? "vector" : "group";
      commas = 0;
    } else if (BEGINNERS.has(token.text)) return inPart(token.text, tokens.slice(i + 1));
  }
  return { kind: "top" };
}

/** The call whose parentheses a position is in. */
export function callSiteAt(tree: Tree, text: string, at: number): CallSite | undefined {
  const { name, from } = tree.resolveInner(at, -1);
  if (name === "Comment") return undefined;
  const site = siteAt(tree, text, name === "String" ? from : at);
  return site.kind === "argument" ? site : undefined;
}

function inBody(of: "thread" | "chain", body: readonly Token[]): Site {
  const [last, before, third] = [body.at(-1)?.text, body.at(-2)?.text, body.at(-3)?.text];
  if (last === "after" || (last === "," && isAfterList(body))) return { kind: "after" };
  const failed = last === "-1" && before === "=" && third === ")";
  if (!failed && !(last === "=" && before === ")")) return { kind: "statement", of };
  const close = body.length - (failed ? 3 : 2);
  const callee = body[openerOf(body, close) - 1]?.text ?? "";
  return { kind: "result", callee, failed };
}

/** `after a:s, ` */
function isAfterList(body: readonly Token[]): boolean {
  let i = body.length - 1;
  while (body[i]?.text === "," && body[i - 2]?.text === ":") i -= 4;
  return body[i]?.text === "after";
}

/** Behind the word that begins a declaration or a condition. */
function inPart(part: string, rest: readonly Token[]): Site {
  const last = rest.at(-1)?.text ?? "";
  const given = rest.map((each) => each.text);
  if (part === "forall" || part === "exists" || part === "filter") return inCondition(last);
  if (part === "background") return { kind: rest.length === 0 ? "tasks" : "top" };
  if (rest.length === 0) return { kind: "name" };
  if (part === "file" && (last === "=" || last === ",")) return { kind: "content" };
  if (part === "thread" && rest.length === 1) return { kind: "nothing" };
  if (part === "litmus" || part === "thread" || part === "locations") return { kind: "top" };
  return { kind: "options", of: part, given };
}

function inCondition(last: string): Site {
  if (last === "" || /^(\(|not|\/\\|\\\/)$/.test(last)) return { kind: "place" };
  return { kind: last === "=" || last === "!=" ? "value" : "joint" };
}
