// Mistakes in words, numbers and names: place, message and remedy.

import { expect, test } from "vitest";
import { parseProgram, renderDiagnostic } from "../../../src/language/index.js";
import { asked, checkCases, declared, inThread } from "./mistakes.js";
import type { Case } from "./mistakes.js";

const CALL = "a call looks like `read(p.r, 4096)`";
const CLOSE = "put `)` here, or `,` and another argument";
const FILE = 'content looks like `hole 4096, 0x1f * 4096, "text"`';
const PIPE = "a pipe looks like `pipe p`, `pipe p O_NONBLOCK` or `pipe p size 4096`";

const SYNTAX: Case[] = [
  [inThread("read(p.r, 8"), "6:14", "expected `)` or `,`", CLOSE],
  [inThread("read(p.r\n  close(f)"), "6:11", "expected `)` or `,`", CLOSE],
  [inThread("read(f 8)"), "6:10", "a `,` is missing between two arguments", "put `,` here"],
  [inThread('write(f "x")'), "6:11", "a `,` is missing between two arguments", "put `,` here"],
  [inThread("read p.r"), "6:7", "expected `(` and arguments", CALL],
  [inThread("read(p.r,, 8)"), "6:12", "expected an argument", CALL],
  [
    inThread("read(f, 9 - 1)"),
    "6:13",
    'unexpected "-"',
    "numbers are joined by `*`, `+` and `|` only",
  ],
  [inThread("close(f))"), "6:11", 'unexpected ")"', "leave it out: it closes nothing"],
  [inThread("$"), "6:3", 'unexpected "$"', CALL],
  ["litmus x\nthread a {\n", "2:11", "expected a call or `}`", "put `}` here"],
  ["litmus file\n", "1:7", "expected a name for the scenario", "`file` is a word of the language"],
  [asked("forall a:r == 1"), "9:13", 'unexpected "="', "write `=` for equality"],
  [asked("forall snapshot && true"), "9:17", 'unexpected "&&"', "write `/\\` for and"],
  [asked("forall snapshot || true"), "9:17", 'unexpected "|"', "write `\\/` for or"],
  [asked("forall !snapshot"), "9:8", 'unexpected "!"', "write `not`, or `!=` between two sides"],
  [asked("// x"), "9:1", 'unexpected "//"', "comments begin with `#`"],
  [declared("pipe"), "3:5", "expected a name for the pipe", "`thread` is a word of the language"],
  [
    declared("file g = 1 *"),
    "3:13",
    "expected a number or a name",
    "write, say, `4096` or `2 * 4096`",
  ],
  [declared("pip p"), "3:1", 'unexpected "pip"', "did you mean `pipe`?"],
  [
    declared("pipe q\nthraed b {\n  c = read(q.r, 1)\n}\n"),
    "4:1",
    'unexpected "thraed"',
    "did you mean `thread`?",
  ],
  [
    declared("thraed b {\n  c = read(p.r, 1)\n}\n"),
    "3:1",
    'unexpected "thraed"',
    "did you mean `thread`?",
  ],
  [declared("backgroud writeback"), "3:1", 'unexpected "backgroud"', "did you mean `background`?"],
  [
    declared("background"),
    "3:11",
    "expected `writeback` or `reclaim`",
    "write, say, `background writeback`",
  ],
  [declared("pipe 5"), "3:5", "expected a name for the pipe", PIPE],
  [declared("file g = hex 5"), "3:14", 'unexpected "5"', FILE],
  [asked("forall true and true"), "9:13", 'unexpected "and"', "write `/\\` for and"],
  [asked("forall (true"), "9:13", "expected `)`, `/\\` or `\\/`", "close the parenthesis with `)`"],
  [asked("locations [f f]"), "9:14", 'unexpected "f"', "write, say, `locations [a:r, f]`"],
];

const LITERALS: Case[] = [
  [
    inThread("read(p.r, 12ab)"),
    "6:13",
    '"12ab" is not a number',
    "write 4096, 0x1000, or 0600 for octal",
  ],
  [
    inThread("read(p.r, 08)"),
    "6:13",
    '"08" is not a number',
    "write 4096, 0x1000, or 0600 for octal",
  ],
  [
    inThread("read(p.r, 99999999999999999999)"),
    "6:13",
    "99999999999999999999 does not fit in 64 bits",
    "write a smaller number",
  ],
  [
    inThread("read(p.r, 4294967296 * 4294967296)"),
    "6:13",
    "the value does not fit in 64 bits",
    "write a smaller number",
  ],
  [inThread('write(p.w, "a)'), "6:14", "the string does not end on its line", 'close it with "'],
  [
    inThread('write(p.w, "\\q")'),
    "6:15",
    '"\\q" is no escape',
    'use \\n, \\t, \\r, \\0, \\", \\\\ or \\xHH',
  ],
  [
    inThread('write(p.w, hex "0")'),
    "6:18",
    "hex content needs two digits for each byte",
    'write, for example, hex "00 ff"',
  ],
  [
    inThread("write(p.w, 0x100 * 4)"),
    "6:14",
    "256 is not a byte",
    "a fill is BYTE * LENGTH: `0x1f * 4096`",
  ],
  [
    inThread("write(p.w, 1 * 0)"),
    "6:14",
    "0 bytes cannot stand here",
    "a length is at least 1; leave the piece out",
  ],
  [
    inThread("write(p.w, 5)"),
    "6:14",
    "content is expected here",
    'write `0x1f * 4096`, "text", hex "00ff", or several as {0x00 * 100, "abc"}',
  ],
];

