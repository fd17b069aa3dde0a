// The grid and the bounds of programs, each rule by an example.

import { describe, expect, test } from "vitest";
import { boundsOf, gridOf, parseProgram } from "../../../src/language/index.js";
import type { Program } from "../../../src/language/index.js";

/** A program of one thread, with a file of two pages and a pipe. */
function program(calls: string, condition = "", file = "0x01 * 8192"): Program {
  const content = file === "" ? "" : ` = ${file}`;
  const text = `litmus x\nfile f${content}\npipe p\nthread a {\n${calls}\n}\n${condition}\n`;
  const result = parseProgram(text);
  if (result.program === undefined) throw new Error(JSON.stringify(result.diagnostics));
  return result.program;
}

const GRIDS: [why: string, grid: number, calls: string, condition?: string, file?: string][] = [
  ["whole pages", 4096, "pwrite(f, 2 * 4096, 4096)"],
  ["an offset", 512, "pwrite(f, 2 * 4096, 512)"],
  ["a length of data", 1024, "write(f, 2 * 3072)"],
  ["a boundary inside data", 256, "write(f, {2 * 256, 3 * 3840})"],
  ["text is cut at every letter", 1, 'write(f, "abcd")'],
  ["a count", 2048, "read(f, 2048)"],
  ["the count of a splice, and its offset", 128, "splice(f, 1024, p.w, NULL, 640, 0)"],
  ["a length", 64, "ftruncate(f, 4160)"],
  ["a seek backwards", 32, "lseek(f, -32, SEEK_END)"],
  ["the size of a file", 16, "close(f)", "", "1 * 4112"],
  ["a boundary in a file", 8, "close(f)", "", "1 * 4088, hole 8"],
  ["a boundary in the condition", 4, "close(f)", "forall f = {1 * 4092, 2 * 4}"],
  ["a boundary in the filter", 2, "close(f)", "filter not (true /\\ p = 0x00 * 2)"],
  ["no amount of data: F_SETPIPE_SZ", 4096, "fcntl(p.r, F_SETPIPE_SZ, 5001)"],
  ["a result is no amount", 4096, "s: close(f)", "forall a:s = 7"],
  ["a count beyond all data", 4096, "read(f, 65537)"],
  ["a count beyond what is in the pipe", 4096, "write(p.w, 1 * 4096) read(p.r, 60001)"],
  ["a count that is unsigned", 4096, "read(f, -1)"],
  ["a splice beyond all data", 4096, "splice(f, 0, p.w, NULL, 100001, 0)"],
  ["EINVAL: a negative offset", 4096, "pread(f, 3, -1)"],
  ["EINVAL: a negative length", 4096, "ftruncate(f, -3)"],
  ["EINVAL: a negative pointer", 4096, "splice(f, -3, p.w, NULL, 5, 0)"],
  ["an offset as large as it gets", 1, "pread(f, 4096, 9223372036854775807)"],
  ["a large even offset", 4096, "pwrite(f, 1 * 4096, 4611686018427387904)"],
];

describe("grid", () => {
  for (const [why, grid, calls, condition, file] of GRIDS)
    test(`${grid}: ${why}`, () => {
      expect(gridOf(program(calls, condition, file))).toBe(grid);
    });
});

const BOUNDS: [why: string, file: number, data: number, calls: string][] = [
  ["initial content", 8192, 8192, "close(f)"],
  ["a write at an offset", 8292, 8292, "pwrite(f, 1 * 100, 8192)"],
  ["writes at the position add up", 8392, 8392, "write(f, 1 * 100) write(f, 1 * 100)"],
  [
    "pwrite on O_APPEND adds up",
    8292,
    8292,
    'x = open("f", O_RDWR | O_APPEND) pwrite(x, 1 * 100, 0)',
  ],
  ["a copy at an offset", 9216, 9216, "copy_file_range(f, 0, f, 8192, 1024, 0)"],
  ["a copy is no longer than its source", 24576, 24576, "copy_file_range(f, 0, f, 8192, -1, 0)"],
  ["a clone at an offset", 12288, 12288, "ioctl(f, FICLONERANGE, f, 0, 4096, 8192)"],
  ["a clone of a file", 8192, 8192, "ioctl(f, FICLONE, f)"],
  ["a question about a file", 8192, 8192, "ioctl(f, FIONREAD)"],
  ["what fallocate allocates", 12288, 12288, "fallocate(f, 0, 8192, 4096)"],
  ["what it inserts", 12288, 12288, "fallocate(f, FALLOC_FL_INSERT_RANGE, 0, 4096)"],
  ["a longer ftruncate", 20000, 20000, "ftruncate(f, 20000)"],
  ["reading beyond the end grows nothing", 8192, 8192, "pread(f, 1, 1048576)"],
  ["what is written to a pipe grows no file", 8192, 20000, "write(p.w, 1 * 20000)"],
  ["no pipe holds more than its capacity", 8192, 65536, "write(p.w, 1 * 100000)"],
  [
    "unless it is made larger",
    8192,
    100000,
    "write(p.w, 1 * 100000) fcntl(p.w, F_SETPIPE_SZ, 100000)",
  ],
  ["a splice to a file", 65536, 65536, "splice(p.r, NULL, f, 0, 1000000, 0)"],
  [
    "a splice at an offset that comes to append",
    9216,
    9216,
    "splice(p.r, NULL, f, 0, 1024, 0) fcntl(f, F_SETFL, O_APPEND)",
  ],
  ["refused calls count for nothing", 8192, 8192, "pwrite(f, 1 * 10000, -1)"],
];

describe("bounds", () => {
  for (const [why, fileBytesMax, dataBytesMax, calls] of BOUNDS)
    test(`${why}: ${calls}`, () => {
      expect(boundsOf(program(calls))).toEqual({ fileBytesMax, dataBytesMax });
    });

  test("absurd offsets give a safe integer", () => {
    const { fileBytesMax } = boundsOf(program("pwrite(f, 1 * 2, 9223372036854775807)"));
    expect(fileBytesMax).toBe(Number.MAX_SAFE_INTEGER);
  });
});
