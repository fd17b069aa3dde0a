// Warnings: calls that leave the model whatever the schedule, calls that wait for what never comes, words that mean nothing.

import { describe, expect, test } from "vitest";
import { parseProgram } from "../../../src/language/index.js";
import { Core } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { traceOf } from "../../../src/model/trace.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";

const DECLARED =
  "litmus x\nfile f = 0x1f * 4096\npipe p\nsocket s\nsocket t tcp\nsocket u udp\nwire w\nwire q queue 1\n";

/** Calls in a thread; the last one stands in a line of its own. */
const inThread = (...calls: string[]): string =>
  `${DECLARED}thread a {\n  ${calls.join("\n  ")}\n}\n`;
const inChain = (call: string, before = ""): string =>
  `${DECLARED}thread a {\n  ${before}\n  io_uring_enter(c)\n}\nchain c {\n  ${call}\n}\n`;

const warningsOf = (text: string): string[] =>
  parseProgram(text).diagnostics.map(
    ({ severity, line, message }) => `${severity} ${line}: ${message}`,
  );

/** Why a run of the text leaves the model. */
function unmodelled(text: string): string | undefined {
  const { program } = parseProgram(text);
  const profile = parseProfile("6.18/ext4");
  const setup = {
    program: program!,
    profile,
    policy: parsePolicy("linux"),
    environment: ENVIRONMENT,
  };
  return traceOf(new Core(), setup).unmodelled;
}

const MAP = "m = mmap(NULL, 4096, PROT_READ, MAP_SHARED, f, 0)";

describe("a call that is not modelled is warned of, and does leave the model", () => {
  test.each([
    [inThread("recv(w.tx, 8, 0)"), "to receive from a wire is not modelled: a wire only sends"],
    [inThread("recvmsg(w.tx, 0)"), "to receive from a wire is not modelled: a wire only sends"],
    [inThread('send(w.tx, "a", MSG_DONTWAIT)'), "a send on a wire that does not wait"],
    [inThread("shutdown(w.tx, SHUT_WR)"), "to shut a wire down is not modelled"],
    [inThread("n = ioctl(w.tx, SIOCOUTQ)"), "what waits in a wire is not modelled"],
    [inThread("fcntl(w.tx, F_SETFL, O_NONBLOCK)"), "a wire that does not wait is not modelled"],
    [inThread('write(t.a, "a")', "recv(t.b, 8, MSG_TRUNC)"), "MSG_TRUNC on a TCP connection"],
    [
      inThread(MAP, "sendmsg(s.a, m, 100, 0, 0)"),
      "sendmsg() is modelled on TCP and on wires alone",
    ],
    [inThread("mmap(NULL, 4096, PROT_READ, MAP_SHARED, t.a, 0)"), "to map a TCP connection"],
    [
      inThread('z = open("/dev/zero", O_RDONLY, 0)', "sendfile(p.w, z, NULL, 10)"),
      "sendfile() and a device are not modelled",
    ],
    [
      inChain("sendmsg(u.a, a:m, 100, 0, MSG_ZEROCOPY)", MAP),
      "sendmsg() is modelled on TCP and on wires alone",
    ],
    [inChain('send(q.tx, "a", MSG_ZEROCOPY)'), "a request on a wire with a queue is not modelled"],
    [inChain('pwrite(p.w, "a", 0)'), "a request at an offset of a pipe or a socket"],
    [inChain("pread(s.a, 8, 0)"), "a request at an offset of a pipe or a socket"],
    [
      inChain("read(a:d, 4096)", 'd = open("f", O_RDWR | O_DIRECT, 0600)'),
      "a request on a file with O_DIRECT is not modelled",
    ],
  ])("%s", (text, message) => {
    expect(warningsOf(text)).toEqual([expect.stringContaining(message)]);
    expect(warningsOf(text)[0]).toMatch(/^warning 1[0-6]: /);
    expect(unmodelled(text)).toBe("a call is used in a form that is not modelled");
  });
});

test("what only looks like one is not warned of", () => {
  const fine = inThread(
    "recvmsg(w.tx, MSG_ERRQUEUE)",
    "n = ioctl(s.a, FIONREAD)",
    "shutdown(s.a, SHUT_WR)",
    "recv(u.a, 8, MSG_TRUNC)",
    "fcntl(t.a, F_SETFL, O_NONBLOCK)",
  );
  expect(warningsOf(fine)).toEqual([]);
  for (const call of ['write(p.w, "a")', "pread(p.w, 1, 0)", "pread(p.r, 1, -2)"])
    expect(warningsOf(inChain(call))).toEqual([]);
  expect(warningsOf(inChain("splice(p.r, NULL, q.tx, NULL, 8, 0)"))).toEqual([]);
});

test("MSG_ERRQUEUE at a UNIX socket waits for bytes as without it", () => {
  expect(warningsOf(inThread("recvmsg(s.a, MSG_ERRQUEUE)"))).toEqual([
    "warning 10: a UNIX socket has no error queue: with MSG_ERRQUEUE this waits for bytes as without it",
  ]);
  expect(warningsOf(inThread("recvmsg(t.a, MSG_ERRQUEUE)"))).toEqual([]);
});

test("a queue and retransmit mean nothing over loopback", () => {
  const { diagnostics } = parseProgram(
    "litmus x\nwire w loopback queue 2 retransmit\nthread a {}\n",
  );
  expect(
    diagnostics.map(({ line, column, message, remedy }) => [line, column, message, remedy]),
  ).toEqual([
    [
      2,
      23,
      "over loopback the queue is never full: its size means nothing",
      "leave `queue` out, or `loopback`",
    ],
    [2, 25, "over loopback nothing is sent again", "leave `retransmit` out, or `loopback`"],
  ]);
  expect(warningsOf("litmus x\nwire w queue 2 retransmit\nthread a {}\n")).toEqual([]);
});

test("who else writes a byte is named as it is declared", () => {
  const text = inChain("write(p.w, 0x41 * 10)").replace(
    "thread a {",
    "thread a {\n  write(p.w, 0x42 * 1)",
  );
  expect(warningsOf(`${text}thread b {\n  write(p.w, 0x41 * 10)\n}\n`)).toEqual([
    expect.stringContaining("0x41 is also written by chain `c`: a tear could hide"),
  ]);
});
