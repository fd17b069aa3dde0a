// docs/variants.md: it is the page that the model gives now, and what it states is seen again from the page's own text:
// tokens replay to their outcome, its variants are wrong, `cow` is not, and the price of cow-mail is as told.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { observe } from "../../src/compare/observe.js";
import { parseProgram } from "../../src/language/parse-program.js";
import { Core } from "../../src/model/core.js";
import { Exploration } from "../../src/model/exploration.js";
import { parsePolicy } from "../../src/model/policies.js";
import { parseProfile } from "../../src/model/profiles.js";
import { traceOfSteps } from "../../src/model/trace.js";
import { decodeToken } from "../../src/trace/token.js";
import { inRoot } from "../../tools/paths.js";
import { VARIANTS_PAGE, variantsPage } from "../../tools/variants.js";
import { rested } from "../../tools/variants/quoted.js";
import { setupOf } from "../helpers/cases.js";
import { runCli } from "./fake-edge.js";

const PAGE = readFileSync(inRoot(VARIANTS_PAGE), "utf8");

/** What a section of the page states. */
interface Section {
  readonly policy: string;
  /** The scenario's file, from the root. */
  readonly file: string;
  readonly token: string;
  /** What its witness shows. */
  readonly shows: string;
  readonly steps: number;
  /** "1 keep, 1 break": of the policy, of cow. */
  readonly counts: readonly [string, string];
}

const SECTIONS = [...PAGE.matchAll(/^## `([\w-]+)`:[^]*?(?=^<a id|(?![^]))/gm)].map(sectionOf);

function sectionOf([text, policy]: RegExpMatchArray): Section {
  const one = (pattern: RegExp): string[] => pattern.exec(text)!.slice(1);
  const [file] = one(/^\$ npx splicelab explore (\S+) --policy/m);
  const [shows, steps] = one(/^Witness of (.*) \(minimal: \d preemptions?, (\d+) steps\)$/m);
  const [positive, negative] = one(/^Positive: (\d+) Negative: (\d+)$/m);
  const [right] = one(/^Under `cow`: complete, (\d+ keep, \d+ break) /m);
  const [token] = one(/^\$ npx splicelab run (sl1:\S+)$/m);
  const counts = [`${positive!} keep, ${negative!} break`, right!] as const;
  return { policy: policy!, file: file!, token: token!, shows: shows!, steps: +steps!, counts };
}

/** The outcomes of every schedule: "2 keep, 1 break". Throws where the search does not come to its end. */
function countsOf(file: string, policy: string): string {
  const { program } = parseProgram(readFileSync(inRoot(file), "utf8"));
  const setting = { profile: parseProfile("6.18/ext4"), policy: parsePolicy(policy) };
  const exploration = new Exploration(new Core(), setupOf(program!, setting));
  let status = exploration.search.run(1_000_000);
  while (status === "running") status = exploration.search.run(1_000_000);
  if (status !== "done") throw new Error(`the search ends with ${status}`);
  const kept = exploration.outcomes().map(({ outcome }) => outcome.snapshot);
  const count = (value: boolean): number => kept.filter((each) => each === value).length;
  expect(count(true) + count(false)).toBe(kept.length);
  return `${count(true)} keep, ${count(false)} break`;
}

test("the page is not stale", { timeout: 120_000 }, async () => {
  const fresh = await variantsPage();
  expect(PAGE === fresh, `${VARIANTS_PAGE} is stale: bring it up to date with "npm run docs"`).toBe(
    true,
  );
  expect(PAGE).toMatch(/^<!-- sha256 of what made it: [0-9a-f]{64}\. /);
});

test("the page is about the four variants", () => {
  expect(SECTIONS.map(({ policy }) => policy)).toEqual([
    "cow-mail",
    "cow-nolock",
    "cow-lostflag",
    "cow-nopte",
  ]);
});

describe.each(SECTIONS)("$policy", ({ policy, file, token, shows, steps, counts }) => {
  const safe = policy === "cow-mail";

  test("has the outcomes that the page counts, and is wrong; cow is not", () => {
    expect(countsOf(file, policy)).toBe(counts[0]);
    expect(countsOf(file, "cow")).toBe(counts[1]);
    expect(counts[0].endsWith(" 0 break")).toBe(safe);
    expect(counts[1]).toMatch(/^[1-9]\d* keep, 0 break$/);
  });

  test("has a token that replays to the stated outcome, step by step", async () => {
    const witness = decodeToken(token);
    expect(witness).toMatchObject({ policy, profile: "6.18/ext4" });
    expect(witness.text).toBe(readFileSync(inRoot(file), "utf8"));
    const { program } = parseProgram(witness.text);
    const setting = { profile: parseProfile(witness.profile), policy: parsePolicy(policy) };
    const trace = traceOfSteps(new Core(), setupOf(program!, setting), witness.schedule);
    expect(trace.schedule).toEqual(witness.schedule);
    expect(trace.schedule).toHaveLength(steps);
    expect(trace.outcome.snapshot).toBe(safe);
    expect(observe(program!, trace.outcome)).toBe(shows);
    expect((await runCli(["run", token])).code).toBe(safe ? 0 : 1);
  });
});

test("the same witness under cow keeps the snapshot", async () => {
  for (const { token } of SECTIONS)
    expect((await runCli(["run", token, "--policy", "cow"])).code).toBe(0);
});

test("on ext4 cow-mail keeps its flag at rest and copies what copy copies, and cow nothing", () => {
  const mail = rested("flag-stays", "cow-mail", "6.18/ext4");
  expect(mail.folio).toMatchObject({ refs: 3, outside: 0, hasPrivate: true, flagged: true });
  const copied = (policy: string, profile: string): number =>
    rested("flag-stays", policy, profile).price.pagesCopied;
  expect(mail.price.pagesCopied).toBe(4);
  expect(copied("copy", "6.18/ext4")).toBe(4);
  expect(copied("cow", "6.18/ext4")).toBe(0);
  expect(copied("cow-mail", "6.18/tmpfs")).toBe(0);
  expect(rested("flag-stays", "cow-mail", "6.18/tmpfs").folio.flagged).toBeUndefined();
});
