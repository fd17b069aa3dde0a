// The search of the page, without a browser: its numbers are the command line's; it stops, samples and fails in the open.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import type { Program } from "../../../src/language/program.js";
import { Core } from "../../../src/model/core.js";
import type { Setup } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { traceOfSteps } from "../../../src/model/trace.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";
import { outcomeKey } from "../../../src/trace/outcome-key.js";
import type {
  Answer,
  Ended,
  Finding,
  Question,
  Reached,
} from "../../../src/viz/explore/protocol.js";
import { Session } from "../../../src/viz/explore/session.js";
import type { Host } from "../../../src/viz/explore/session.js";
import { runCli } from "../../cli/fake-edge.js";

const programOf = (file: string): Program => parseProgram(readFileSync(file, "utf8")).program!;

const questionOf = (file: string, change: Partial<Question> = {}): Question => ({
  program: programOf(file),
  model: { profile: "6.18/ext4", policy: "linux" },
  tear: false,
  reduced: true,
  ...change,
});

const setupOf = (file: string): Setup => ({
  program: programOf(file),
  profile: parseProfile("6.18/ext4"),
  policy: parsePolicy("linux"),
  environment: ENVIRONMENT,
});

/** What a session said. */
interface Said {
  readonly answers: readonly Answer[];
  readonly findings: readonly Finding[];
  readonly reached: readonly Reached[];
  readonly ended: Ended | undefined;
  readonly session: Session;
}

/** Runs a session to its end; `between` is called between slices, with their number and what was
 *  said so far. Each look at the clock takes ten
 *  milliseconds, so that slices stay small. */
async function ask(
  question: Question,
  between: (session: Session, slice: number, answers: readonly Answer[]) => void = () => undefined,
): Promise<Said> {
  const answers: Answer[] = [];
  let milliseconds = 0;
  let slice = 0;
  const host: Host = {
    ready: () => Promise.resolve(),
    now: () => (milliseconds += 10),
    breathe: () => {
      between(session, slice++, answers);
      return Promise.resolve();
    },
    post: (answer) => void answers.push(structuredClone(answer)),
  };
  const session = new Session(question, host);
  await session.run();
  const findings: Finding[] = [];
  for (const answer of answers)
    if (answer.kind === "progress")
      for (const [place, finding] of answer.findings) findings[place] = finding;
  return {
    session,
    answers,
    findings,
    reached: answers.flatMap((answer) => (answer.kind === "progress" ? [answer.reached] : [])),
    ended: answers.flatMap((answer) => (answer.kind === "ended" ? [answer.ended] : []))[0],
  };
}

/** What `explore --json` says, as far as the page says it, too. */
interface Printed {
  readonly verdict: string;
  readonly observation: string;
  readonly condition: boolean | "unknown" | null;
  readonly positive: number;
  readonly negative: number;
  readonly hash: string;
  readonly search?: { readonly states: number; readonly transitions: number };
  readonly outcomes: readonly {
    readonly key: string;
    readonly shows: string;
    readonly holds: boolean;
    readonly blocked: boolean;
    readonly drawn?: number;
    readonly witness: { readonly schedule: number[]; readonly minimal: boolean };
  }[];
  readonly waits: readonly { readonly witness: { readonly schedule: number[] } }[];
}

async function print(...args: string[]): Promise<Printed> {
  return JSON.parse((await runCli(["explore", ...args, "--json"])).out[0]!) as Printed;
}

/** The same of a session. */
function printedOf({ findings, ended, answers }: Said): Printed {
  const { how, verdict, reached, hash } = ended!;
  const waits = answers.flatMap((each) => (each.kind === "progress" ? [each.waits] : [])).at(-1);
  const { states, transitions } = reached;
  return {
    verdict: how.word,
    observation: verdict.observation,
    condition: verdict.holds,
    positive: verdict.positive,
    negative: verdict.negative,
    hash: hash!,
    ...(reached.phase === "sample" ? {} : { search: { states, transitions } }),
    outcomes: findings.map(({ key, shows, counts, blocked, witness, drawn }) => ({
      key,
      shows,
      holds: counts.positive > 0,
      blocked,
      ...(drawn === undefined ? {} : { drawn }),
      witness: { schedule: [...witness!.schedule], minimal: witness!.minimal },
    })),
    waits: waits.map(({ witness }) => ({ witness: { schedule: [...witness!.schedule] } })),
  };
}

