// native/abi.h and native/syscalls.c against the TypeScript that they mirror.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as fcntl from "../../assembly/abi/fcntl.js";
import * as mman from "../../assembly/abi/mman.js";
import * as program from "../../assembly/abi/program.js";
import * as uring from "../../assembly/abi/uring.js";
import { SYSCALLS, SYSCALL_NAMES } from "../../src/language/syscalls.js";
import { nativeFolder } from "../../src/kernel/host.js";

const source = (name: string): string => readFileSync(join(nativeFolder(), name), "utf8");

const defines = new Map(
  [...source("abi.h").matchAll(/^#define (\w+) (0x[0-9a-f]+|\d+)$/gm)].map((m) => [
    m[1]!,
    Number(m[2]),
  ]),
);

test("every number of assembly/abi/program.ts stands in abi.h", () => {
  for (const [name, value] of Object.entries(program)) expect(defines.get(name), name).toBe(value);
});

test("every flag in abi.h is the one of assembly/abi/fcntl.ts, mman.ts or uring.ts", () => {
  const flags = [...defines].filter(([name]) => name.startsWith("ABI_"));
  expect(flags.length).toBeGreaterThan(8);
  for (const [name, value] of flags)
    expect(({ ...fcntl, ...mman, ...uring } as Record<string, number>)[name.slice(4)], name).toBe(
      value,
    );
});

test("every system call has its code in abi.h, a shape and a case in syscalls.c", () => {
  const text = source("syscalls.c");
  for (const name of SYSCALL_NAMES) {
    const define = `CALL_${name.toUpperCase()}`;
    expect(defines.get(define), define).toBe(SYSCALLS[name].code);
    expect(text, name).toMatch(new RegExp(`\\[${define}\\]`));
    expect(text, name).toMatch(new RegExp(`^\tcase ${define}:$`, "m"));
  }
  const codes = SYSCALL_NAMES.map((name) => SYSCALLS[name].code);
  expect(defines.get("CALL_CODES")).toBe(Math.max(...codes) + 1);
});
