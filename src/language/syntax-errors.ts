// Syntax errors in words: what stands where something else should.
//
// Interface: reportSyntaxErrors.
// The parser recovers by itself and leaves error nodes. Each is explained by what its line has from
// elsewhere (foreign.ts), else from the node it is in and from its left neighbour; of each line only
// the first is reported, for the others follow from it.

import type { SyntaxNode, SyntaxNodeRef, Tree } from "@lezer/common";
import type { Reporter, Span } from "./diagnostic.js";
import { foreignInLine, foreignText } from "./foreign.js";
import type { Mistake } from "./foreign.js";
import { isClosed, UNCLOSED } from "./literals.js";
import { reservedAt } from "./reserved.js";
import { KIND_WORDS } from "./socket-kinds.js";
import { nearest } from "./suggest.js";

const KINDS = KIND_WORDS.map((word) => `\`${word}\``).join(", ");

/** What a node wants next, by its left neighbour inside it; "" is the begin, "*" anything else. What
 *  a node does not want is asked of the node around it: `Args` tells what follows an `Expr`. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Header: { litmus: "a name for the scenario", "*": "a string in double quotes" },
  FileDecl: {
    file: "a name for the file",
    Name: "`=` and content",
    Equals: "content",
    "*": "the next declaration",
  },
  Content: { "": "content", ",": "content", "*": "`,` or the next declaration" },
  FolioOrder: { folio: "`order`", order: "a number" },
  PipeDecl: { pipe: "a name for the pipe", "*": "flags, `size` or the next declaration" },
  Size: { size: "a number of bytes" },
  BackgroundDecl: { background: "`writeback` or `reclaim`" },
  SocketDecl: { socket: "a name for the socket", "*": `${KINDS}, flags or the next declaration` },
  WireDecl: {
    wire: "a name for the wire",
    "*": "`loopback`, `queue`, `retransmit` or the next declaration",
  },
  Queue: { queue: "a number of frags" },
  ThreadDecl: {
    thread: "a name for the thread",
    chain: "a name for the chain",
    Name: "`{`",
    Expr: "`{`",
    "*": "a call or `}`",
  },
  Statement: { "": "a call", After: "a call", Label: "a call", Register: "a call" },
  After: { after: "`thread:label`", ",": "`thread:label`" },
  Qualified: { ":": "a label or register after `:`", "*": "`:` and a label" },
  Call: { "": "a call", Callee: "`(` and arguments" },
  Args: { "(": "an argument or `)`", ",": "an argument", "*": "`)` or `,`" },
  Result: { Equals: "a number, or -1 and an errno" },
  Question: { "": "a condition", Quantifier: "a condition", "*": "`/\\`, `\\/` or the end" },
  Filter: { filter: "a condition", "*": "`/\\`, `\\/` or the next declaration" },
  Quantifier: { "~": "`exists` after `~`" },
  Not: { not: "a condition after `not`" },
  And: { AndOp: "a condition after `/\\`" },
  Or: { OrOp: "a condition after `\\/`" },
  Paren: { "(": "a condition", "*": "`)`, `/\\` or `\\/`" },
  Compare: { Place: "`=` or `!=`", Equals: "a value", NotEquals: "a value" },
  Locations: { locations: "`[`", "[": "a place or `]`", ",": "a place or `]`", "*": "`,` or `]`" },
  Group: { "{": "content", ",": "content", "*": "`,` or `}`" },
  Hole: { hole: "a number of bytes" },
  Fault: { fault: "a number of bytes" },
  Hex: { hex: "hex digits in double quotes" },
  Vector: { "[": "a segment or `]`", ",": "a segment", Arrow: "`[`", "*": "`,` or `]`" },
  Expr: { "": "a number or a name", Op: "a number or a name" },
  End: { ".": "`r` or `w`, `a` or `b`, or `tx` after `.`" },
  Scenario: { "*": "a declaration or a condition" },
  Line: { "": "one call", "*": "the end of the line" },
};

const CALL = "a call looks like `read(p.r, 4096)`";
const CONDITION = "a condition looks like `a:r = 0x1f * 4096`";

/** What to write, by the node that wants something. */
const REMEDIES: Readonly<Record<string, string>> = {
  Header: "write, say, `litmus my-scenario`, and strings in double quotes below it",
  FileDecl: "a file looks like `file f = hole 4096, 0x1f * 4096`",
  Content: 'content looks like `hole 4096, 0x1f * 4096, "text"`',
  FolioOrder: "write, say, `folio order 2`",
  PipeDecl: "a pipe looks like `pipe p`, `pipe p O_NONBLOCK` or `pipe p size 4096`",
  Size: "write, say, `size 4096`",
  BackgroundDecl: "write, say, `background writeback`",
  SocketDecl: `a socket looks like \`socket s\` or \`socket s SOCK_NONBLOCK\`; kinds are ${KINDS}`,
  WireDecl:
    "a wire looks like `wire w`, or `wire w loopback queue 2 retransmit` with any of these words in this order",
  Queue: "write, say, `queue 2`",
  ThreadDecl: "a thread looks like `thread a { read(p.r, 4096) }`",
  Statement: CALL,
  After: "write, say, `after a:s`",
  Qualified: "write the thread and the label, as `a:s`",
  Call: CALL,
  Args: CALL,
  Result: "write, say, `= 4096` or `= -1 EAGAIN`, or leave the result out",
  Question: CONDITION,
  Filter: CONDITION,
  Quantifier: "write `~exists`, or `forall not …`",
  Not: CONDITION,
  And: CONDITION,
  Or: CONDITION,
  Paren: "close the parenthesis with `)`",
  Compare: CONDITION,
  Locations: "write, say, `locations [a:r, f]`",
  Group: 'content in braces looks like `{0x00 * 100, "abc"}`',
  Hole: "write, say, `hole 4096`",
  Fault: "write, say, `fault 4096`",
  Hex: 'write, say, `hex "00 ff"`',
  Vector: "segments in brackets look like `[4096, 100]`; an offset stands alone, as `0`",
  Expr: "write, say, `4096` or `2 * 4096`",
  End: "write an end of a pipe `p.r`, `p.w`, of a socket `s.a`, `s.b`, or of a wire `w.tx`",
  Scenario:
    "begin with `file`, `pipe`, `socket`, `wire`, `background`, `thread`, `forall`, `exists`, `filter` or `locations`",
  Line: "write one call to a line, as `read(p.r, 4096)`",
};

