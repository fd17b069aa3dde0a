// Requests of io_uring in the executor: what is in flight when a program ends, whoever has a lock or a child.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Executor } from "../../src/kernel/executor.js";
import { compilerOf } from "../../src/kernel/host.js";
import { parseProgram } from "../../src/language/parse-program.js";
import type { Program } from "../../src/language/program.js";
import { Core } from "../../src/model/core.js";
import { parsePolicy } from "../../src/model/policies.js";
import { PROFILES } from "../../src/model/profiles.js";
import { outcomesOfPicks } from "../../src/model/schedule.js";
import { ENVIRONMENT } from "../../src/trace/environment.js";
import type { Outcome } from "../../src/trace/outcome.js";

const hasCompiler = process.platform === "linux" && (await compilerOf()) !== undefined;
if (!hasCompiler) console.warn("skipped: the native back end needs Linux and cc");

const NO_URING = "there is no io_uring here";

describe.skipIf(!hasCompiler)("requests", () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await Executor.start({ directory: "/tmp" });
  });
  afterAll(() => executor.close());

  const programOf = (body: string): Program => {
    const text = `litmus x\nfile f = 0x11 * 4096\nfile g = 0x22 * 4096\npipe p\npipe q\nsocket s\n${body}`;
    const { program, diagnostics } = parseProgram(text);
    if (program === undefined) throw new Error(JSON.stringify(diagnostics));
    return program;
  };
  const run = async (body: string): Promise<Outcome> =>
    (await executor.run([{ program: programOf(body), picks: [] }]))[0]!;
  const told = ({ results }: Outcome): (string | number)[] =>
    results.map((r) => (r.status === "returned" ? (r.errno ? -r.errno : r.ret) : r.status));

  const CASES: readonly (readonly [string, string, readonly (string | number)[]])[] = [
    [
      "what is drained behind a request that is cancelled is never made",
      'thread a { write(q.w, "abcd") io_uring_enter(c, d) }\n' +
        "chain c { splice(p.r, NULL, s.a, NULL, 1, 0) }\n" +
        "chain d IOSQE_IO_DRAIN { splice(q.r, NULL, g, 0, 4, 0) }",
      [4, 2, "blocked", "not-started"],
    ],
    [
      "nor is what is linked hard behind it",
      'thread a { write(q.w, "abcd") io_uring_enter(c) }\n' +
        "chain c IOSQE_IO_HARDLINK { splice(p.r, NULL, s.a, NULL, 1, 0) " +
        "splice(q.r, NULL, g, 0, 2, 0) splice(q.r, NULL, g, 0, 2, 0) }",
      [4, 3, "blocked", "not-started", "not-started"],
    ],
    [
      "a request sleeps with a pipe locked that another one waits for",
      "thread a { io_uring_enter(d) io_uring_enter(c) }\n" +
        "chain c { splice(s.a, NULL, p.w, NULL, 1, 0) }\n" +
        "chain d { splice(p.r, NULL, s.b, NULL, 1, 0) }",
      [1, 1, "blocked", "blocked"],
    ],
    [
      "a call sleeps with a pipe locked that a request waits for",
      "thread a { io_uring_enter(d) splice(s.a, NULL, p.w, NULL, 1, 0) }\n" +
        "chain d { splice(p.r, NULL, s.b, NULL, 1, 0) }",
      [1, "blocked", "blocked"],
    ],
    [
      "a child keeps no ring",
      "thread a { m = mmap(NULL, 4096, PROT_READ, MAP_SHARED, f, 0) fork(m) io_uring_enter(c) }\n" +
        "chain c { splice(p.r, NULL, s.a, NULL, 1, 0) }",
      [0, 0, 1, "blocked"],
    ],
    [
      "a request that is polled for is over, and what is linked hard behind it finds nothing",
      'thread a { write(q.w, "abcd") io_uring_enter(c) }\n' +
        'chain c IOSQE_IO_HARDLINK { read(p.r, 1) pwrite(g, "x", 0) splice(q.r, NULL, g, 0, 2, 0) }',
      [4, 3, "blocked", "not-started", "not-started"],
    ],
    [
      "nor does what is drained behind it",
      "thread a { io_uring_enter(c, d) }\n" +
        'chain c { read(s.a, 1) }\nchain d IOSQE_IO_DRAIN { write(g, "x") }',
      [2, "blocked", "not-started"],
    ],
    [
      "a notification comes that a closed end had to wait for, and the call behind it",
      'socket t tcp\nthread a { io_uring_enter(c) close(t.a) }\nthread b { after c:y.notif write(p.w, "d") }\n' +
        'chain c { y: send(t.a, "ab", MSG_ZEROCOPY | MSG_MORE) }',
      [1, 0, 1, 2],
    ],
    [
      "rings are there again",
      "thread a { io_uring_enter(c) }\nthread b { io_uring_enter(d) }\n" +
        "chain c { splice(f, 0, p.w, NULL, 10, 0) splice(p.r, NULL, s.a, NULL, 10, 0) }\n" +
        "chain d IOSQE_IO_DRAIN { splice(f, 0, q.w, NULL, 10, 0) }",
      [2, 1, 10, 10, 10],
    ],
  ];

  test.for(CASES)("%s", async ([, body, expected], { skip }) => {
    skip(!executor.hello.hasUring, NO_URING);
    const { pid } = executor.hello;
    const outcome = await run(body);
    expect(told(outcome)).toEqual(expected);
    expect(outcome.files[1]!.bytes.every((byte) => byte === 0x22)).toBe(true);
    expect(executor.hello.pid, "the executor goes on").toBe(pid);
  });

  test("a ring that has drained is not used for a zero-copy send, nor one that has sent for a drained request", async ({
    skip,
  }) => {
    skip(!executor.hello.hasUring, NO_URING);
    const drains =
      "thread a { io_uring_enter(c) }\nchain c IOSQE_IO_DRAIN { splice(f, 0, p.w, NULL, 10, 0) }";
    const sends =
      "socket t tcp\nthread a { io_uring_enter(c) after c:y.notif read(t.b, 2) }\n" +
      'chain c { y: send(t.a, "ab", MSG_ZEROCOPY) }';
    const holdsBack =
      'socket t tcp\nthread a { io_uring_enter(c) }\nchain c { send(t.a, "ab", MSG_ZEROCOPY | MSG_MORE) }';
    const bodies = [drains, sends, drains, holdsBack, drains];
    const outcomes = await executor.run(
      bodies.map((body) => ({ program: programOf(body), picks: [] })),
    );
    expect(outcomes.map(told)).toEqual([
      [1, 10],
      [1, 2, 2],
      [1, 10],
      [1, 2],
      [1, 10],
    ]);
  });

  test("what may be locked is asked on neither side: the pipes of whoever waits beside a splice from a socket", async ({
    skip,
  }) => {
    skip(!executor.hello.hasUring, NO_URING);
    const body =
      "thread a { fcntl(p.w, F_SETPIPE_SZ, 4096) write(p.w, 0x78 * 4096) io_uring_enter(c, d) }\n" +
      "chain c { tee(q.r, p.w, 4096, 0) }\nchain d { splice(s.a, NULL, p.w, NULL, 1, 0) }";
    const observed = await run(body);
    const setup = { profile: PROFILES[0]!, policy: parsePolicy("linux"), environment: ENVIRONMENT };
    const { outcomes } = outcomesOfPicks(new Core(), { ...setup, program: programOf(body) }, []);
    const asked = ({ pipes }: Outcome): number[] => pipes.map(({ fd }) => fd);
    expect(told(observed).slice(-2)).toEqual(["blocked", "blocked"]);
    expect(outcomes.map(asked)).toEqual([asked(observed)]);
  });
});