describe("the page's numbers are the command line's", () => {
  test.each([
    ["litmus/mail-race.litmus", "linux", "off"],
    ["litmus/mail-race.litmus", "stable", "off"],
    ["litmus/mail-ordered.litmus", "cow", "off"],
    ["litmus/torn-read.litmus", "linux", "on"],
    ["litmus/flag-cleared-late.litmus", "cow-lostflag", "off"],
    ["litmus/reference-slips-in.litmus", "cow-nolock", "off"],
  ] as const)("%s under %s, tear %s", async (file, policy, tear) => {
    const model = { profile: "6.18/ext4", policy };
    const printed = await print(file, "--policy", policy, "--tear", tear);
    const said = printedOf(await ask(questionOf(file, { model, tear: tear === "on" })));
    expect(printed).toMatchObject(said);
    expect(said.outcomes).toHaveLength(printed.outcomes.length);
  });

  test("without reductions", async () => {
    const file = "litmus/mail-race.litmus";
    const printed = await print(file, "--reduce", "none");
    const said = printedOf(await ask(questionOf(file, { reduced: false })));
    expect(printed.search!.states).toBeGreaterThan(128);
    expect(printed).toMatchObject(said);
  });

  test("of a sample", async () => {
    const file = "litmus/mail-race.litmus";
    const printed = await print(file, "--sample", "300", "--seed", "7", "--depth", "3");
    const sample = { runs: 300, seed: 7, depth: 3 };
    expect(printed).toMatchObject(printedOf(await ask(questionOf(file, { sample }))));
  });
});

describe("a search", () => {
  const LARGE = "litmus/spin/C-2-2-1.litmus";

  test("tells how far it is, and what it found, while it goes on", async () => {
    const { reached, ended } = await ask(questionOf(LARGE), (session, _, said) => {
      if (said.some(({ kind }) => kind === "ended")) session.stop();
    });
    expect(ended!.how.word).toBe("complete");
    const during = reached.filter(({ phase }) => phase === "search");
    expect(during.length).toBeGreaterThan(3);
    const states = during.map((each) => each.states);
    expect(states).toEqual([...states].sort((a, b) => a - b));
    expect(during.some(({ statesAbout }) => statesAbout !== undefined)).toBe(true);
    expect(during.some(({ frontier }) => frontier > 0)).toBe(true);
  });

  test("stops at the next slice, bounded", async () => {
    const stopped = await ask(questionOf(LARGE), (session, slice) => {
      if (slice === 200) session.stop();
    });
    expect(stopped.ended!.how).toEqual({ word: "bounded", bound: "stopped" });
    expect(stopped.ended!.verdict.holds).toBe("unknown");
    expect(stopped.ended!.reached.states).toBeGreaterThan(0);
    expect(stopped.ended!.reached.states).toBeLessThan(26_155);
  });

  test("stopped while it looks for witnesses, it is complete, and finds a way that somebody wants", async () => {
    const file = "litmus/spin/B-3-1-2.litmus";
    const { ended, findings, answers, session } = await ask(questionOf(file), (asked, _, said) => {
      if (said.some(({ kind }) => kind === "ended")) asked.stop();
    });
    expect(ended!.how.word).toBe("complete");
    expect(answers.at(-1)!.kind).toBe("settled");
    const { key } = findings.find(({ witness }) => witness === undefined)!;
    session.want(key);
    const last = answers.at(-1)!;
    const news = last.kind === "progress" ? last.findings : [];
    const { witness } = news.find(([, finding]) => finding.key === key)![1];
    const { outcome } = traceOfSteps(new Core(), setupOf(file), witness!.schedule, { stops: true });
    expect(outcomeKey(outcome)).toBe(key);
  });

  test("says that a scenario is too large to be searched; it can be sampled", async () => {
    const file = "litmus/splice/one-byte-slots.litmus";
    const { answers } = await ask(questionOf(file));
    expect(answers).toMatchObject([{ kind: "failed", failed: { failure: "too large to search" } }]);
    const { ended } = await ask(questionOf(file, { sample: { runs: 3, seed: 1, depth: 0 } }));
    expect(ended!.how.word).toBe("sampled");
  });

  test("reports whatever goes wrong", async () => {
    const model = { profile: "6.18/ext4", policy: "linux,lock=perhaps" };
    const { answers } = await ask(questionOf(LARGE, { model }));
    expect(answers).toMatchObject([{ kind: "failed", failed: { failure: "unknown name" } }]);
  });
});
