// Programs on the kernel of this machine, on the file systems of /tmp and /dev/shm.

import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RWF_APPEND } from "../../assembly/abi/uio.js";
import type { Content, Operand } from "../../src/language/program.js";
import { expand } from "../../src/language/program.js";
import { Executor, ProgramFailed } from "../../src/kernel/executor.js";
import { fileSystemOf } from "../../src/kernel/features.js";
import { compilerOf } from "../../src/kernel/host.js";
import type { CallResult, Outcome } from "../../src/trace/outcome.js";
import {
  NULL,
  data,
  end,
  file,
  fill,
  mailProgram,
  name,
  pointer,
  program,
  randomProgram,
  readEnd,
  result,
  writeEnd,
} from "./programs.js";

const [EBADF, EAGAIN, EFAULT, EFBIG, EPIPE] = [9, 11, 14, 27, 32];
const canRun = process.platform === "linux" && (await compilerOf()) !== undefined;
const DIRECTORIES = ["/tmp", "/dev/shm"].filter((directory) => existsSync(directory));

/** Rows of `ret errno [out]` for comparison at a glance. */
const told = (outcome: Outcome): (string | number)[] =>
  outcome.results.map((r) => (r.status === "returned" ? (r.errno ? -r.errno : r.ret) : r.status));

/** An outcome as text, bytes as a digest. */
const short = (outcome: Outcome): string =>
  JSON.stringify(outcome, (_, value: unknown) =>
    value instanceof Uint8Array ? createHash("sha1").update(value).digest("hex") : value,
  );

const first = (r: CallResult | undefined): number | undefined => r?.data[0];
const bytes = (content: Content): Uint8Array => expand(content);

if (!canRun) console.warn("skipped: the native back end needs Linux and cc (apt-get install gcc)");

