// Text made for other readers: lines of strace, calls that are not modelled, tokens.

import { expect, test } from "vitest";
import { parseProgram } from "../../../src/language/index.js";
import { checkCases, declared, inThread } from "./mistakes.js";
import type { Case } from "./mistakes.js";

const BEGIN = "a scenario begins with `litmus NAME`";
const TABLE = "leave it out; docs/language.md lists the calls";
const NAME_PIPE = "write a name: `pipe2(p, 0)`; its ends are `p.r` and `p.w`";
const JOIN = "join the two halves of the call in one line, without `<…>`";
const PID = "leave it out, and give each pid a thread of its own";

const TEXTS: Case[] = [
  ["sl1:abc-DEF_1\n", "1:1", BEGIN, "this is a witness token: give it as an argument of `run`"],
  ["litmu x\nthread a {}\n", "1:1", BEGIN, "did you mean `litmus`?"],
  ["# a note\n{}\n", "2:1", BEGIN, "put `litmus NAME` in front"],
  [
    'execve("/bin/x", ["x"], 0x7ffd /* 20 vars */) = 0\nread(3, "a", 1) = 1\n',
    "1:1",
    BEGIN,
    "write `litmus NAME`, and the calls into `thread a { … }`",
  ],
];

const CALLS: Case[] = [
  ...["sync_file_range", "mprotect", "epoll_wait"].map((name): Case => [
    inThread(`${name}(3, 1)`),
    "6:3",
    `${name}() is not modelled yet`,
    TABLE,
  ]),
  [
    inThread('writev(5, [{iov_base="a", iov_len=1}], 1) = 1'),
    "6:13",
    "a segment is its content, or its length",
    'write, say, `writev(3, ["abc"])`, `readv(3, [4096])`',
  ],
  ...["preadv2", "pwritev2"].map((name): Case => [
    inThread(`${name}(3, [{iov_base="a", iov_len=1}], 1, 0, RWF_NOWAIT) = 1`),
    `6:${name.length + 7}`,
    "a segment is its content, or its length",
    'write, say, `pwritev2(3, ["abc"], 0)`, `preadv2(3, [4096], 0)`',
  ]),
  [
    inThread('vmsplice(5, [{iov_base="a", iov_len=1}], 1, 0) = 1'),
    "6:15",
    "vmsplice() takes bytes of a mapping",
    "write `m = mmap(…)`, `store(m, content, 0)`, and, say, `vmsplice(p.w, m, 4096, 0, 0)`",
  ],
  [
    inThread("ioctl(3, FIONREAD, [4]) = 0"),
    "6:3",
    "ioctl() takes 2 arguments for FIONREAD, not 3",
    "write ioctl(fd, FIONREAD); what it gets is the result, as in `n = …`",
  ],
  [
    inThread("fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0"),
    "6:21",
    "F_SETFL does not change whether a file is read or written",
    "leave `O_RDWR` out",
  ],
  [
    inThread("m = memfd_create(m, 0)"),
    "6:20",
    "a path stands in double quotes",
    'write, say, memfd_create("m", 0)',
  ],
  ...[
    ["F_GET_SEALS", "F_GET_SEALS"],
    ["1032", "F_GETPIPE_SZ"],
  ].map(([written, name]): Case => [
    inThread(`fcntl(f, ${written}, F_SEAL_WRITE)`),
    "6:3",
    `fcntl() takes 2 arguments for ${name}, not 3`,
    `write fcntl(fd, ${name}); what it gets is the result, as in \`n = …\``,
  ]),
  [
    inThread('openat(AT_FDCWD, "f", O_RDWR)'),
    "6:3",
    "openat() is not modelled yet",
    "write `open(…)` without AT_FDCWD",
  ],
  [inThread("pipe(q)"), "6:3", "pipe() is not modelled yet", "write `pipe2(p, 0)`"],
  [inThread("pipe([6, 7])"), "6:3", "pipe() is not modelled yet", "write `pipe2(p, 0)`"],
  [inThread("pipe2([6, 7], 0)"), "6:9", "the first argument names the new pipe", NAME_PIPE],
  [
    inThread("poll([{fd=3, events=POLLIN}], 1, 0)"),
    "6:8",
    "poll() takes one descriptor",
    "write, say, `poll(p.r, POLLIN, 0)`",
  ],
];

const STRACE: Case[] = [
  [inThread("[pid 1234] close(3) = 0"), "6:3", 'unexpected "[pid 1234]"', PID],
  [inThread("1234  close(3) = 0"), "6:3", 'unexpected "1234"', PID],
  [inThread("12:00:01.5 close(3) = 0"), "6:3", 'unexpected "12:00:01.5"', "leave the time out"],
  [inThread("read(3, 4 <unfinished ...>"), "6:13", "the call does not end on its line", JOIN],
  [inThread("<... read resumed> 4) = 4"), "6:3", "the call does not begin on its line", JOIN],
  [
    inThread("read(3, 4) = ? ERESTARTSYS (To be restarted)"),
    "6:16",
    "the call has no result",
    "leave the result out: write nothing behind `)`",
  ],
  [
    inThread("read(3, 4) = EAGAIN"),
    "6:16",
    "an errno stands behind -1",
    "write, say, `= -1 EAGAIN`",
  ],
  [
    `${inThread("a = read(3, 4)")}exists (t:a = -1 EAGAIN)`,
    "8:15",
    "a condition knows no errno",
    "write `thread:label = -1`; the errno may stand behind the call, as in `read(3, 1) = -1 EAGAIN`",
  ],
  [
    inThread("splice(f, &off, p.w, NULL, 1, 0)"),
    "6:13",
    "there are no variables to point to",
    "write the offset itself, or NULL",
  ],
  [
    inThread('read(3, "abc"..., 4096) = 4096'),
    "6:16",
    "the content is cut off",
    "write `read(fd, count)`, or `write(fd, content)` with the whole content",
  ],
  [
    inThread("+++ exited with 0 +++"),
    "6:3",
    'unexpected "+++"',
    "leave this line out: it is no call",
  ],
];

checkCases("texts", TEXTS);
checkCases("calls", CALLS);
checkCases("strace", STRACE);

test("a text that is no scenario gets one diagnostic", () => {
  for (const [text] of TEXTS) expect(parseProgram(text).diagnostics).toHaveLength(1);
});

test("what stands in a string is not taken for a call", () => {
  const [first] = parseProgram(inThread('write(f, "socket(<unfinished ...>" 1)')).diagnostics;
  expect(first?.message).toBe("a `,` is missing between two arguments");
});

test("no remedy repeats its message, and every syntax error has one", () => {
  const bodies = ["$", "5", "=", "(", ")", ",", "x", "x:", "x =", "read(", "read(f,", "f = =", "~"];
  const texts = bodies.flatMap((body) => [
    inThread(body),
    declared(body),
    ...["file g", "file g =", "pipe", "pipe q", "thread", "forall", "forall f =", "locations"].map(
      (begin) => declared(`${begin} ${body}`),
    ),
  ]);
  for (const { message, remedy } of texts.flatMap((text) => parseProgram(text).diagnostics)) {
    expect(`${message} ${remedy}`).not.toMatch(/something else|undefined/);
    expect(remedy).not.toMatch(/^expected /);
  }
});
