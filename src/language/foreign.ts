// Text that was made for another reader: what strace prints and a scenario does not take, and tokens.
//
// Interface: foreignInLine, foreignText, Mistake.
// Asked only where the parser has stumbled, so the patterns need not be exact.

import type { Span } from "./diagnostic.js";
import { nearest } from "./suggest.js";
import { isUnmodelled, unknownCall } from "./unmodelled.js";

/** Something wrong in a text. */
export interface Mistake extends Span {
  readonly message: string;
  readonly remedy: string;
}

const JOIN = "join the two halves of the call in one line, without `<…>`";

/** What is found in a line; `$1` in a message is the first group, which is also what is marked. */
const PATTERNS: readonly (readonly [pattern: RegExp, message: string, remedy: string])[] = [
  [
    /^\s*(\[pid\s+\d+\]|\d+(?=\s+\w+\())/d,
    'unexpected "$1"',
    "leave it out, and give each pid a thread of its own",
  ],
  [/^\s*(\d+:\d+:[\d.]+|\d+\.\d+)/d, 'unexpected "$1"', "leave the time out"],
  [/^\s*(\+\+\+|---)/d, 'unexpected "$1"', "leave this line out: it is no call"],
  [/(<unfinished \.\.\.>)/d, "the call does not end on its line", JOIN],
  [/(<\.\.\. \w+ resumed>)/d, "the call does not begin on its line", JOIN],
  [/=\s*(\?)/d, "the call has no result", "leave the result out: write nothing behind `)`"],
  [
    /^\s*~?(?:exists|forall|filter)\b.*=\s*((?:-1\s+|-)?E[A-Z0-9]+)/d,
    "a condition knows no errno",
    "write `thread:label = -1`; the errno may stand behind the call, as in `read(3, 1) = -1 EAGAIN`",
  ],
  [/=\s*-?(E[A-Z0-9]+)/d, "an errno stands behind -1", "write, say, `= -1 EAGAIN`"],
  [
    /\bpipe2\s*\(\s*(\[)/d,
    "the first argument names the new pipe",
    "write a name: `pipe2(p, 0)`; its ends are `p.r` and `p.w`",
  ],
  [/\bpoll\s*\(\s*(\[)/d, "poll() takes one descriptor", "write, say, `poll(p.r, POLLIN, 0)`"],
  [
    /\b(?:readv|writev)\([^[]*(\[\{iov_base)/d,
    "a segment is its content, or its length",
    'write, say, `writev(3, ["abc"])`, `readv(3, [4096])`',
  ],
  [
    /\b(?:preadv2|pwritev2)\([^[]*(\[\{iov_base)/d,
    "a segment is its content, or its length",
    'write, say, `pwritev2(3, ["abc"], 0)`, `preadv2(3, [4096], 0)`',
  ],
  [
    /\bvmsplice\([^[]*(\[\{iov_base)/d,
    "vmsplice() takes bytes of a mapping",
    "write `m = mmap(…)`, `store(m, content, 0)`, and, say, `vmsplice(p.w, m, 4096, 0, 0)`",
  ],
  [/[(,]\s*(&)/d, "there are no variables to point to", "write the offset itself, or NULL"],
  [
    /"(\.\.\.)/d,
    "the content is cut off",
    "write `read(fd, count)`, or `write(fd, content)` with the whole content",
  ],
];

/** As far as a line is looked at: patterns take long for longer ones. */
const LINE_MAX = 1000;

const blankOut = (quoted: string): string => `"${" ".repeat(quoted.length - 2)}"`;

/** What is foreign in the line around a position. */
export function foreignInLine(text: string, at: number): Mistake | undefined {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", start);
  const whole = text.slice(start, end < 0 ? undefined : end).slice(0, LINE_MAX);
  const line = whole.replaceAll(/"(?:[^"\\]|\\.)*"/g, blankOut).replace(/#.*/, "");
  const callee = /([A-Za-z_]\w*)\(/d.exec(line);
  if (callee !== null && isUnmodelled(callee[1]!)) {
    const [message, remedy] = unknownCall(callee[1]!);
    return { ...spanOf(callee, start), message, remedy };
  }
  for (const [pattern, message, remedy] of PATTERNS) {
    const found = pattern.exec(line);
    if (found !== null)
      return { ...spanOf(found, start), message: message.replace("$1", () => found[1]!), remedy };
  }
  return undefined;
}

function spanOf(match: RegExpExecArray, start: number): Span {
  const [from, to] = match.indices![1]!;
  return { from: start + from, to: start + to };
}

const BEGINS =
  /^(?:(?:litmus|file|pipe|background|thread|after|forall|exists|filter|locations)\b(?!\s*\()|~)/;
const HEADER = /^[ \t]*litmus\b/m;

/** A text that is no scenario at all: a token, lines of strace, or something else. */
export function foreignText(text: string): Mistake | undefined {
  const from = /^(?:\s|#[^\n]*(?:\n|$))*/.exec(text)![0].length;
  const rest = text.slice(from);
  if (rest === "" || BEGINS.test(rest) || HEADER.test(text)) return undefined;
  const to = from + /^\S+/.exec(rest)![0].length;
  const message = "a scenario begins with `litmus NAME`";
  if (rest.startsWith("sl1:"))
    return {
      from,
      to,
      message,
      remedy: "this is a witness token: give it as an argument of `run`",
    };
  const [word] = /^\w*/.exec(rest)!;
  if (nearest(word, ["litmus"]) !== undefined)
    return { from, to, message, remedy: "did you mean `litmus`?" };
  const remedy = /^[^\n]*\w\(/.test(rest)
    ? "write `litmus NAME`, and the calls into `thread a { … }`"
    : "put `litmus NAME` in front";
  return { from, to, message, remedy };
}