describe.skipIf(!canRun).each(DIRECTORIES)("in %s", (directory) => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await Executor.start({ directory });
  });
  afterAll(async () => {
    const { folder } = executor;
    expect(readdirSync(folder), "the folder is empty at the end").toEqual([]);
    await executor.close();
    expect(existsSync(folder), "the folder is removed").toBe(false);
  });
  const run = async (p: ReturnType<typeof program>, picks: number[] = []): Promise<Outcome> =>
    (await executor.run([{ program: p, picks }]))[0]!;

  test("calls are made by a user without rights", () => {
    expect(executor.hello.uid).not.toBe(0);
    expect(executor.hello.capabilities).toBe(0n);
  });

  test("the mail's eight calls", async () => {
    const outcome = await run(mailProgram());
    expect(told(outcome)).toEqual([3, 4096, 0, 8192, 4096, 4096, 4096, 4096]);
    // Semantics v3: a hole of tmpfs travels as the zero page, one of the others as the file's page.
    const isZero = fileSystemOf(directory).name === "tmpfs";
    expect(first(outcome.results[6])).toBe(isZero ? 0 : 0xf0);
    expect(first(outcome.results[7])).toBe(0xf0);
    expect(outcome.files).toEqual([{ fd: 3, bytes: bytes(fill(0xf0, 8192)) }]);
    expect(outcome.pipes).toEqual([{ fd: 4, bytes: new Uint8Array(0) }]);
  });

  test("a read that blocks is woken by another thread's write", async () => {
    const p = program([], 1, [[["read", readEnd(), 10]], [["write", writeEnd(), data(7, 3)]]]);
    const outcome = await run(p, [0, 1]);
    expect(told(outcome)).toEqual([3, 3]);
    expect(outcome.results.map((r) => [r.startedAt, r.returnedAt])).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect(outcome.results[0]!.data).toEqual(Uint8Array.of(7, 7, 7));
  });

  test("what never returns is blocked, and what stands behind it not started", async () => {
    const p = program([], 1, [
      [
        ["read", readEnd(), 10],
        ["close", readEnd()],
      ],
      [["write", writeEnd(), data(7, 65536 + 5)]],
    ]);
    const alone = await run({ ...p, threads: [p.threads[0]!] });
    expect(told(alone)).toEqual(["blocked", "not-started"]);
    expect(alone.pipes).toEqual([{ fd: 3, bytes: new Uint8Array(0) }]);
    expect(executor.restarts, "interrupted, not abandoned").toBe(0);
  });

  test("an interrupted write leaves the part that was in the pipe", async () => {
    const outcome = await run(program([], 1, [[["write", writeEnd(), data(7, 65536 + 5)]]]));
    expect(told(outcome)).toEqual(["blocked"]);
    expect(outcome.results[0]!.ret).toBe(0);
    expect(outcome.pipes).toEqual([{ fd: 3, bytes: bytes(fill(7, 65536)) }]);
  });

  test("a call waits for those of its `after`", async () => {
    const p = program([], 1, [[["read", readEnd(), 1]], [["close", 99]]]);
    const threads = p.threads.map((thread, i) =>
      i === 1 ? { ...thread, calls: [{ ...thread.calls[0]!, after: [0] }] } : thread,
    );
    expect(told(await run({ ...p, threads }, [1, 0, 1]))).toEqual(["blocked", "not-started"]);
  });

  test("EPIPE comes with SIGPIPE, for the thread that wrote", async () => {
    const p = program([], 1, [
      [
        ["close", readEnd()],
        ["write", writeEnd(), data(1, 1)],
      ],
      [["write", writeEnd(), data(1, 0)]],
    ]);
    const outcome = await run(p);
    expect(told(outcome)).toEqual([0, -EPIPE, 0]);
    expect(outcome.results.map((r) => r.sigpipe)).toEqual([false, true, false]);
  });

  test("descriptors that are nobody's, or the executor's own, give EBADF", async () => {
    const calls = [-1, 0, 1, 2, 3, 900, 901, 903, 1 << 20].map(
      (fd) => ["close", fd] as ["close", number],
    );
    expect(told(await run(program([], 0, [calls])))).toEqual(calls.map(() => -EBADF));
    const polled = await run(program([], 0, [[["poll", 0, 1, 0]]]));
    expect(polled.results[0]).toMatchObject({ ret: 1, out: 0x20 });
    const skipped = await run(program([], 0, [[["poll", -1, 1, 0]]]));
    expect(skipped.results[0]).toMatchObject({ ret: 0, out: 0 });
  });

  test("registers, named files, holes and folio orders", async () => {
    const p = program(
      [
        [
          { byte: 0x41, lenBytes: 100 },
          { byte: "hole", lenBytes: 9000 },
        ],
      ],
      0,
      [
        [
          ["open", name(1), 0x42],
          ["write", result(0), data(9, 5)],
          ["open", name(0), 0x241],
          ["open", name(2), 0],
          ["read", result(3), 1],
          ["lseek", file(0), 0, 2],
        ],
      ],
      { names: ["a", "b", "c"] },
    );
    const outcome = await run(p);
    expect(told(outcome)).toEqual([4, 5, 5, -2, -EBADF, 0]);
    expect(outcome.files).toEqual([
      { name: 0, bytes: new Uint8Array(0) },
      { name: 1, bytes: bytes(fill(9, 5)) },
    ]);
    const holes = await run(program([[{ byte: "hole", lenBytes: 5000 }, ...fill(3, 2)]], 0, []));
    expect(holes.files[0]!.bytes).toEqual(bytes([{ byte: "hole", lenBytes: 5000 }, ...fill(3, 2)]));
  });

  test("splice and FIONREAD give their numbers through pointers", async () => {
    const p = program([fill(5, 5000)], 1, [
      [
        ["splice", file(0), pointer(4000), writeEnd(), NULL, 9999, 0],
        ["ioctl", readEnd(), 0x541b],
        ["splice", file(0), pointer(-1), writeEnd(), NULL, 1, 0],
        ["splice", file(0), NULL, writeEnd(), NULL, 2 ** 40, 2],
        ["lseek", file(0), 0, 1],
      ],
    ]);
    const outcome = await run(p);
    expect(told(outcome)).toEqual([1000, 0, -22, 5000, 5000]);
    expect(outcome.results.map((r) => r.out)).toEqual([
      5000,
      1000,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("a nonblocking pipe of one page", async () => {
    const p = program(
      [],
      0,
      [
        [
          ["write", 4, data(1, 4096)],
          ["write", 4, data(1, 1)],
        ],
      ],
      {
        pipes: [{ name: "p", flags: 0x800, sizeBytes: 4096 }],
      },
    );
    expect(told(await run(p))).toEqual([4096, -EAGAIN]);
  });

  test("a socket: a late receiver, what is left at its end, and the other end closed", async () => {
    const p = program(
      [fill(1, 4096)],
      1,
      [
        [
          ["splice", file(0), pointer(0), writeEnd(), NULL, 4096, 0],
          ["splice", readEnd(), NULL, end("a"), NULL, 4096, 0],
          ["pwrite", file(0), data(2, 4096), 0],
          ["read", end("b"), 1024],
          ["write", end("b"), data(3, 1)],
          ["close", end("a")],
          ["write", end("b"), data(3, 1)],
        ],
      ],
      { sockets: [{ name: "s", kind: "stream", flags: 0 }] },
    );
    const outcome = await run(p);
    expect(told(outcome)).toEqual([4096, 4096, 4096, 1024, 1, 0, -EPIPE]);
    expect(outcome.results[3]!.data).toEqual(bytes(fill(2, 1024)));
    expect(outcome.results.map((r) => r.sigpipe).at(-1)).toBe(true);
    expect(outcome.pipes).toEqual([
      { fd: 4, bytes: new Uint8Array(0) },
      { fd: 7, bytes: bytes(fill(2, 3072)) },
    ]);
  });

  test("drop_caches is refused where it was not allowed", async () => {
    const job = { program: program([fill(1, 10)], 0, [[["drop_caches"]]]), picks: [] };
    const [attempt] = await executor.attempt([job]);
    expect(attempt).toMatchObject({ ok: false, failure: "refused" });
    expect(attempt).toHaveProperty("reason", expect.stringContaining("of the whole machine"));
  });

  test("segments, and memory that faults: what was read, and what arrived", async () => {
    const vector = (...segments: Content[]): Operand => ({ kind: "vector", segments });
    const fault = (mapped: Content, lenBytes: number): Content => [
      ...mapped,
      { byte: "fault", lenBytes },
    ];
    const p = program([fill(1, 6000)], 1, [
      [
        ["readv", file(0), vector(fill(0, 4000), [], fault(fill(0, 1000), 5000))],
        ["preadv2", file(0), vector(fill(0, 10)), 5995, 0],
        ["read", file(0), { kind: "data", content: fault([], 1) }],
        ["writev", writeEnd(), vector(fill(2, 3), fault(fill(3, 4093), 4096))],
        ["pwritev2", file(0), vector(fill(4, 1), fill(5, 1)), 0, RWF_APPEND],
        ["write", writeEnd(), { kind: "data", content: fault(fill(6, 1), 1) }],
        ["readv", readEnd(), vector(fill(0, 4095), fault(fill(0, 1), 1))],
      ],
    ]);
    const outcome = await run(p);
    expect(told(outcome)).toEqual([5000, 5, -EFAULT, 4096, 2, -EFAULT, 4096]);
    const read = [0, 1, 6].map((call) => outcome.results[call]!.data);
    expect(read).toEqual([fill(1, 5000), fill(1, 5), [...fill(2, 3), ...fill(3, 4093)]].map(bytes));
    expect(outcome.files[0]!.bytes).toEqual(
      bytes([...fill(1, 6000), ...fill(4, 1), ...fill(5, 1)]),
    );
  });

  test("a limit on the size of files", async () => {
    const p = program([[]], 0, [
      [
        ["pwrite", file(0), data(1, 5000), 0],
        ["pwrite", file(0), data(1, 1), 4096],
      ],
    ]);
    const limited = { program: p, picks: [], fileSizeLimitBytes: 4096 };
    const [a, b] = await executor.run([limited, { program: p, picks: [] }]);
    expect(told(a!)).toEqual([4096, -EFBIG]);
    expect(told(b!)).toEqual([5000, 1]);
  });

  test("a batch and a process for each program give the same", { timeout: 60_000 }, async () => {
    const jobs = Array.from({ length: 200 }, (_, seed) => randomProgram(seed));
    const batch = await executor.run(jobs);
    const fresh = await executor.run(jobs.map((job) => ({ ...job, fresh: true })));
    for (const [seed, outcome] of batch.entries())
      expect(short(fresh[seed]!), `seed ${seed}`).toBe(short(outcome));
    const statuses = new Set(batch.flatMap((o) => o.results.map((r) => r.status)));
    expect([...statuses].sort()).toEqual(["blocked", "not-started", "returned"]);
    expect(executor.restarts, "every program left the process clean").toBe(0);
  });
});

describe.skipIf(!canRun)("when something goes wrong", () => {
  const good = { program: mailProgram(), picks: [] };
  const huge = fill(1, 48 << 20);

  test("a program that takes too long fails alone", { timeout: 60_000 }, async () => {
    const executor = await Executor.start({ directory: "/tmp", timeoutMs: 1 });
    const slow = program([], 0, [
      [
        ["open", name(-1), 0x410002, 0o600],
        ["write", result(0), { kind: "data", content: huge }],
      ],
    ]);
    const attempts = await executor.attempt([{ program: slow, picks: [] }]);
    expect(attempts[0]).toMatchObject({ ok: false, failure: "timed-out" });
    expect(executor.restarts).toBe(0);
    await expect(executor.run([{ program: slow, picks: [] }])).rejects.toThrow(ProgramFailed);
    expect(executor.restarts, "another process took over").toBe(1);
    await executor.close();
  });

  test("programs that cannot be set up or decoded name the reason", async () => {
    const executor = await Executor.start({ directory: "/tmp" });
    const pipes = [{ name: "p", flags: 0, sizeBytes: 2 ** 31 }];
    const attempts = await executor.attempt([
      { program: program([], 0, [], { pipes }), picks: [] },
      { program: program([], 0, [[["fcntl", 3, 2, 0]]]), picks: [] },
      { program: program([fill(1, 65 << 20)], 0, []), picks: [] },
      {
        program: program([], 0, [], {
          wires: [{ name: "w", loopback: false, retransmits: false }],
        }),
        picks: [],
      },
      good,
    ]);
    expect(attempts.map((a) => (a.ok ? "ok" : a.failure))).toEqual([
      "failed",
      "refused",
      "refused",
      "refused",
      "ok",
    ]);
    const reasons = attempts.map((a) => (a.ok ? "" : a.reason));
    expect(reasons[0]).toMatch(/size of pipe 0/);
    expect(reasons[1]).toMatch(/fcntl/);
    expect(reasons[3]).toMatch(/wire/);
    expect(executor.restarts).toBe(0);
    await executor.close();
  });

  test("the death of the process in the middle of a batch loses nothing", async () => {
    const executor = await Executor.start({ directory: "/dev/shm" });
    const batch = Array.from({ length: 300 }, () => good);
    const running = executor.run(batch);
    // The third frame is sent after the first one is answered, which takes longer than this.
    setTimeout(() => process.kill(executor.hello.pid, "SIGKILL"), 1);
    const outcomes = await running;
    expect(outcomes.length).toBe(batch.length);
    expect(outcomes.every((o) => o.results.length === 8)).toBe(true);
    expect(executor.restarts).toBe(1);
    await executor.close();
  });
});
