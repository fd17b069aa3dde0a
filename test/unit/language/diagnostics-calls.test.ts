// Mistakes in calls, conditions and sizes: place, message and remedy.

import { asked, checkCases, declared, inThread } from "./mistakes.js";
import type { Case } from "./mistakes.js";

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
    inThread("fcntl(p.r, F_SETPIPE_SZ)"),
    "6:3",
    "fcntl() takes 3 arguments for F_SETPIPE_SZ, not 2",
    "write fcntl(fd, F_SETPIPE_SZ, 4096)",
  ],
  [
    inThread("lseek(f, 0, SEEK_DATA)"),
    "6:15",
    "`SEEK_DATA` is not modelled",
    "choose one of `SEEK_SET`, `SEEK_CUR`, `SEEK_END`",
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
    "write a name: `pipe2(p, 0)`; its ends are `p.r` and `p.w`",
  ],
  [
    inThread("poll(p.r, 0x1000, 0)"),
    "6:13",
    "0x1000 is not among the flags of poll()",
    "use POLLIN, POLLOUT, POLLERR, POLLHUP, POLLNVAL, POLLRDNORM, POLLWRNORM, POLLRDHUP",
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
    inThread("lseek(f, 0, 4294967296)"),
    "6:15",
    "lseek() has no command 4294967296 here",
    "use SEEK_SET, SEEK_CUR, SEEK_END",
  ],
  [
    inThread("fcntl(p.r, 5)"),
    "6:14",
    "fcntl() has no command 5 here",
    "use F_SETPIPE_SZ, F_GETPIPE_SZ, F_SETFL, F_ADD_SEALS, F_GET_SEALS",
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
    asked("forall a:r = a:n"),
    "9:14",
    "`a:r` and `a:n` cannot be compared with each other, only each with a value",
    "name the values that both may have: `(a:r = V /\\ a:n = V) \\/ (a:r = W /\\ a:n = W)`; the lines of `explore` show both",
  ],
  [
    asked("forall f != p"),
    "9:13",
    "`f` and `p` cannot be compared with each other, only each with a value",
    "name the values that both may have: `(f = V /\\ p = V) \\/ (f = W /\\ p = W)`; the lines of `explore` show both",
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

checkCases("arguments", ARGUMENTS);
checkCases("conditions", CONDITIONS);
checkCases("limits", LIMITS);
checkCases("order", ORDER);
