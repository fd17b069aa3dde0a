// Whose fault it is that a state is large.

import { expect, test } from "vitest";
import { blame } from "../../../src/language/blame.js";
import { parseProgram } from "../../../src/language/parse-program.js";

const blamed = (calls: string, declared = "file f = 0x11 * 8192\npipe p"): string => {
  const text = `litmus b\n${declared}\nthread t {\n${calls}\n}\n`;
  const { program, diagnostics } = parseProgram(text);
  if (program === undefined) throw new Error(diagnostics[0]?.message);
  return blame(program);
};

test("nothing is, where all numbers are pages and files are short", () => {
  expect(blamed("read(f, 4096)\nsplice(f, 4096, p.w, NULL, 4096, 0)")).toBe("");
});

test("the finest cuts are named, two of them at most", () => {
  expect(blamed("pread(f, 512, 0)\npread(f, 4095, 1)")).toBe(
    "pages are cut into cells of 1 byte because of `pread(f, 4095, 1)`",
  );
  expect(blamed("pread(f, 512, 0)\nread(f, 2048)")).toMatch(/512 bytes .* `pread\(f, 512, 0\)`$/);
  expect(blamed("read(f, 1)\nread(f, 3)\nread(f, 5)")).toMatch(
    /`read\(f, 1\)`, `read\(f, 3\)` and 1 more$/,
  );
  expect(blamed("close(f)", "file f = 0x11 * 100")).toBe(
    "pages are cut into cells of 4 bytes because of `file f`",
  );
});

test("so are long files and wide pipes", () => {
  expect(blamed("ftruncate(f, 400000)\nftruncate(f, 4096)")).toMatch(
    /; a file can have 400,000 bytes because of `ftruncate\(f, 400000\)`$/,
  );
  expect(blamed("fcntl(p.w, F_SETPIPE_SZ, 131072)")).toBe(
    "a pipe can have more than 65,536 bytes because of `fcntl(p.w, F_SETPIPE_SZ, 131072)`",
  );
});
