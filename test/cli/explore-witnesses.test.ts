// Whose witness `explore` looks for and shows, how lines are counted and named, and that bounds hold for all of it.

import { describe, expect, test } from "vitest";
import { runCli } from "./fake-edge.js";

/** Nothing decides: 4 outcomes, and 16. */
const QUIET = ["explore", "litmus/spin/B-1-1-2.litmus", "--policy", "cow"];
const WIDE = ["explore", "litmus/spin/B-2-1-2.litmus", "--policy", "cow"];
const RACE = ["explore", "litmus/mail-race.litmus"];
const STUCK = "litmus stuck\npipe p\nthread t {\n  read(p.r, 1)\n}\nforall true\n";
const NOT_LOOKED_FOR =
  "Without a price: no witness was looked for (--witness all looks for every one)";

interface Report {
  readonly search: { readonly states: number; readonly transitions: number };
  readonly outcomes: readonly { readonly witness?: { readonly minimal: boolean } }[];
}
const reportOf = (out: readonly string[]): Report => JSON.parse(out[0]!) as Report;
const minimalOf = (out: readonly string[]): number =>
  reportOf(out).outcomes.filter(({ witness }) => witness?.minimal).length;

describe("a witness is looked for", () => {
  test("only where it is shown", async () => {
    const { out } = await runCli(QUIET);
    expect(out.join("\n")).not.toContain("[minimal");
    expect(out).toContain(NOT_LOOKED_FOR);
    const none = await runCli([...QUIET, "--witness", "none"]);
    expect(none.out.join("\n")).not.toMatch(/\[|Without a price/);
  });

  test("of every outcome with --witness all, and with --json", async () => {
    const { out } = await runCli([...QUIET, "--witness", "all"]);
    expect(out.filter((line) => line.includes("[minimal: "))).toHaveLength(4);
    expect(out.filter((line) => line.startsWith("Witness of "))).toHaveLength(4);
    expect(minimalOf((await runCli([...QUIET, "--json"])).out)).toBe(4);
    const few = await runCli([...QUIET, "--json", "--witness", "deciding"]);
    expect(minimalOf(few.out)).toBe(0);
  });

  test("of a deadlock under a condition that holds", async () => {
    const { out, code } = await runCli(["explore", "-"], { input: STUCK });
    expect(code).toBe(0);
    expect(out).toContain("Ok");
    const at = out.indexOf(
      "Witness of the deadlock: p=no bytes; t blocked in read() (minimal: 0 preemptions, 3 steps)",
    );
    expect(out.slice(at + 1, at + 3)).toEqual(["  t", "  read(p.r, 1) … never returns"]);
    const none = await runCli(["explore", "-", "--witness", "none"], { input: STUCK });
    expect(none.out.join("\n")).not.toContain("Witness of");
  });

  test("of what decides once, though it is a deadlock too", async () => {
    const input = STUCK.replace("forall true", "exists true");
    const { out } = await runCli(["explore", "-"], { input });
    expect(out.filter((line) => line.startsWith("Witness of "))).toHaveLength(1);
  });
});

describe("bounds", () => {
  test.each([1, 7, 100])("%i transitions are no more", async (count) => {
    const { out, code } = await runCli([...RACE, "--transitions", `${count}`, "--json"]);
    expect(reportOf(out).search.transitions).toBe(count);
    expect(out[0]).toContain(`by ${count} transitions (--transitions)`);
    expect([1, 2]).toContain(code);
  });

  test.each([1, 9, 100])("%i transitions are no more with two workers", async (count) => {
    const bound = ["--transitions", `${count}`, "--workers", "2"];
    const { out } = await runCli([...WIDE, ...bound, "--json", "--witness", "none"]);
    const { transitions } = reportOf(out).search;
    expect(transitions).toBeLessThanOrEqual(count);
    expect(transitions).toBeGreaterThanOrEqual(count === 1 ? 0 : count / 3);
    expect(out[0]).toContain(`by ${count} transitions (--transitions)`);
  });

  test("a bound that is just enough is none", async () => {
    const { transitions } = reportOf((await runCli([...RACE, "--json"])).out).search;
    const { out } = await runCli([...RACE, "--json", "--transitions", `${transitions}`]);
    expect(out[0]).toContain('"verdict":"complete"');
  });

  test("--memory holds for the search for witnesses, and a line says what short means", async () => {
    const bounded = await runCli([...WIDE, "--json", "--memory", "2"]);
    expect(bounded.out[0]).toContain('"verdict":"complete"');
    expect(minimalOf(bounded.out)).toBeLessThan(16);
    expect(minimalOf((await runCli([...WIDE, "--json"])).out)).toBe(16);
    const { out } = await runCli([...WIDE, "--memory", "2", "--witness", "all"]);
    expect(out.join("\n")).toMatch(/\[short: .*\n[^]*^Short: the search came by this schedule/m);
  });
});

describe("lines", () => {
  test("are left out with --summary", async () => {
    const whole = await runCli([...RACE, "--witness", "none"]);
    const { out } = await runCli([...RACE, "--witness", "none", "--summary"]);
    const rest = whole.out.filter((line) => !/^[* ?]> /.test(line));
    expect(whole.out.length - rest.length).toBe(6);
    const untimed = (lines: readonly string[]) => lines.filter((line) => !line.startsWith("Time"));
    expect(untimed(out)).toEqual(untimed(rest));
  });

  test("name pipes and sockets as the scenario does", async () => {
    const input =
      'litmus n\npipe p0\nsocket s\nthread t {\n  write(p0.w, "a")\n  write(s.a, "b")\n  pipe2(q, 0)\n}\n';
    const { out } = await runCli(["explore", "-"], { input });
    expect(out.join("\n")).toContain('> p0="a"; s.a=no bytes; s.b="b"; q=no bytes');
  });

  test("say what is counted where they are fewer than outcomes", async () => {
    const input =
      "litmus c\nfile f = 0x00 * 4096\nthread a { pwrite(f, 0x41 * 4096, 0) }\n" +
      "thread b { c = pwrite(f, 0x42 * 4096, 0) }\n";
    const { out } = await runCli(["explore", "-"], { input });
    expect(out[2]).toBe(
      "States 1 (of 2 outcomes: some differ only in what the scenario does not name; Positive and Negative count outcomes)",
    );
  });
});

test("lanes show what a card transmits, as what calls return", async () => {
  const { out } = await runCli(["explore", "litmus/wire-retransmit.litmus"]);
  const steps = out.flatMap((line) => /\| ((?:re)?transmit.*|ack)$/.exec(line)?.[1] ?? []);
  expect(steps).toEqual(["transmit  0x1f * 4096", "retransmit  0xf0 * 4096", "ack"]);
});
