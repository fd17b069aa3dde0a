// Sockets that send messages where no claim can look: who finds a message that is being received, or is not whole yet, whose pages it
// has, and how many it may have.

import { expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";
import type { FragView } from "../../../src/trace/world.js";

/** A core before the first step of these threads, with sockets of this kind. */
function coreOf(kind: string, threads: string): Core {
  const { program, diagnostics } = parseProgram(
    `litmus dgram\nfile f = 0x1f * 8192\npipe p\nsocket s ${kind}\n${threads}`,
  );
  expect(diagnostics).toEqual([]);
  const settings = { profile: parseProfile("6.18/ext4"), policy: parsePolicy("linux") };
  const core = new Core();
  core.reset({ program: program!, ...settings, environment: ENVIRONMENT });
  return core;
}

/** Steps the task until `done`, or until it cannot go on. */
function run(core: Core, task: number, done = (): boolean => false): void {
  for (let i = 0; i < 100 && core.enabled().includes(task) && !done(); i++) core.step(task);
}

/** The frags in the queue of s.b. */
const waiting = (core: Core): readonly FragView[] => core.world().sockets[1]!.frags;
const rets = (core: Core): (number | bigint)[] => core.outcome().results.map(({ ret }) => ret);
const outs = (core: Core): unknown[] => core.outcome().results.map(({ out }) => out);

test.each(["dgram", "seqpacket", "udp"])("%s: a message that is being received is gone", (kind) => {
  const core = coreOf(
    kind,
    `thread a {
  send(s.a, "abc", 0)
  read(s.b, 2)
}
thread b {
  ioctl(s.b, FIONREAD)
  poll(s.b, POLLIN, 0)
}
`,
  );
  run(core, 0, () => core.world().sockets[1]!.lockedBy !== undefined);
  run(core, 1);
  expect(outs(core).slice(2)).toEqual([0, 0]);
  expect(waiting(core)).toHaveLength(1);
  run(core, 0);
  expect(rets(core)).toEqual([3, 2, 0, 0]);
  expect(waiting(core)).toEqual([]);
});

test("a splice into a UNIX socket is copied slot by slot, and nobody finds it before it is whole", () => {
  const core = coreOf(
    "dgram",
    `thread a {
  splice(f, 0, p.w, NULL, 8192, 0)
  splice(p.r, NULL, s.a, NULL, 8192, 0)
}
thread b {
  ioctl(s.b, FIONREAD)
  send(s.a, "x", 0)
}
`,
  );
  run(core, 0, () => waiting(core).length === 1);
  expect(waiting(core)[0]).toMatchObject({ kind: "anon", lenBytes: 4096, ends: false });
  run(core, 1);
  expect(outs(core)[2]).toBe(0);
  expect(core.outcome().results[3]!.status).toBe("blocked");
  run(core, 0);
  run(core, 1);
  expect(waiting(core).map(({ lenBytes, ends }) => [lenBytes, ends])).toEqual([
    [4096, false],
    [4096, true],
    [1, true],
  ]);
});

test("what is copied for a peer that is closed meanwhile is dropped, and stays in the pipe", () => {
  const core = coreOf(
    "seqpacket",
    `thread a {
  splice(f, 0, p.w, NULL, 8192, 0)
  splice(p.r, NULL, s.a, NULL, 8192, 0)
}
thread b {
  send(s.a, "x", 0)
  close(s.b)
}
`,
  );
  run(core, 1, () => rets(core)[2] === 1);
  run(core, 0, () => waiting(core).length === 2);
  run(core, 1);
  run(core, 0);
  const [, splice] = core.outcome().results;
  expect([splice!.ret, splice!.errno, splice!.sigpipe]).toEqual([-1, 32, false]);
  expect(core.world().pipes[0]!.slots).toHaveLength(2);
});

test("a UDP message that MSG_MORE began has its checksum in front, and pages of the file behind it", () => {
  const core = coreOf(
    "udp",
    `thread a {
  splice(f, 0, p.w, NULL, 8192, 0)
  splice(p.r, NULL, s.a, NULL, 4096, SPLICE_F_MORE)
  splice(p.r, NULL, s.a, NULL, 4096, 0)
}
`,
  );
  run(core, 0);
  expect(waiting(core).map(({ sums, kind, ends }) => [sums, kind, ends])).toEqual([
    [true, "zero", false],
    [false, "pagecache", false],
    [false, "pagecache", true],
  ]);
});

test("a message is lost for the sum of its bytes, not for their order", () => {
  const core = coreOf(
    "udp SOCK_NONBLOCK",
    `thread a {
  pwrite(f, 0x2f * 4096, 4096)
  sendfile(s.a, f, 0, 16384)
  sendfile(s.a, f, 0, 16384)
  pwrite(f, {0x2f * 4096, 0x1f * 4096}, 0)
  recv(s.b, 8192, 0)
  pwrite(f, 0x3f * 4096, 0)
  recv(s.b, 8192, 0)
}
`,
  );
  run(core, 0);
  expect(rets(core)).toEqual([4096, 8192, 8192, 8192, 8192, 4096, -1]);
});

test("a splice from UDP copies page by page: it may miss a write and have a later one", () => {
  const core = coreOf(
    "udp",
    `thread a {
  splice(f, 0, p.w, NULL, 8192, 0)
  splice(p.r, NULL, s.a, NULL, 8192, 0)
  splice(s.b, NULL, p.w, NULL, 8192, 0)
  read(p.r, 8192)
}
thread b {
  pwrite(f, 0xf0 * 8192, 0)
}
`,
  );
  run(core, 0, () => waiting(core)[0]?.kind === "anon");
  expect(waiting(core).map(({ kind }) => kind)).toEqual(["anon", "pagecache"]);
  run(core, 1);
  run(core, 0);
  const { data } = core.outcome().results[3]!;
  expect([data.length, data[0], data[4095], data[4096], data[8191]]).toEqual([
    8192, 0x1f, 0x1f, 0xf0, 0xf0,
  ]);
});
