// Zero-copy sends where no claim can look: whose pages an skb holds, who needs the socket's lock; ranges in conditions.

import { expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { printProgram } from "../../../src/language/print.js";
import type { Program } from "../../../src/language/program.js";
import { Core } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";
import type { FragView } from "../../../src/trace/world.js";

const textOf = (thread: string, question = ""): string =>
  `litmus zerocopy\nfile f = 0x1f * 8192\npipe p\nsocket s tcp\nthread a {\n${thread}\n}\n${question}`;

function programOf(thread: string, question = ""): Program {
  const { program, diagnostics } = parseProgram(textOf(thread, question));
  expect(diagnostics).toEqual([]);
  return program!;
}

function coreOf(program: Program): Core {
  const core = new Core();
  const settings = { profile: parseProfile("6.18/ext4"), policy: parsePolicy("linux") };
  core.reset({ program, ...settings, environment: ENVIRONMENT });
  return core;
}

/** Steps the first thread until it has returned from its nth call, or cannot go on. */
function runCalls(core: Core, calls: number): void {
  while (core.statuses().filter((status) => status === "returned").length < calls) {
    if (!core.enabled().includes(0)) return;
    core.step(0);
  }
}

/** A core after the steps that its thread takes by itself. */
function coreAfter(program: Program): Core {
  const core = coreOf(program);
  runCalls(core, Infinity);
  return core;
}

const fragsOf = (thread: string): readonly FragView[] =>
  coreAfter(programOf(thread)).world().sockets[1]!.frags;

test("what goes in one skb with borrowed memory is copied into full pages, which nobody else holds", () => {
  const before = `splice(f, 100, p.w, NULL, 4000, 0)
  splice(p.r, NULL, s.a, NULL, 4000, SPLICE_F_MORE)`;
  const kindsOf = (flags: string): string[] =>
    fragsOf(`${before}\nsend(s.a, 0x07 * 5000, ${flags})`).map(
      ({ kind, lenBytes }) => `${kind} ${lenBytes}`,
    );
  expect(kindsOf("0")).toEqual(["pagecache 3996", "pagecache 4", "anon 4096", "anon 904"]);
  expect(kindsOf("MSG_ZEROCOPY")).toEqual(["anon 4096", "anon 4096", "anon 808"]);
});

test("an skb that has arrived is shared, whatever joins it", () => {
  const frags = fragsOf(`splice(f, 0, p.w, NULL, 4096, 0)
  splice(p.r, NULL, s.a, NULL, 4096, 0)
  send(s.a, 0x07 * 100, MSG_ZEROCOPY)`);
  expect(frags.map(({ kind }) => kind)).toEqual(["pagecache", "anon"]);
});

test("a range in a condition is printed as it was read; one number is a range of one", () => {
  const recvmsg = "r = recvmsg(s.a, MSG_ERRQUEUE)";
  const conditionOf = (text: string): string =>
    printProgram(programOf(recvmsg, `forall ${text}`))
      .trimEnd()
      .split("\n")
      .at(-1);
  expect(conditionOf("a:r = 0..2")).toBe("forall a:r = 0..2");
  expect(conditionOf("a:r != 3")).toBe("forall a:r != 3..3");
  expect(conditionOf("a:r = -1")).toBe("forall a:r = -1");
});

test.each([
  ["recvmsg(s.a, MSG_ERRQUEUE)", "a:r = 2..0", "no sends have these numbers"],
  ["dup(f)", "a:r = 0..1", "dup() gives a number here, not content"],
  ["recvmsg(s.a, 0..1)", "a:r = -1", "`flags` of recvmsg() is a number"],
])("%s, %s: %s", (call, condition, message) => {
  const { diagnostics } = parseProgram(textOf(`r = ${call}`, `forall ${condition}`));
  expect(diagnostics.map((each) => each.message)).toEqual([message]);
});

const [TRANSMIT, ACK] = [1, 2] as const;

test("over a wire the completion comes with the last acknowledgement, not before", () => {
  const recvmsg = "recvmsg(w.tx, MSG_ERRQUEUE)";
  const { program } = parseProgram(`litmus completion
file f = 0x1f * 8192
wire w
thread a {
  m = mmap(NULL, 8192, PROT_READ, MAP_SHARED, f, 0)
  sendmsg(w.tx, m, 8192, 0, MSG_ZEROCOPY)
  ${recvmsg}
  ${recvmsg}
  ${recvmsg}
}`);
  const core = coreOf(program!);
  /** What the next recvmsg gives after these steps of the card. */
  const after = (calls: number, ...card: number[]): number | undefined => {
    for (const action of card) core.step(action);
    runCalls(core, calls);
    const { ret, out } = core.outcome().results[calls - 1]!;
    return ret < 0 ? undefined : out;
  };
  expect(after(3)).toBeUndefined();
  expect(after(4, TRANSMIT, TRANSMIT, ACK)).toBeUndefined();
  expect(after(5, ACK)).toBe(0);
});

test("a page that faults ends a send over a wire; the frags before it complete it", () => {
  const { program } = parseProgram(`litmus completion
wire w
thread a {
  m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
  n = sendmsg(w.tx, m, 8192, 0, MSG_ZEROCOPY)
  recvmsg(w.tx, MSG_ERRQUEUE)
}`);
  const core = coreOf(program!);
  runCalls(core, 2);
  expect(core.outcome().results[1]!.ret).toBe(4096);
  core.step(TRANSMIT);
  core.step(ACK);
  runCalls(core, 3);
  expect(core.outcome().results[2]!.out).toBe(0);
});

const PAGES = `m = mmap(NULL, 8192, PROT_READ, MAP_SHARED, f, 0)
  load(m, 1, 0)
  load(m, 1, 4096)
  sendmsg(s.a, m, 8192, 0, 0)`;

test.each(["shutdown(s.b, SHUT_WR)", "close(s.b)"])(
  "pages that are sent arrive together, with the socket's lock until then; %s in between leaves the model",
  (other) => {
    const { program } = parseProgram(`${textOf(PAGES)}thread b {
  recv(s.a, 1, MSG_DONTWAIT)
}
thread c {
  ${other}
}`);
    const core = coreOf(program!);
    const queue = (): number => core.world().sockets[1]!.frags.length;
    core.step(1);
    while (queue() === 0) core.step(0);
    expect(core.enabled()).toEqual([0, 2]);
    const between = core.save();
    core.step(0);
    expect([queue(), core.enabled()]).toEqual([2, [1, 2]]);
    core.load(between);
    while (core.unmodelled() === undefined && core.enabled().includes(2)) core.step(2);
    expect(core.unmodelled()).toBeDefined();
  },
);
