// Each kind of mistake: its place, what is said about it, and the remedy.

import { describe, expect, test } from "vitest";
import { parseProgram, renderDiagnostic } from "../../../src/language/index.js";

/** A scenario whose body of one thread begins in column 3 of line 6, behind f, p and an open file. */
const inThread = (line: string): string =>
  `litmus x\nfile f = 0x01 * 4096\npipe p\nthread a {\n  fd = open("g", O_RDWR | O_CREAT, 0600)\n  ${line}\n}\n`;
const asked = (line: string): string =>
  `litmus x\nfile f\npipe p\nthread a {\n  s: r = read(p.r, 8)\n  n = poll(p.r, POLLIN, 0)\n  l: close(f)\n}\n${line}\n`;
const declared = (line: string): string => `litmus x\nfile f\n${line}\nthread a {}\n`;

type Case = [text: string, place: string, message: string, remedy: string];

const SYNTAX: Case[] = [
  [inThread("read(p.r, 8"), "6:14", "expected `,` or `)`", "put `,` here"],
  [inThread("read p.r"), "6:7", "expected `(` and arguments", "put `(` here"],
  [inThread("read(p.r,, 8)"), "6:12", "expected an argument", "put an argument here"],
  ["litmus x\nthread a {\n", "2:11", "expected a call or `}`", "put a call or `}` here"],
  ["litmus file\n", "1:7", "expected a name for the scenario", "`file` is a word of the language"],
  [asked("forall a:r == 1"), "9:13", 'unexpected "="', "write `=` for equality"],
  [asked("forall snapshot && true"), "9:17", 'unexpected "&&"', "write `/\\` for and"],
  [asked("forall snapshot || true"), "9:17", 'unexpected "|"', "write `\\/` for or"],
  [asked("forall !snapshot"), "9:8", 'unexpected "!"', "write `not`, or `!=` between two sides"],
  [asked("// x"), "9:1", 'unexpected "//"', "comments begin with `#`"],
  [declared("pipe"), "3:5", "expected a name for the pipe", "`thread` is a word of the language"],
  [declared("file g = 1 *"), "3:13", "expected a number or a name", "put a number or a name here"],
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
    "use a register in front of open() or dup()",
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
    "`f` is already a file or a pipe",
    "choose another name for the register",
  ],
  [inThread("pipe2(p, 0)"), "6:9", "`p` is already a pipe", "choose another name"],
  [declared("pipe f"), "3:6", "`f` is already a file", "choose another name"],
  [declared("thread a {}"), "4:8", "there are two threads `a`", "choose another name"],
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
  [asked("forall r = 1"), "9:8", "there is no file or pipe `r`", "write `a:r`"],
  [asked("locations [pp]"), "9:12", "there is no file or pipe `pp`", "did you mean `p`?"],
];

