// Mistakes in the memory of calls, segments and faults: place, message and remedy; and their usual form.

import { expect, test } from "vitest";
import { formatText, parseProgram } from "../../../src/language/index.js";
import { checkCases, inThread } from "./mistakes.js";
import type { Case } from "./mistakes.js";

const CASES: Case[] = [
  [
    inThread('writev(f, "abc")'),
    "6:13",
    "`iov` of writev() is a list of segments",
    'write, say, [0x1f * 4096, "abc"]',
  ],
  [
    inThread("readv(f, 4096)"),
    "6:12",
    "`iov` of readv() is a list of segments",
    "write, say, [4096, 100]",
  ],
  [
    inThread('readv(f, [1, "abc"])'),
    "6:16",
    "`iov` of readv() counts bytes",
    "write a number of bytes, or `fault` and a number",
  ],
  [inThread("readv(f, [-1])"), "6:13", "-1 bytes cannot be read into", "use at most 1048576"],
  [
    inThread(`readv(f, [${Array(17).fill("1").join(", ")}])`),
    "6:12",
    "17 segments are too many",
    "use at most 16",
  ],
  [
    inThread('write(f, {fault 1, "abc"})'),
    "6:12",
    "no call gets to what is behind a fault",
    "leave out what stands behind it",
  ],
  [
    inThread("write(f, fault 0)"),
    "6:18",
    "0 bytes cannot stand here",
    "a length is at least 1; leave the piece out",
  ],
  [
    inThread("read(f, {4096, 4096})"),
    "6:11",
    "`count` of read() is a number",
    "write one number, or memory as {4096, fault 1}",
  ],
  [
    inThread("splice(f, 0, p.w, NULL, fault 1, 0)"),
    "6:27",
    "`len` of splice() is a number",
    "write, say, 4096",
  ],
  [
    inThread("m = mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, f, 0)\n  store(m, fault 1, 0)"),
    "7:12",
    "only the memory of a call faults",
    "write bytes here, as `0x1f * 4096`",
  ],
  [
    inThread("preadv(f, [1], 0)"),
    "6:3",
    "preadv() is not modelled yet",
    "write `preadv2(fd, [count, …], offset)`",
  ],
];

checkCases("memory of calls", CASES);

test("segments keep their brackets, a pointer loses them", () => {
  const text = inThread(
    "readv( f,[ 1 ,{2,fault 3} ] )\n  splice(f, [0] => [4096], p.w, NULL, 1, 0)",
  );
  const formatted = formatText(text).text!;
  expect(formatted).toContain("readv(f, [1, {2, fault 3}])");
  expect(formatted).toContain("splice(f, 0, p.w, NULL, 1, 0)");
  expect(
    parseProgram(formatted).diagnostics.filter(({ severity }) => severity === "error"),
  ).toEqual([]);
});
