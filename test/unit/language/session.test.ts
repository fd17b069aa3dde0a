// Calls one by one: a program that grows line by line.

import { describe, expect, test } from "vitest";
import {
  emptySession,
  parseCall,
  parseProgram,
  printProgram,
} from "../../../src/language/index.js";
import type { Program } from "../../../src/language/index.js";

/** Types lines into a session; the diagnostics are those of all lines. */
function type(lines: readonly string[]): { program: Program; problems: string[] } {
  let program = emptySession;
  const problems: string[] = [];
  lines.forEach((line, i) => {
    const step = parseCall(line, program, i + 1);
    program = step.program;
    problems.push(...step.diagnostics.map((d) => `${d.line}:${d.column} ${d.message}`));
  });
  return { program, problems };
}

describe("session", () => {
  test("a call alone", () => {
    const step = parseCall("splice(9, NULL, 9, NULL, 1, 0)", emptySession);
    expect(step.diagnostics).toEqual([]);
    expect(step.call?.syscall).toBe("splice");
    expect(step.program.threads[0]?.calls).toEqual([step.call]);
  });

  test("registers, pipes and names last from line to line", () => {
    const { program, problems } = type([
      'fd = open("g", O_RDWR | O_CREAT, 0600)',
      "pipe2(q, O_NONBLOCK) = 0",
      "",
      "# a comment",
      'write(fd, "abc") = 3',
      "splice(fd, 0, q.w, NULL, 3, 0)",
      "a = read(q.r, 10)",
    ]);
    expect(problems).toEqual([]);
    expect(program.names).toEqual(["g"]);
    expect(program.threads[0]?.calls.map((call) => call.id)).toEqual([0, 1, 2, 3, 4]);
    expect(parseProgram(printProgram(program)).program).toStrictEqual(program);
  });

  test("a wrong line leaves the program as it was", () => {
    const { program, problems } = type([
      "pipe2(q, 0)",
      "reed(q.r, 1)",
      "read(q.r, 1",
      "read(fd, 1)",
      "pipe2(q, 0)",
      'open("x", 0x1000000)',
      "close(q.r) close(q.w)",
    ]);
    expect(program.threads[0]?.calls).toHaveLength(1);
    expect(program.names).toEqual([]);
    expect(problems).toEqual([
      "2:1 there is no call reed()",
      "3:12 expected `)` or `,`",
      "4:6 there is no file or register `fd`",
      "5:7 `q` is already a pipe",
      "6:11 0x1000000 is not among the flags of open()",
      "7:11 expected the end of the line",
    ]);
  });

  test("the end of a session", () => {
    const { program, problems } = type(Array.from({ length: 201 }, () => "close(3)"));
    expect(program.threads[0]?.calls).toHaveLength(200);
    expect(problems).toEqual(["201:1 there are more than 200 calls"]);
  });
});
