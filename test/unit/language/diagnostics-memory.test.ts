// Mistakes in calls on memory and in fallocate(): place, message and remedy; what strace prints of them.

import { expect, test } from "vitest";
import { parseProgram, printProgram } from "../../../src/language/index.js";
import { callsOf } from "../../../src/language/program.js";
import { checkCases, inThread } from "./mistakes.js";
import type { Case } from "./mistakes.js";

const mapped = (line: string): string =>
  inThread(`m = mmap(NULL, 4096, PROT_READ, MAP_SHARED, f, 0)\n  ${line}`);
const MODES =
  "use FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE, FALLOC_FL_COLLAPSE_RANGE, FALLOC_FL_ZERO_RANGE, FALLOC_FL_INSERT_RANGE";

const CASES: Case[] = [
  [
    inThread("ioctl(f, FICLONE)"),
    "6:3",
    "ioctl() takes 3 arguments for FICLONE, not 2",
    "write ioctl(fd, FICLONE, src_fd)",
  ],
  [
    inThread("ioctl(f, FICLONERANGE, f, 0)"),
    "6:3",
    "ioctl() takes 6 arguments for FICLONERANGE, not 4",
    "write ioctl(fd, FICLONERANGE, src_fd, src_offset, src_length, dest_offset)",
  ],
  [
    inThread("mmap(0x7f0000000000, 4096, PROT_READ, MAP_SHARED, f, 0)"),
    "6:8",
    "a mapping cannot be given an address here",
    "write NULL: the kernel chooses the address",
  ],
  [
    inThread("mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_PRIVATE, f, 0)"),
    "6:31",
    "MAP_SHARED and MAP_PRIVATE exclude each other",
    "write one of them",
  ],
  [
    inThread("mmap(NULL, 4096, 4, MAP_SHARED, f, 0)"),
    "6:20",
    "0x4 is not among the flags of mmap()",
    "use PROT_NONE, PROT_READ, PROT_WRITE",
  ],
  [
    inThread("mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_FIXED, -1, 0)"),
    "6:45",
    "`MAP_FIXED` is not modelled",
    "choose one of `MAP_SHARED`, `MAP_PRIVATE`, `MAP_ANONYMOUS`",
  ],
  [
    inThread("mmap(NULL, 16777217, PROT_READ, MAP_SHARED, f, 0)"),
    "6:14",
    "16777217 is outside of every mapping: `length`",
    "use 0 to 16777216",
  ],
  [
    mapped("load(m, 1, -1)"),
    "7:14",
    "-1 is outside of every mapping: `offset`",
    "use 0 to 16777216",
  ],
  [
    mapped("c = fork(m)\n  fork(c)"),
    "8:8",
    "`c` is a child's, and fork() by a child is not modelled",
    "use a register in front of mmap()",
  ],
  [
    mapped("munmap(0x7f0000000000, 4096)"),
    "7:10",
    "`m` of munmap() is a mapping",
    "write the register of an mmap(): `m = mmap(…)`, then `m`",
  ],
  [
    mapped("store(fd, 0x22 * 1, 0)"),
    "7:9",
    "`fd` holds no mapping but a descriptor",
    "use a register in front of mmap() or fork()",
  ],
  [
    mapped("pwrite(m, 0x22 * 1, 0)"),
    "7:10",
    "`m` holds no descriptor but a mapping",
    "use a register in front of open(), dup() or memfd_create()",
  ],
  [
    mapped("load(n, 1, 0)"),
    "7:8",
    "there is no register `n`",
    "put it in front of an mmap(): `n = mmap(…)`",
  ],
  [
    inThread("load(m, 1, 0)\n  m = mmap(NULL, 4096, PROT_READ, MAP_SHARED, f, 0)"),
    "6:8",
    "`m` is not filled yet",
    "use it after the call that fills it",
  ],
  [
    inThread("fallocate(f, 64, 0, 4096)"),
    "6:16",
    "0x40 is not among the flags of fallocate()",
    MODES,
  ],
  [
    inThread("fallocate(f, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, 1099511627777)"),
    "6:63",
    "1099511627777 is too large for `len`",
    "use at most 1099511627776",
  ],
];

checkCases("memory", CASES);

test("the address that strace prints behind mmap() counts as 0", () => {
  const { program } = parseProgram(
    inThread(
      "m = mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 3</tmp/f>, 0) = 0x7f3a2c001000",
    ),
  );
  expect(callsOf(program!)[1]?.expect).toEqual({ ret: 0n });
  expect(printProgram(program!)).toContain("PROT_READ | PROT_WRITE, MAP_SHARED, 3, 0) = 0\n");
});