const ARGUMENTS: Case[] = [
  [inThread("read(p.r)"), "6:3", "read() takes 2 arguments, not 1", "write read(fd, count)"],
  [
    inThread("open()"),
    "6:3",
    "open() takes 2 or 3 arguments, not 0",
    "write open(path, flags, [mode])",
  ],
  [inThread("read(p.r, f)"), "6:13", "`count` of read() is a number", "write a number, as 4096"],
  [inThread('read(p.r, "x")'), "6:13", "`count` of read() is a number", "write, say, 4096"],
  [
    inThread('read("f", 1)'),
    "6:8",
    "`fd` of read() is a descriptor",
    "write a file's name without quotes, an end of a pipe as `p.r`, or a number",
  ],
  [
    inThread("read(NULL, 1)"),
    "6:8",
    "`fd` of read() is a descriptor",
    "write a file `f`, an end of a pipe `p.r`, a register or a number",
  ],
  [
    inThread("splice(f, NULL, p.w, NULL, 1, SPLICE_F_NONBLOK)"),
    "6:33",
    "`SPLICE_F_NONBLOK` is not a value for `flags` of splice()",
    "did you mean `SPLICE_F_NONBLOCK`?",
  ],
  [
    inThread("splice(f, p, p.w, NULL, 1, 0)"),
    "6:13",
    "`off_in` is a number",
    "write a number, as 4096",
  ],
  [
    inThread('splice(f, "x", p.w, NULL, 1, 0)'),
    "6:13",
    "`off_in` is an offset or NULL",
    "write NULL, or say, 4096",
  ],
  [
    inThread("splice(f, NULL, p.w, NULL, 1, -1)"),
    "6:33",
    "-1 is not among the flags of splice()",
    "use SPLICE_F_MOVE, SPLICE_F_NONBLOCK, SPLICE_F_MORE, SPLICE_F_GIFT",
  ],
  [
    inThread("pipe2(q, 0x80)"),
    "6:12",
    "0x80 is not among the flags of pipe2()",
    "use O_CLOEXEC, O_NONBLOCK, O_DIRECT",
  ],
  [
    inThread('pipe2("q", 0)'),
    "6:9",
    "the first argument names the new pipe",
    "write `pipe2(q, 0)`; the ends are `q.r` and `q.w` then",
  ],
  [
    inThread("poll(p.r, 0x1000, 0)"),
    "6:13",
    "0x1000 is not among the flags of poll()",
    "use POLLIN, POLLOUT, POLLERR, POLLHUP, POLLNVAL, POLLRDNORM, POLLWRNORM",
  ],
  [
    inThread("poll(p.r, POLLIN, 10)"),
    "6:21",
    "time does not pass in a scenario",
    "write 0 to ask, or -1 to wait",
  ],
  [
    inThread("lseek(f, 0, 4)"),
    "6:15",
    "lseek() has no command 4 here",
    "use SEEK_SET, SEEK_CUR, SEEK_END",
  ],
  [
    inThread("fcntl(p.r, 5)"),
    "6:14",
    "fcntl() has no command 5 here",
    "use F_SETPIPE_SZ, F_GETPIPE_SZ",
  ],
  [
    inThread("pread(f, 1, 0x8000000000000000)"),
    "6:15",
    "9223372036854775808 is too large for `offset`",
    "use at most 9223372036854775807",
  ],
  [
    inThread("close(2)"),
    "6:9",
    "descriptor 2 is not the scenario's",
    "the first descriptor of a scenario is 3",
  ],
  [inThread("close(900)"), "6:9", "descriptor 900 is out of range", "use a number below 900"],
  [
    inThread("open(f, O_RDWR)"),
    "6:8",
    "a path stands in double quotes",
    'write, say, open("f", O_RDWR)',
  ],
  [
    inThread('open("../f", O_RDWR)'),
    "6:8",
    '"../f" is no name of a file here',
    "a scenario has one folder of its own: use letters, digits, `_`, `.` and `-`",
  ],
  [
    inThread('open("..", O_RDWR)'),
    "6:8",
    '".." is no name of a file here',
    "a scenario has one folder of its own: use letters, digits, `_`, `.` and `-`",
  ],
  [
    inThread(`open("${"x".repeat(33)}", O_RDWR)`),
    "6:8",
    "the name is too long",
    "use at most 32 characters",
  ],
  [
    inThread('open("f", O_RDWR | O_TMPFILE, 0600)'),
    "6:8",
    "O_TMPFILE makes a file without a name, in a folder",
    'write open(".", O_RDWR | O_TMPFILE, 0600)',
  ],
  [
    inThread('open("f", O_RDWR, 0x8000)'),
    "6:21",
    "0x8000 is no mode of a file",
    "write, say, 0600",
  ],
  [
    inThread("read(p.r, 1) = -1 EAGIN"),
    "6:21",
    "no call here fails with EAGIN",
    "did you mean `EAGAIN`?",
  ],
  [
    inThread("write(p.w, {hole 4})"),
    "6:15",
    "only a file's initial content has holes",
    "write zeros: `0x00 * 4096`",
  ],
];

const CONDITIONS: Case[] = [
  [
    asked("forall a:r = 5"),
    "9:14",
    "content is expected here",
    'write `0x1f * 4096`, "text", hex "00ff", or several as {0x00 * 100, "abc"}',
  ],
  [
    asked('forall a:s = "x"'),
    "9:14",
    "read() gives a number here, not content",
    "put a register in front of read() and compare that with content",
  ],
  [
    asked('forall a:n = "x"'),
    "9:14",
    "poll() gives a number here, not content",
    "compare it with a number",
  ],
  [
    asked("forall a:n = POLIN"),
    "9:14",
    "`POLIN` is not a number or constant",
    "did you mean `POLLIN`?",
  ],
  [
    asked("forall f = 5"),
    "9:12",
    "content is expected here",
    'write `0x1f * 4096`, "text", hex "00ff", or several as {0x00 * 100, "abc"}',
  ],
  [
    asked('forall p.r = "x"'),
    "9:8",
    "an end of a pipe holds nothing",
    "write `p`: the bytes left in the pipe",
  ],
  [asked("forall true\nexists true"), "10:1", "there is a second condition", "keep one"],
  [asked("filter true\nfilter true"), "10:1", "there is a second filter", "keep one"],
  [
    asked(`forall ${"not ".repeat(200)}true`),
    "9:508",
    "the condition is nested too deeply",
    "use at most 64 levels of parentheses and `not`",
  ],
];