const NAMES: Case[] = [
  [inThread("foo(p.r)"), "6:3", "there is no call foo()", "`splicelab list calls` shows all"],
  [
    inThread("pread(a:q, 8, 0)").replace("fd = ", "close(f)\n  l: "),
    "7:11",
    "thread `a` has no register `q`",
    "put it in front of a call of a: `q = open(…)`",
  ],
  [
    asked("exists a:s.notif = 1"),
    "9:11",
    "a notification is no value: a call can wait for it, no condition names it",
    "write `after a:s.notif` in front of a call, and ask for its result",
  ],
  [inThread("reed(p.r, 8)"), "6:3", "there is no call reed()", "did you mean `read`?"],
  [inThread("pread64(f, 8, 0)"), "6:3", "there is no call pread64()", "did you mean `pread`?"],
  [inThread("read(q.r, 8)"), "6:8", "there is no pipe `q`", "did you mean `p.r`?"],
  [inThread("read(p.x, 8)"), "6:8", "a pipe has no end `x`", "write `p.r` or `p.w`"],
  [inThread("read(f.r, 8)"), "6:8", "`f` is a file", "write `f` alone"],
  [
    inThread("read(p, 8)"),
    "6:8",
    "`p` is a pipe, and the call needs one end",
    "write `p.r` for the read end, `p.w` for the write end",
  ],
  [inThread("read(ff, 8)"), "6:8", "there is no file or register `ff`", "did you mean `f`?"],
  [inThread("z = dup(z)"), "6:11", "`z` is not filled yet", "use it after the call that fills it"],
  [
    inThread("read(q.r, 1) pipe2(q, 0)"),
    "6:8",
    "pipe `q` is not made yet",
    "use it after its pipe2()",
  ],
  [
    inThread("x: close(x)"),
    "6:12",
    "`x` is a label and holds no descriptor",
    "put a register in front of the call: `fd = open(…)`",
  ],
  [
    inThread("n = close(f) close(n)"),
    "6:22",
    "`n` holds no descriptor but a result",
    "use a register in front of open(), dup() or memfd_create()",
  ],
  [
    inThread("fd = dup(f)"),
    "6:3",
    "`fd` is already a register of this thread",
    "choose another name: each is given once",
  ],
  [
    inThread("f = dup(3)"),
    "6:3",
    "`f` is already a file, a pipe or a socket",
    "choose another name for the register",
  ],
  [inThread("pipe2(p, 0)"), "6:9", "`p` is already a pipe", "choose another name"],
  [
    declared("background writback"),
    "3:12",
    "there is no background task `writback`",
    "did you mean `writeback`?",
  ],
  [
    declared("background reclaim\nbackground reclaim"),
    "4:12",
    "`reclaim` is declared twice",
    "keep one",
  ],
  [declared("pipe f"), "3:6", "`f` is already a file", "choose another name"],
  [declared("thread a {}"), "4:8", "`a` is already a thread", "choose another name"],
  [inThread("after b:x close(f)"), "6:9", "there is no thread `b`", "did you mean `a`?"],
  [
    inThread("after a:x close(f)"),
    "6:11",
    "thread `a` has no label or register `x`",
    "choose one of `fd`",
  ],
  [
    inThread("close(f)\n}\nthread b {\n  read(fd, 1)"),
    "9:8",
    "there is no file or register `fd`",
    "write `a:fd` for the register of thread `a`",
  ],
  [asked("forall r = 1"), "9:8", "there is no file, pipe, socket or wire `r`", "write `a:r`"],
  [
    asked("locations [pp]"),
    "9:12",
    "there is no file, pipe, socket or wire `pp`",
    "did you mean `p`?",
  ],
];

checkCases("syntax", SYNTAX);
checkCases("literals", LITERALS);
checkCases("names", NAMES);

test("writes of the same byte by two threads are a warning, and the program is usable", () => {
  const text =
    "litmus x\nfile f\nthread a {\n  write(f, 1 * 8)\n  write(f, 1 * 8)\n}\nthread b {\n  write(f, {2 * 1, 1 * 1})\n}\n";
  const { program, diagnostics } = parseProgram(text);
  expect(program?.threads).toHaveLength(2);
  expect(diagnostics.map(({ severity, line }) => [severity, line])).toEqual([["warning", 8]]);
  expect(diagnostics[0]?.message).toBe("0x01 is also written by thread `a`: a tear could hide");
});

test("a diagnostic is shown with its line, a caret and the remedy", () => {
  const text = inThread("reed(p.r, 8)");
  const [first] = parseProgram(text).diagnostics;
  expect(renderDiagnostic(first!, text, "x.litmus").split("\n")).toEqual([
    "x.litmus:6:3: error: there is no call reed()",
    "  6 |   reed(p.r, 8)",
    "        ^^^^",
    "  remedy: did you mean `read`?",
  ]);
});

test("of each line only the first syntax error is told, and of a text at most 100", () => {
  const text = `litmus x\n${"$ % $ %\n".repeat(150)}`;
  const { diagnostics } = parseProgram(text);
  expect(diagnostics).toHaveLength(100);
  expect(new Set(diagnostics.map(({ line }) => line)).size).toBe(100);
});
