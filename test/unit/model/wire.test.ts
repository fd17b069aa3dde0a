// Wires: the network card's three steps, which of them a run waits for, what the logs tell; what a receiver over loopback shares.

import { describe, expect, test } from "vitest";
import { explain } from "../../../src/compare/explain.js";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core } from "../../../src/model/core.js";
import type { Setup } from "../../../src/model/core.js";
import { outcomesOfOrders } from "../../../src/model/orders.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { traceOf, traceOfSteps } from "../../../src/model/trace.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";

function setupOfText(text: string, policy = "linux"): Setup {
  const { program, diagnostics } = parseProgram(text);
  expect(diagnostics).toEqual([]);
  return {
    program: program!,
    profile: parseProfile("6.18/ext4"),
    policy: parsePolicy(policy),
    environment: ENVIRONMENT,
  };
}

function coreOf(text: string): Core {
  const core = new Core();
  core.reset(setupOfText(text));
  return core;
}

const setupOf = (wire: string, policy = "linux"): Setup =>
  setupOfText(
    `litmus one-wire
file f = 0x11 * 4096, 0x22 * 4096
pipe p
${wire}
thread a {
  splice(f, 0, p.w, NULL, 8192, 0) = 8192
  splice(p.r, NULL, w.tx, NULL, 8192, 0) = 8192
  pwrite(f, 0xf0 * 8192, 0)
}
`,
    policy,
  );

/** Steps of the thread of a setup, by itself. */
function stepsOf(setup: Setup): number {
  const core = new Core();
  core.reset(setup);
  let steps = 0;
  for (; core.enabled().includes(0); steps++) core.step(0);
  return steps;
}

/** The logs of the wire, by a byte for each page. */
const logs = (core: Core): string => {
  const [wire] = core.outcome().wires!;
  const pages = (bytes: Uint8Array): string =>
    [...bytes].flatMap((byte, i) => (i % 4096 === 0 ? [byte.toString(16)] : [])).join(" ");
  return `${pages(wire!.first)} / ${pages(wire!.last)}`;
};

/** Steps the thread until it has returned from its nth call, or cannot go on. */
function runCalls(core: Core, calls: number): void {
  while (core.statuses().filter((s) => s === "returned").length < calls) {
    if (!core.enabled().includes(0)) return;
    core.step(0);
  }
}

const [TRANSMIT, ACK, RETRANSMIT] = [1, 2, 3] as const;

describe("a network card", () => {
  test("reads a frag when it transmits it, and once more when it retransmits it", () => {
    const core = new Core();
    core.reset(setupOf("wire w retransmit"));
    runCalls(core, 2);
    expect(core.enabled()).toEqual([0, TRANSMIT]);
    core.step(TRANSMIT);
    expect(core.enabled()).toEqual([0, TRANSMIT, ACK, RETRANSMIT]);
    expect([TRANSMIT, ACK].map((a) => core.background(a))).toEqual(["nic w", "nic w"]);
    expect(core.snapshotHolds()).toBe(true);
    runCalls(core, 3);
    core.step(RETRANSMIT);
    expect(core.snapshotHolds()).toBe(false);
    expect(core.enabled()).toEqual([TRANSMIT, ACK]);
    core.step(TRANSMIT);
    core.step(ACK);
    expect(core.enabled()).toEqual([ACK, RETRANSMIT]);
    core.step(ACK);
    expect(core.isOver()).toBe(true);
    expect(logs(core)).toBe("11 f0 / f0 f0");
  });

  test("is not waited for when only a retransmission is left to be taken", () => {
    const core = new Core();
    core.reset(setupOf("wire w retransmit"));
    const { steps, law } = core.runBytes(new Uint8Array(), true);
    expect([law, core.isOver()]).toEqual([undefined, true]);
    expect(steps).toBeGreaterThan(0);
    expect(core.world().sockets[0]?.frags).toEqual([]);
  });

  test("makes room in a queue that is full", () => {
    const core = new Core();
    core.reset(setupOf("wire w queue 1"));
    runCalls(core, 2);
    expect(core.statuses()[1]).toBe("blocked");
    expect(core.enabled()).toEqual([TRANSMIT]);
    core.step(TRANSMIT);
    core.step(ACK);
    runCalls(core, 2);
    expect(core.statuses()[1]).toBe("returned");
  });

  test("drops the mark with the reference", () => {
    const core = new Core();
    core.reset(setupOf("wire w", "cow"));
    runCalls(core, 2);
    const outside = (): number => core.world().folios.reduce((sum, f) => sum + f.outside, 0);
    expect(outside()).toBe(2);
    core.step(TRANSMIT);
    expect(outside()).toBe(2);
    core.step(ACK);
    expect(outside()).toBe(1);
    expect(core.check()).toBeUndefined();
  });
});

