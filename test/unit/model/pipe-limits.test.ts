// The limits on the pages of a user's pipes: what a run's environment says decides how large pipes are.

import { describe, expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { traceOf } from "../../../src/model/trace.js";
import { searched } from "../../helpers/outcomes.js";
import { expectEqualWays } from "../../helpers/ways.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";
import type { Environment } from "../../../src/trace/environment.js";

/** What the calls of one thread return; errors as -errno. */
function returns(calls: string, environment: Partial<Environment>): number[] {
  const { program, diagnostics } = parseProgram(`litmus limits\npipe p\nthread a {\n${calls}\n}\n`);
  expect(diagnostics).toEqual([]);
  const { outcome } = traceOf(new Core(), {
    program: program!,
    profile: parseProfile("6.18/ext4"),
    policy: parsePolicy("linux"),
    environment: { ...ENVIRONMENT, ...environment },
  });
  return outcome.results.map(({ ret, errno }) => (ret < 0 ? -errno : ret));
}

const EXPLORED = `litmus limits
pipe p
pipe q
thread a {
  fcntl(p.w, F_SETPIPE_SZ, 131072)
  close(p.w)
  close(p.r)
}
thread b {
  fcntl(q.w, F_SETPIPE_SZ, 131072)
  pipe2(r, 0)
}
`;

test("who comes first may have more, however the orders are searched", () => {
  const setup = {
    program: parseProgram(EXPLORED).program!,
    profile: parseProfile("6.18/ext4"),
    policy: parsePolicy("linux"),
    environment: { ...ENVIRONMENT, pipeUserPagesSoft: 48, pipeUserPagesHard: 48 },
  };
  expect(expectEqualWays(setup)).toBe(true);
  expect(searched(setup, {})!.keys.length).toBeGreaterThan(2);
});

const [EPERM, ENOMEM, ENFILE] = [1, 12, 23];
const PAGE = 4096;

describe("beyond the soft limit", () => {
  const soft = { pipeUserPagesSoft: 40 };
  const calls = `pipe2(q, 0)
    fcntl(q.w, F_GETPIPE_SZ)
    pipe2(r, 0)
    fcntl(r.w, F_GETPIPE_SZ)
    fcntl(r.w, F_SETPIPE_SZ, 16384)
    fcntl(r.w, F_SETPIPE_SZ, 32768)
    fcntl(p.w, F_SETPIPE_SZ, 4096)
    fcntl(r.w, F_SETPIPE_SZ, 65536)`;

  test("a new pipe has two slots, and none grows; a smaller one leaves room for others", () => {
    const sizes = [0, 16, 0, 2, 4, 8, 1, 16].map((slots) => slots * PAGE);
    expect(returns(calls, soft)).toEqual([...sizes]);
    expect(returns(calls, { pipeUserPagesSoft: 39 })[5]).toBe(-EPERM);
  });

  test("a user with rights notices nothing", () => {
    expect(returns(calls, { ...soft, capSysResource: true })[3]).toBe(16 * PAGE);
    expect(returns(calls, { pipeUserPagesSoft: 0 })[3]).toBe(16 * PAGE);
  });

  test("a pipe that is gone no longer counts", () => {
    const closed = calls.replace("pipe2(r, 0)", "close(p.r)\nclose(p.w)\npipe2(r, 0)");
    expect(returns(closed.replace("fcntl(p.w, F_SETPIPE_SZ, 4096)", ""), soft)[5]).toBe(16 * PAGE);
  });
});

test("beyond the hard limit there is no pipe", () => {
  const calls = `pipe2(q, 0)
    pipe2(r, 0)
    mkfifo("f", 0600)
    open("f", O_RDWR)
    fcntl(q.w, F_SETPIPE_SZ, 131072)
    close(p.r)
    close(p.w)
    open("f", O_RDWR)`;
  expect(returns(calls, { pipeUserPagesHard: 40 })).toEqual([
    ...[0, -ENFILE, 0, -ENOMEM, -EPERM, 0, 0],
    3,
  ]);
  const both = { pipeUserPagesSoft: 20, pipeUserPagesHard: 40 };
  expect(returns("pipe2(q, 0)\nfcntl(q.w, F_GETPIPE_SZ)", both)[1]).toBe(2 * PAGE);
});
