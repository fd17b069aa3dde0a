// What each policy does and does not promise: every exception of test/helpers/laws.ts is shown broken on every
// profile, by a scenario of litmus/ that linux's other policies keep; and what the promises cost.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { SWITCH_READ_LOCKS } from "../../assembly/abi/switches.js";
import { callSchedules } from "../../src/kernel/schedules.js";
import { parseProgram } from "../../src/language/index.js";
import type { Program } from "../../src/language/program.js";
import { Core } from "../../src/model/core.js";
import { POLICIES, parsePolicy } from "../../src/model/policies.js";
import { PROFILES, parseProfile } from "../../src/model/profiles.js";
import { outcomesOfPicks } from "../../src/model/schedule.js";
import type { Price } from "../../src/trace/price.js";
import type { World } from "../../src/trace/world.js";
import { setupOf } from "../helpers/cases.js";
import { EXCEPTIONS, promises } from "../helpers/laws.js";

const core = new Core();

function scenario(name: string): Program {
  const text = readFileSync(new URL(`../../litmus/${name}.litmus`, import.meta.url), "utf8");
  return parseProgram(text).program!;
}
const calls = (text: string): Program =>
  parseProgram(`litmus x\nfile f = hole 4096\npipe p\nsocket s\nthread a {\n${text}\n}\n`).program!;

const RACES = ["mail-race", "reference-slips-in", "flag-cleared-late", "store-after-splice"].map(
  scenario,
);

/** Whether some order of some scenario breaks P1. */
function breaksP1(policy: string, profile: (typeof PROFILES)[number]): boolean {
  const setting = { profile, policy: parsePolicy(policy) };
  return RACES.some((program) =>
    callSchedules(program, 1000).some((picks) =>
      outcomesOfPicks(core, setupOf(program, setting), picks).outcomes.some(
        ({ snapshot }) => snapshot === false,
      ),
    ),
  );
}

/** Whether a splice and a write exclude each other, so that no reference comes between the parts of the write. */
const excludesWrites = ({ word }: (typeof PROFILES)[number]): boolean =>
  (word & SWITCH_READ_LOCKS) !== 0;

/** Runs a program in its order, and gives the last moment and what was paid. */
function runAlone(program: Program, policy: string, profile: string): [World, Price] {
  core.reset(setupOf(program, { profile: parseProfile(profile), policy: parsePolicy(policy) }));
  core.runBytes(new Uint8Array(), true);
  return [core.world(), core.price()];
}

describe.each(PROFILES)("on $name", (profile) => {
  test.each(POLICIES)("$name keeps P1 in the races of litmus/, or is known not to", ({ name }) => {
    const keeps = promises(name, "P1") || (name === "cow-nolock" && excludesWrites(profile));
    expect(breaksP1(name, profile)).toBe(!keeps);
  });

  test("a writer under stable waits for a pipe for ever, and says for which folio", () => {
    expect(EXCEPTIONS.filter(({ law }) => law === "P4").map(({ policy }) => policy)).toEqual([
      "stable",
      "stable-io",
    ]);
    const program = calls(
      "pwrite(f, 0x11 * 4096, 0)\nsplice(f, 0, p.w, NULL, 4096, 0)\npwrite(f, 0x22 * 4096, 0)",
    );
    const [world, price] = runAlone(program, "stable", profile.name);
    expect(core.enabled()).toEqual([]);
    expect(world.tasks[0]!.state).toBe("in-call");
    expect(world.tasks[0]!.waitsFor).toBe(world.pipes[0]!.slots[0]!.frame);
    expect(price.waits).toBe(1);
  });

  test("a writer under stable-io waits for what was sent, and not for a pipe", () => {
    const spliced = "pwrite(f, 0x11 * 4096, 0)\nsplice(f, 0, p.w, NULL, 4096, 0)\n";
    const write = "pwrite(f, 0x22 * 4096, 0)";
    const [piped] = runAlone(calls(`${spliced}${write}`), "stable-io", profile.name);
    expect(piped.tasks[0]!.state).toBe("done");
    const sent = `${spliced}splice(p.r, NULL, s.a, NULL, 4096, 0)\n`;
    const [queued, price] = runAlone(calls(`${sent}${write}`), "stable-io", profile.name);
    expect(queued.tasks[0]!.waitsFor).toBe(queued.sockets[1]!.frags[0]!.frame);
    expect(price.waits).toBe(1);
    const received = `${sent}read(s.b, 4096)\n${write}`;
    expect(runAlone(calls(received), "stable-io", profile.name)[0].tasks[0]!.state).toBe("done");
  });

  test("truncate's tail waits too, and a folio that is cut off whole does not", () => {
    const spliced = "pwrite(f, 0x11 * 4096, 0)\nsplice(f, 0, p.w, NULL, 4096, 0)\n";
    const [tail] = runAlone(calls(`${spliced}ftruncate(f, 512)`), "stable", profile.name);
    expect(tail.tasks[0]!.waitsFor).toBe(tail.pipes[0]!.slots[0]!.frame);
    const [whole] = runAlone(calls(`${spliced}ftruncate(f, 0)`), "stable", profile.name);
    expect(whole.tasks[0]!.state).toBe("done");
  });
});