/** Habits from other languages, seen in the three characters from just before the error. */
const HABITS: readonly (readonly [near: RegExp, remedy: string])[] = [
  [/==/, "write `=` for equality"],
  [/&/, "write `/\\` for and"],
  [/\|\|/, "write `\\/` for or"],
  [/^[^]?!/, "write `not`, or `!=` between two sides"],
  [/\/[/*]/, "comments begin with `#`"],
  [/^[^]?['`]/, "strings stand in double quotes"],
  [/^[^]?;/, "no `;` is needed here"],
];

/** The words that begin a part of a scenario. */
const BEGINNINGS = [
  ...["litmus", "file", "pipe", "socket", "wire", "background", "thread"],
  ...["forall", "exists", "filter", "locations"],
];

const CLOSE = { message: UNCLOSED.problem, remedy: UNCLOSED.remedy };

/** Reports the error nodes of a tree; returns whether there were any. */
export function reportSyntaxErrors(tree: Tree, text: string, reporter: Reporter): boolean {
  const comments = new Map<number, number>();
  const whole = tree.topNode.name === "Scenario" ? foreignText(text) : undefined;
  let found = false;
  let lineEnd = -1;
  tree.iterate({
    enter(node) {
      if (node.name === "Comment") comments.set(node.to, node.from);
      const unclosed = node.name === "String" && !isClosed(text.slice(node.from, node.to));
      if (!node.type.isError && !unclosed) return;
      const follows = found && (whole !== undefined || text[node.from] === "}");
      found = true;
      const span = spanOf(node, text, comments);
      if (span.from <= lineEnd || follows) return;
      const mistake = whole ?? (unclosed ? { ...span, ...CLOSE } : mistakeAt(node, span, text));
      reporter.error(mistake, mistake.message, mistake.remedy);
      lineEnd = endOf(mistake, text);
    },
  });
  return found;
}

/** How far a mistake goes: to the end of its line, or, where a part of the scenario has a wrong first word, of that part. */
function endOf({ from }: Mistake, text: string): number {
  const rest = text.slice(from);
  const isFirst = (from === 0 || text[from - 1] === "\n") && nearWord(rest) !== undefined;
  const next = (isFirst ? NEXT_PART : /\n/).exec(rest);
  return next === null ? text.length : from + next.index;
}

/** A line that is not indented. */
const NEXT_PART = /\n(?=[A-Za-z])/;

/** A missing thing is reported behind the last token, not where the next one begins. */
function spanOf(node: SyntaxNodeRef, text: string, comments: ReadonlyMap<number, number>): Span {
  if (node.to > node.from) return { from: node.from, to: node.to };
  let at = node.from;
  for (;;) {
    while (at > 0 && /\s/.test(text[at - 1]!)) at--;
    const comment = comments.get(at);
    if (comment === undefined) return { from: at, to: at };
    at = comment;
  }
}

const EXCERPT_MAX = 24;

function mistakeAt(error: SyntaxNodeRef, span: Span, text: string): Mistake {
  const foreign = foreignInLine(text, span.from) ?? foreignInLine(text, error.from);
  if (foreign !== undefined) return foreign;
  const notification = notificationAt(span, text);
  if (notification !== undefined) return notification;
  const [owner, expected] = wantedAt(error.node);
  const skipped = text.slice(span.from, Math.min(span.to, span.from + EXCERPT_MAX)).trim();
  const argument = owner === "Args" && expected.startsWith("`)`");
  const habit = habitAt(span, text);
  if (argument && habit === undefined) return argumentEnd(span, skipped, text);
  const flags = habit === undefined ? flagsApart(error.node, span, text) : undefined;
  if (flags !== undefined) return flags;
  const swallowed = DECLARATIONS.includes(owner) ? swallowedWord(span, text) : undefined;
  if (swallowed !== undefined) return swallowed;
  if (skipped !== "") {
    const remedy = habit ?? meant(skipped, owner) ?? remedyOf(owner, expected);
    return { ...span, message: `unexpected "${skipped}"`, remedy };
  }
  const message = `expected ${expected}`;
  const rest = text.slice(span.from).trimStart();
  const next = reservedAt(rest.slice(0, EXCERPT_MAX));
  if (next !== undefined && expected.startsWith("a name"))
    return { ...span, message, remedy: `\`${next}\` is a word of the language` };
  const ends = expected.endsWith("or `}`") && owner === "ThreadDecl";
  return { ...span, message, remedy: ends ? "put `}` here" : remedyOf(owner, expected) };
}

/** `c:x.notif` where it does not stand behind `after`. */
function notificationAt({ from }: Span, text: string): Mistake | undefined {
  const [word] = /^\.notif\b/.exec(text.slice(from)) ?? [];
  if (word === undefined) return undefined;
  const [place = "c:x"] = /[\w-]+:[\w-]+$/.exec(text.slice(0, from)) ?? [];
  return {
    from,
    to: from + word.length,
    message: "a notification is no value: a call can wait for it, no condition names it",
    remedy: `write \`after ${place}.notif\` in front of a call, and ask for its result`,
  };
}

/** The innermost node that wants something at an error, and what. The top node always does. */
function wantedAt(error: SyntaxNode): [owner: string, expected: string] {
  let before = error.prevSibling?.name ?? "";
  for (let { parent } = error; ; parent = parent.parent) {
    if (parent === null) return ["Scenario", "a declaration or a condition"];
    const wanted = EXPECTED[parent.name];
    const expected = wanted?.[before] ?? wanted?.["*"];
    if (expected !== undefined) return [parent.name, expected];
    before = before === "" ? (parent.prevSibling?.name ?? "") : parent.name;
  }
}

function habitAt({ from }: Span, text: string): string | undefined {
  const near = text.slice(Math.max(0, from - 1), from + 2);
  return HABITS.find(([pattern]) => pattern.test(near))?.[1];
}

function remedyOf(owner: string, expected: string): string {
  if (expected.startsWith("a condition")) return CONDITION;
  return expected.startsWith("a call") ? CALL : REMEDIES[owner]!;
}

/** `pip p`, `true and true`, `close(3))`: what was meant by a token that cannot stand there. */
function meant(skipped: string, owner: string): string | undefined {
  const closes = /^[)\]}]/.test(skipped) && /^(Scenario|ThreadDecl|Question|Filter)$/.test(owner);
  if (closes) return "leave it out: it closes nothing";
  const word = /^[A-Za-z]+/.exec(skipped)?.[0];
  if (word === "and" || word === "or")
    return `write \`${word === "and" ? "/\\" : "\\/"}\` for ${word}`;
  const near = nearWord(skipped);
  return near && `did you mean \`${near}\`?`;
}