describe("over loopback", () => {
  const RECEIVE = 1;

  test("all is acknowledged at once, and read late, frag by frag", () => {
    const core = new Core();
    core.reset(setupOf("wire w loopback", "cow"));
    const outside = (): number => core.world().folios.reduce((sum, f) => sum + f.outside, 0);
    runCalls(core, 2);
    expect(core.statuses()[1]).toBe("returned");
    expect(core.enabled()).toEqual([0, RECEIVE]);
    expect(core.background(RECEIVE)).toBe("receiver of w");
    expect(core.world().sockets[0]?.wire?.sentFrags).toBe(2);
    core.step(RECEIVE);
    expect([outside(), logs(core)]).toEqual([1, "11 / 11"]);
    runCalls(core, 3);
    core.step(RECEIVE);
    expect([core.isOver(), core.check(), logs(core)]).toEqual([true, undefined, "11 22 / 11 22"]);
  });

  test("who reads late gets what was written", () => {
    const setup = setupOf("wire w loopback");
    const core = new Core();
    core.reset(setup);
    runCalls(core, 3);
    const schedule = [...Array<number>(stepsOf(setup)).fill(0), RECEIVE, RECEIVE];
    core.step(RECEIVE);
    expect(core.snapshotHolds()).toBe(false);
    expect(explain(traceOfSteps(new Core(), setup, schedule))).toMatch(
      /^receiver of w receives 0xf0 where 0x11 had been spliced: /,
    );
  });

  test("memory that is sent by reference is copied with the last page of it, and arrives whole", () => {
    const core = coreOf(`litmus lent
file f = 0x11 * 4096, 0x22 * 4096
wire w loopback
thread a {
  m = mmap(NULL, 8192, PROT_READ, MAP_SHARED, f, 0)
  load(m, 1, 0)
  load(m, 1, 4096)
  sendmsg(w.tx, m, 8192, 0, MSG_ZEROCOPY) = 8192
}
`);
    const kinds = (): string[] => core.world().sockets[0]!.frags.map(({ kind }) => kind);
    while (kinds().length === 0) core.step(0);
    expect([kinds(), core.enabled()]).toEqual([["user"], [0]]);
    core.step(0);
    expect([kinds(), core.enabled()]).toEqual([["anon", "anon"], [1]]);
    expect(core.check()).toBeUndefined();
  });
});

describe("over every order of calls and background steps", () => {
  test.each(["copy", "cow"])("%s sends what was spliced", (policy) => {
    const { outcomes, complete } = outcomesOfOrders(new Core(), setupOf("wire w", policy));
    expect(complete).toBe(true);
    expect(outcomes.every((outcome) => outcome.snapshot)).toBe(true);
  });

  test("linux sends three different things", () => {
    const { outcomes } = outcomesOfOrders(new Core(), setupOf("wire w"));
    const sent = new Set(outcomes.map(({ wires }) => wires![0]!.first.join()));
    expect(sent.size).toBe(3);
  });
});

describe("a trace", () => {
  test("shows the card's steps call by call, and replays them", () => {
    const setup = setupOf("wire w");
    const trace = traceOf(new Core(), setup);
    const card = trace.steps.filter((step) => step.background !== undefined);
    expect(card.map(({ phase }) => phase)).toEqual(["transmit", "transmit", "ack", "ack"]);
    expect(card.every(({ call }) => call === undefined)).toBe(true);
    expect(traceOfSteps(new Core(), setup, trace.schedule).steps).toHaveLength(trace.steps.length);
  });

  test("says what the card transmitted, and why", () => {
    const setup = setupOf("wire w");
    const core = new Core();
    core.reset(setup);
    const schedule: number[] = [];
    while (core.enabled().includes(0)) {
      core.step(0);
      schedule.push(0);
    }
    const sentence = explain(traceOfSteps(core, setup, schedule));
    expect(sentence).toMatch(
      /^nic w transmits 0xf0 where 0x11 had been spliced: a frag of w still points at frame \d+ of the page cache, and pwrite\(\) in a changed that frame in place at step \d+; nothing copied it, as splice\(\) took its reference at step \d+ without a mark\.$/,
    );
  });
});
