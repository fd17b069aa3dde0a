// What `explore` says about how far it is: while it searches, and where it was cut off.

import { expect, test } from "vitest";
import { runCli } from "./fake-edge.js";

/** 43,991 states. */
const ARGS = ["explore", "litmus/spin/B-2-2-2.litmus", "--policy", "cow", "--summary"];
const ABOUT =
  /^[\d,]+ states, [\d,]+\/s, [\d,]+ transitions, depth \d+, [\d,]+ waiting; about (\d+) % of some ([\d,]+) states done, some \d+ (s|min|h) left$/;

const told = (progress: readonly string[]) =>
  progress.flatMap((line) => {
    const [, share, all] = ABOUT.exec(line) ?? [];
    return share === undefined
      ? []
      : [{ share: Number(share), all: Number(all!.replaceAll(",", "")) }];
  });

test.each([[[]], [["--workers", "2"]]])("tells about how much is left %j", async (more) => {
  const { progress } = await runCli([...ARGS, ...more]);
  expect(progress[0]).toMatch(/; too early to say how much is left$/);
  const lines = told(progress);
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.at(-1).share).toBeGreaterThan(90);
  for (const { share, all } of lines.filter((line) => line.share >= 10)) {
    expect(all / 20_299, `at ${share} %`).toBeGreaterThan(0.6);
    expect(all / 20_299, `at ${share} %`).toBeLessThan(1.7);
  }
});

test("says where it was cut off", async () => {
  const bound = ["--transitions", "14000"];
  const { out } = await runCli([...ARGS, ...bound]);
  expect(out.join("\n")).toMatch(/^Observation \S+ \w+ \d+ \d+ so far$/m);
  expect(out.join("\n")).toMatch(
    /^Verdict bounded: by 14,000 transitions \(--transitions\), with about \d\d % of some \d\d,000 states done$/m,
  );
  const json = await runCli([...ARGS.slice(0, -1), ...bound, "--json"]);
  const { search } = JSON.parse(json.out[0]!) as { search: { statesAbout: number } };
  expect(search.statesAbout / 20_299).toBeGreaterThan(0.6);
  expect(search.statesAbout / 20_299).toBeLessThan(1.7);
});

test.each([
  [["--order", "depth"], "nobody can say how much is left depth first"],
  [["--shard", "1/2"], "nobody can say how much is left of a shard"],
])("says that nobody can tell %j", async (more, words) => {
  const { progress } = await runCli([...ARGS, ...more]);
  expect(
    progress.filter((line) => !line.startsWith("minimal")).every((line) => line.endsWith(words)),
  ).toBe(true);
});