describe("the flag of the mail", () => {
  const written = "pwrite(f, 0x11 * 4096, 0)\nsplice(f, 0, p.w, NULL, 4096, 0)\nread(p.r, 4096)";
  const again = `${written}\npwrite(f, 0x22 * 4096, 0)`;
  const cached = (world: World): World["folios"][number] =>
    world.folios.find(({ cachedAt }) => cachedAt?.index === 0)!;

  test("stays on a written folio of ext4 when the pipe is empty, and costs a copy that nobody needs", () => {
    const [world] = runAlone(calls(written), "cow-mail", "6.18/ext4");
    expect(cached(world)).toMatchObject({ refs: 2, hasPrivate: true, flagged: true });
    expect(runAlone(calls(again), "cow-mail", "6.18/ext4")[1].pagesCopied).toBe(1);
    expect(runAlone(calls(again), "cow", "6.18/ext4")[1].pagesCopied).toBe(0);
  });

  test("goes away on tmpfs, and on ext4 where the page was only read", () => {
    const [tmpfs, price] = runAlone(calls(again), "cow-mail", "6.18/tmpfs");
    expect(cached(tmpfs)).toMatchObject({ refs: 1, hasPrivate: false });
    expect(cached(tmpfs).flagged).toBeUndefined();
    expect(price.pagesCopied).toBe(0);
    const hole = calls("splice(f, 0, p.w, NULL, 4096, 0)\nread(p.r, 4096)");
    expect(cached(runAlone(hole, "cow-mail", "6.18/ext4")[0]).flagged).toBeUndefined();
  });

  test("comes back with every splice: ten rounds on ext4 copy ten pages, with cow none", () => {
    const rounds = calls(`${again}\n`.repeat(10));
    expect(runAlone(rounds, "cow-mail", "6.18/ext4")[1].pagesCopied).toBe(10);
    expect(runAlone(rounds, "cow", "6.18/ext4")[1].pagesCopied).toBe(0);
  });
});

describe("steal", () => {
  const spliced = "pwrite(f, 0x11 * 4096, 0)\nsplice(f, 0, p.w, NULL, 4096, 0)";

  test("moves the folio into the slot, dirty content to the disk first", () => {
    const [world, price] = runAlone(calls(spliced), "steal", "6.18/ext4");
    expect(world.folios).toMatchObject([{ refs: 1, dirty: false, hasPrivate: false }]);
    expect(world.folios[0]!.cachedAt).toBeUndefined();
    expect(price).toMatchObject({ steals: 1, pagesWritten: 1, pagesCopied: 0, pagesReadBack: 0 });
    expect(core.outcome().files[0]!.bytes).toEqual(new Uint8Array(4096).fill(0x11));
  });

  test("makes the next reader pay for the disk, who gets what was written", () => {
    const [, price] = runAlone(calls(`${spliced}\na = pread(f, 4096, 0)`), "steal", "6.18/ext4");
    expect(price.pagesReadBack).toBe(1);
    expect(core.outcome().results[2]!.data).toEqual(new Uint8Array(4096).fill(0x11));
  });

  test("copies a large folio page by page", () => {
    const program = calls("pwrite(f, 0x11 * 8192, 0)\nsplice(f, 0, p.w, NULL, 8192, 0)");
    const [, price] = runAlone(program, "steal", "6.18/ext4");
    expect(price).toMatchObject({ steals: 0, pagesCopied: 2, bytesCopied: 8192 });
  });

  test("forgets on the disk what truncate cuts off", () => {
    const cut = calls(`${spliced}\nftruncate(f, 512)\nftruncate(f, 4096)`);
    runAlone(cut, "steal", "6.18/ext4");
    const bytes = new Uint8Array(4096).fill(0x11, 0, 512);
    expect(core.outcome().files[0]!.bytes).toEqual(bytes);
  });
});

test("a named policy is no more than its decisions", () => {
  const wordOf = (spelling: string): number => parsePolicy(spelling).word;
  expect(wordOf("cow,lock=no")).toBe(wordOf("cow-nolock"));
  expect(wordOf("cow,mark=late")).toBe(wordOf("cow-lostflag"));
  expect(wordOf("cow,mark=flag")).toBe(wordOf("cow-mail"));
  expect(wordOf("cow,write=wait,truncate=wait")).toBe(wordOf("stable"));
  expect(wordOf("linux,splice=steal,lock=folio")).toBe(wordOf("steal"));
});

test("each exception is about a policy that there is", () => {
  const names = POLICIES.map(({ name }) => name);
  for (const { policy, reason } of EXCEPTIONS) {
    expect(names).toContain(policy);
    expect(reason).not.toBe("");
  }
});
