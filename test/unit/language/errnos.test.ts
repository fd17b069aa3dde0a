// The errnos that src/language/errnos.ts lists are those of the model: none is missing, none is too many.

import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import * as abi from "../../../assembly/abi/errno.js";
import { randomProgram } from "../../../src/arbitraries/random.js";
import { ERRNO_NAMES } from "../../../src/compare/errno-names.js";
import { ERRNO_DOCS, errnosOf } from "../../../src/language/errnos.js";
import { parseProgram } from "../../../src/language/parse-program.js";
import { callsOf } from "../../../src/language/program.js";
import type { Program } from "../../../src/language/program.js";
import { SYSCALL_NAMES } from "../../../src/language/syscalls.js";
import { Core, TooLarge } from "../../../src/model/core.js";
import { POLICIES } from "../../../src/model/policies.js";
import { PROFILES } from "../../../src/model/profiles.js";
import { outcomesOfPicks } from "../../../src/model/schedule.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";
import type { Environment } from "../../../src/trace/environment.js";
import { RUNS_FACTOR } from "../../seed.js";

const core = new Core();

/** `splice EAGAIN`, for each call that fails in a run. */
function failures(
  program: Program,
  setting: { profile?: number; policy?: number; picks?: readonly number[] } = {},
  environment: Environment = ENVIRONMENT,
): string[] {
  const { profile = 0, policy = 0, picks = [] } = setting;
  const setup = {
    program,
    profile: PROFILES[profile % PROFILES.length]!,
    policy: POLICIES[policy % POLICIES.length]!,
    environment,
  };
  try {
    const { outcomes } = outcomesOfPicks(core, setup, picks);
    const calls = callsOf(program);
    return outcomes.flatMap(({ results }) =>
      results
        .filter(({ status, errno }) => status === "returned" && errno !== 0)
        .map(({ call, errno }) => `${calls[call]!.syscall} ${ERRNO_NAMES.get(errno)!}`),
    );
  } catch (error) {
    if (error instanceof TooLarge) return [];
    throw error;
  }
}

const programOf = (text: string): Program => {
  const { program, diagnostics } = parseProgram(text);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return program!;
};

const CORPUS = readdirSync("litmus", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".litmus"))
  .map((file) => programOf(readFileSync(`litmus/${file}`, "utf8")));

/** One failing call each, behind what it needs. */
const CALLS: readonly string[] = readFileSync("test/fixtures/errnos.txt", "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));

const THINGS =
  "file f = 0x11 * 8192\nfile g = 0x22 * 8192\npipe p\npipe q O_NONBLOCK\nsocket s\nsocket t tcp\n" +
  "socket v dgram\nsocket u udp";
const LIMITED = { ...ENVIRONMENT, fileSizeLimitBytes: 8192, pipeUserPagesHard: 40 };

const listed = SYSCALL_NAMES.flatMap((call) => errnosOf(call).map((name) => `${call} ${name}`));
const seen = new Set<string>();

test.each(CALLS)("%s", (line) => {
  const program = programOf(`litmus one\n${THINGS}\nthread a {\n${line.replaceAll("; ", "\n")}\n}`);
  const { syscall, expect: expected } = callsOf(program).at(-1)!;
  const failure = `${syscall} ${expected!.errno!}`;
  const failing = [ENVIRONMENT, LIMITED].flatMap((environment) =>
    PROFILES.map((_, profile) => failures(program, { profile }, environment).at(-1)),
  );
  expect(failing).toContain(failure);
  seen.add(failure);
});

test("each listed errno is seen in one of them", () => {
  expect(listed.filter((each) => !seen.has(each))).toEqual([]);
});

test("no run gives an errno that is not listed", () => {
  const run = new Set(CORPUS.flatMap((program, i) => failures(program, { profile: i })));
  const rich = { sockets: true, storage: true, devices: true, fifos: true, direct: true };
  const all = { ...rich, vectors: true, memfds: true, uring: true, callsMax: 14 };
  for (let i = 0; i < 1200 * RUNS_FACTOR; i++) {
    const { program, picks } = randomProgram(
      7,
      i,
      [{}, { sockets: true, wires: true }, all][i % 3],
    );
    const limits = i % 2 === 0 ? ENVIRONMENT : LIMITED;
    for (const each of failures(program, { profile: i, policy: i >> 3, picks }, limits))
      run.add(each);
  }
  expect([...run].filter((each) => !listed.includes(each))).toEqual([]);
});

test("each errno is told in a line, and lists are in order", () => {
  expect(Object.keys(ERRNO_DOCS)).toEqual(Object.keys(abi));
  for (const call of SYSCALL_NAMES) expect(errnosOf(call)).toEqual([...errnosOf(call)].sort());
});
