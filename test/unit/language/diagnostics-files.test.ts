// Mistakes in calls on names, on the disk and on devices: place, message and remedy.

import { expect, test } from "vitest";
import { parseProgram, printProgram } from "../../../src/language/index.js";
import { checkCases, inThread } from "./mistakes.js";
import type { Case } from "./mistakes.js";

const FOLDER = "a scenario has one folder of its own: use letters, digits, `_`, `.` and `-`";

const CASES: Case[] = [
  [
    inThread("posix_fadvise(f, -1, 0, POSIX_FADV_DONTNEED)"),
    "6:20",
    "-1 is no offset in a file",
    "use 0 or more",
  ],
  [
    inThread("posix_fadvise(f, 0, 0, 3)"),
    "6:26",
    "posix_fadvise() has no command 3 here",
    "use POSIX_FADV_DONTNEED",
  ],
  [inThread('unlink("/dev/null")'), "6:10", '"/dev/null" is no name of a file here', FOLDER],
  [
    inThread('open("/dev/random", O_RDONLY)'),
    "6:8",
    '"/dev/random" is no name of a file here',
    FOLDER,
  ],
  [
    inThread('open("/proc/sys/vm/drop_caches", O_WRONLY)'),
    "6:8",
    '"/proc/sys/vm/drop_caches" is no name of a file here',
    "write `drop_caches()`, or `posix_fadvise(f, 0, 0, POSIX_FADV_DONTNEED)` for one file",
  ],
  [
    inThread("fcntl(f, F_SETFL + 0)"),
    "6:3",
    "fcntl() takes 3 arguments for F_SETFL, not 2",
    "write fcntl(fd, F_SETFL, O_NONBLOCK)",
  ],
  [
    inThread('renameat2(-100, "f", -100, "g", 0)'),
    "6:3",
    "renameat2() is not modelled yet",
    "write `rename(…)` without AT_FDCWD",
  ],
];

checkCases("calls on files", CASES);

test("seals are printed by their names, and flags of memfd_create() that are not modelled are refused", () => {
  const body = (flags: string): string =>
    `litmus seals\nthread t {\n  m = memfd_create("m", ${flags})\n  fcntl(m, F_ADD_SEALS, 12)\n}\n`;
  const { program } = parseProgram(body("MFD_ALLOW_SEALING"));
  expect(printProgram(program!)).toContain("fcntl(m, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_WRITE)");
  const [problem] = parseProgram(body("4")).diagnostics;
  expect(problem?.message).toBe("0x4 is not among the flags of memfd_create()");
});

test("devices are printed as they were written", () => {
  const text = inThread('z = open("/dev/zero", O_RDONLY)\n  n = open("/dev/null", O_WRONLY)');
  const { program } = parseProgram(text);
  const printed = printProgram(program!);
  expect(printed).toContain('open("/dev/zero"');
  expect(printed).toContain('open("/dev/null"');
  expect(parseProgram(printed).program).toEqual(program);
});