/** The word that begins a part of a scenario, for one at the beginning of a text that is nearly it. */
function nearWord(text: string): string | undefined {
  const word = /^[A-Za-z]+/.exec(text)?.[0];
  const near = word && nearest(word, BEGINNINGS);
  return near === word ? undefined : near;
}

/** `thraed a {` below a declaration that may have flags: its first word was taken for one. */
function swallowedWord({ from }: Span, text: string): Mistake | undefined {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const near = nearWord(text.slice(start, from));
  if (near === undefined) return undefined;
  const [word] = /^[A-Za-z]+/.exec(text.slice(start))!;
  const at = { from: start, to: start + word.length };
  return { ...at, message: `unexpected "${word}"`, remedy: `did you mean \`${near}\`?` };
}

const DECLARATIONS: readonly string[] = ["PipeDecl", "SocketDecl", "ThreadDecl"];

/** A word behind the flags of a declaration: another flag without `|`, or the flags were meant for something else. */
function flagsApart(error: SyntaxNode, span: Span, text: string): Mistake | undefined {
  const expr = error.parent?.name === "Ref" ? error.parent.parent : null;
  const owner = expr?.parent?.name ?? "";
  const word = /^[A-Z][A-Z_]*$/.test(text.slice(span.from, span.to));
  if (expr === null || !word || !DECLARATIONS.includes(owner)) return undefined;
  const first = text.slice(expr.from, span.from).trim();
  const kind = KIND_WORDS.find((each) => each === first.toLowerCase());
  if (owner !== "SocketDecl" || kind === undefined)
    return { ...span, message: "a `|` is missing between two flags", remedy: "put `|` here" };
  const at = { from: expr.from, to: expr.from + first.length };
  return {
    ...at,
    message: `\`${first}\` is no kind of socket`,
    remedy: `did you mean \`${kind}\`?`,
  };
}

/** Behind an argument: its call ends with the line, or another argument follows without a comma. */
function argumentEnd(span: Span, skipped: string, text: string): Mistake {
  const last = text.slice(0, span.from).trimEnd().length;
  const sameLine = skipped !== "" && !text.slice(last, span.from).includes("\n");
  if (sameLine && /^[\w"{[]/.test(skipped))
    return { ...span, message: "a `,` is missing between two arguments", remedy: "put `,` here" };
  if (sameLine) {
    const sum = /^[-/%<>]/.test(skipped);
    const remedy = sum ? "numbers are joined by `*`, `+` and `|` only" : CALL;
    return { ...span, message: `unexpected "${skipped}"`, remedy };
  }
  const remedy = "put `)` here, or `,` and another argument";
  const at = skipped === "" ? span : { from: last, to: last };
  return { ...at, message: "expected `)` or `,`", remedy };
}