const LIMITS: Case[] = [
  ["thread a {}", "1:1", "the scenario has no name", "begin the text with `litmus NAME`"],
  ["litmus x", "1:1", "the scenario has no thread", "add, say, `thread a { … }`"],
  ["litmus x litmus y thread a {}", "1:10", "there is a second `litmus` line", "keep one"],
  [
    `litmus x\nthread a {\n${"  close(3)\n".repeat(201)}}`,
    "203:3",
    "there are more than 200 calls",
    "split the scenario into smaller ones",
  ],
  [
    `litmus x\n${Array.from({ length: 9 }, (_, i) => `thread t${i} {}\n`).join("")}`,
    "10:1",
    "there are more than 8 threads",
    "split the scenario into smaller ones",
  ],
  [
    `litmus x\n${Array.from({ length: 9 }, (_, i) => `pipe p${i}\n`).join("")}thread a {}`,
    "10:1",
    "there are more than 8 pipes",
    "split the scenario into smaller ones",
  ],
  [
    `litmus x\n${Array.from({ length: 9 }, (_, i) => `file f${i}\n`).join("")}thread a {}`,
    "10:1",
    "there are more than 8 files",
    "split the scenario into smaller ones",
  ],
  [
    `litmus x\nthread a {\n${Array.from({ length: 17 }, (_, i) => `  open("n${i}", O_RDWR)\n`).join("")}}`,
    "19:8",
    "there are more than 16 names",
    "use fewer files",
  ],
  [
    inThread("write(p.w, 1 * 1048576)"),
    "6:14",
    "the text holds more than 1 MiB of data",
    "use shorter fills; holes do not count",
  ],
  [
    declared("file g = hole 16777217"),
    "3:15",
    "16777217 bytes cannot stand here",
    "a length is at most 16777216",
  ],
  [
    declared("file g = hole 16777216, 1 * 1"),
    "3:1",
    "the file is too long",
    "use at most 16777216 bytes",
  ],
  [
    declared("file g = 1 * 4096 folio order 10"),
    "3:31",
    "there is no folio of order 10",
    "use 0 to 9",
  ],
  [
    declared("pipe q 4096"),
    "3:8",
    "4096 is not among the flags of a pipe",
    "use O_CLOEXEC, O_NONBLOCK, O_DIRECT; a size is written `size 4096`",
  ],
  [declared("pipe q size 0"), "3:13", "a pipe of 0 bytes", "use 1 to 1048576"],
  [
    " ".repeat(256 * 1024 + 1),
    "1:1",
    "the text is longer than 256 KiB",
    "use fills such as `0x1f * 4096` in place of long strings",
  ],
];

const ORDER: Case[] = [
  [
    "litmus x\npipe p\nthread a {\n  after b:y\n  x: close(p.r)\n}\nthread b {\n  after a:x\n  y: close(p.w)\n}",
    "4:9",
    "this wait never ends: the two calls wait for each other",
    "remove one `after` of the circle",
  ],
  [
    inThread("after a:x\n  close(f)\n  x: close(f)"),
    "6:9",
    "this wait never ends: the two calls wait for each other",
    "remove one `after` of the circle",
  ],
  [inThread("after a:fd, a:fd close(f)"), "6:15", "the call waits for this twice", "leave one out"],
];

const KINDS = { SYNTAX, LITERALS, NAMES, ARGUMENTS, CONDITIONS, LIMITS, ORDER };

for (const [kind, cases] of Object.entries(KINDS))
  describe(kind.toLowerCase(), () => {
    for (const [text, place, message, remedy] of cases)
      test(`${message.slice(0, 60)}: ${text.slice(0, 400).split("\n")[5] ?? ""}`, () => {
        const { program, diagnostics } = parseProgram(text);
        const [first] = diagnostics;
        expect(program).toBeUndefined();
        expect(first?.severity).toBe("error");
        expect(`${first?.line}:${first?.column}`).toBe(place);
        expect(first?.message).toBe(message);
        expect(first?.remedy).toBe(remedy);
      });
  });

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
