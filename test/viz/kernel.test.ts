// Runs of real kernels beside the model: the recorded ones, and files that are wrong.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Core } from "../../src/model/core.js";
import { besideModel, playedOrder } from "../../src/viz/kernel/beside.js";
import { dayText, orderKey, ordersOf } from "../../src/viz/kernel/orders.js";
import { readKernelText } from "../../src/viz/kernel/read.js";
import type { SeenRun } from "../../src/viz/kernel/read.js";
import { tableOf } from "../../src/viz/kernel/table.js";
import { inRoot } from "../../tools/paths.js";

const RECORDED = readFileSync(inRoot("src/viz/kernel/recorded/mail.json"), "utf8");
const { runs, problems } = readKernelText(RECORDED);
const core = new Core();
const mail = readFileSync(inRoot("litmus/mail.litmus"), "utf8");

const columnsOf = (seen: readonly SeenRun[], policy: string) =>
  seen.map((each) => {
    const { id, run } = each;
    const beside = besideModel(core, each, run.orders[0]!, policy);
    return { id, name: run.kernel.fileSystem, beside };
  });

describe("the recorded run", () => {
  test("is of the mail's program on Linux 6.18 and four file systems, with the white box", () => {
    expect(problems).toEqual([]);
    expect(runs.map(({ run }) => run.found)).toEqual([
      "6.18/ext4",
      "6.18/xfs",
      "6.18/btrfs",
      "6.18/tmpfs",
    ]);
    for (const { run } of runs) {
      expect(run).toMatchObject({ text: mail, whitebox: true, complete: true });
      expect(run.kernel.release).toMatch(/^6\.18\.\d+$/);
      expect(run.orders[0]!.moments).toHaveLength(9);
    }
  });

  test.each(runs.map((seen) => [seen.run.found, seen] as const))(
    "is what the model allows at every moment: %s",
    (_, seen) => {
      const { differs, why, worlds } = besideModel(core, seen, seen.run.orders[0]!, "linux");
      expect({ differs, why }).toEqual({ differs: [], why: undefined });
      expect(worlds).toHaveLength(9);
    },
  );

  test("is not what copy on write would give: the reads are marked, and the folios", () => {
    const rows = tableOf(runs[0]!.program, columnsOf(runs, "cow"));
    const read = rows.find(({ text }) => text.startsWith("a = "))!;
    expect(read.model).toEqual([{ text: "4096  0x00 * 4096", names: [] }]);
    expect(read.cells.map(({ text }) => text)).toEqual([
      "4096  0xf0 * 4096",
      "4096  0xf0 * 4096",
      "4096  0xf0 * 4096",
      "4096  0x00 * 4096",
    ]);
    expect(read.cells.map(({ model }) => model)).toEqual([
      "4096  0x00 * 4096",
      "4096  0x00 * 4096",
      "4096  0x00 * 4096",
      undefined,
    ]);
    const written = rows[4]!.cells[0]!.moment!;
    expect(written.differs.join("\n")).toMatch(/references: the kernel has 3, the model \d/);
  });
});

test("a row tells what the white box saw after its call, beside the model", () => {
  const rows = tableOf(runs[0]!.program, columnsOf(runs, "linux"));
  expect(rows.map(({ text }) => text.split("(")[0])).toEqual([
    ...["f = open", "pwrite", "pipe2", "splice", "pwrite", "pwrite", "a = read", "b = read"],
  ]);
  const [ext4, xfs] = rows[3]!.cells;
  expect(ext4!.moment!.rings).toEqual([
    {
      title: "p: 2 of 16 slots used, head 2, tail 0",
      slots: ["slot 0: 0 + 4096, no flags", "slot 1: 0 + 4096, no flags"],
    },
  ]);
  const counts = ext4!.moment!.folios.map(
    ({ frame, refs, allowed, mapped, mappedModel, terms }) => ({
      ...{ frame, refs, allowed, mapped, mappedModel, terms },
    }),
  );
  expect(counts).toEqual([
    {
      ...{ frame: 1, refs: 3, allowed: [3], mapped: 0, mappedModel: 0 },
      terms: "1 cached + 1 private + 1 slot",
    },
    {
      ...{ frame: 2, refs: 2, allowed: [2], mapped: 0, mappedModel: 0 },
      terms: "1 cached + 1 slot",
    },
  ]);
  expect(xfs!.moment!.folios.map(({ refs }) => refs)).toEqual([2, 2]);
  const cells = rows.flatMap((row) => row.cells);
  expect(cells.filter(({ model }) => model !== undefined)).toEqual([]);
  expect(cells.flatMap(({ moment }) => moment!.differs)).toEqual([]);
  const a = rows[6]!.model;
  expect(a.map(({ names }) => names)).toEqual([["ext4", "xfs", "btrfs"], ["tmpfs"]]);
});

test("an order is played as the schedule of a token", () => {
  const [seen] = runs;
  const order = seen!.run.orders[0]!;
  const played = playedOrder(core, seen!, order, "cow");
  expect(played).toMatchObject({ profile: "6.18/ext4", policy: "cow" });
  expect(new Set(played.schedule)).toEqual(new Set([0]));
  expect(ordersOf(runs)).toEqual([{ key: orderKey(order), title: "1: main × 8" }]);
  expect(dayText("2026-11-06")).toBe("6 Nov 2026");
});

describe("what is wrong with a file is told with its place", () => {
  const [line] = RECORDED.split("\n").slice(1);
  const good = line!.replace(/,$/, "");
  const damaged = (from: string, to: string): string => `${good}\n${good.replace(from, to)}`;
  test.each([
    ["cut short", damaged("}]}", ""), /^line 2, column \d+: this is no JSON, or it is cut short$/],
    ["an array", `[\n${good},\n{"a"]`, /^line 3, column 5: /],
    [
      "a field",
      damaged('"sizeBytes":0', '"sizeBytes":"x"'),
      /^line 2: orders\.0\.moments\.\d\.files\.0\.sizeBytes: /,
    ],
    [
      "another version",
      damaged('"splicelab":1', '"splicelab":2'),
      /^line 2: version 2 of the format; this page reads version 1$/,
    ],
    [
      "another text",
      damaged("0x1f * 4096, 4096", "0x1e * 4096, 4096"),
      /^line 2: hash: its scenario is not the one/,
    ],
    [
      "a profile",
      damaged('"profile":"6.18/ext4"', '"profile":"6.18/fat"'),
      /^line 2: profile: no profile "6.18\/fat"/,
    ],
    [
      "a thread",
      damaged('["main",', '["mein",'),
      /^line 2: orders\[0\]: the scenario has no thread "mein"$/,
    ],
  ])("%s", (_, text, message) => {
    const read = readKernelText(text);
    expect(read.problems).toHaveLength(1);
    expect(read.problems[0]).toMatch(message);
    expect(read.runs.length, "what can be read is given").toBe(text.startsWith("[") ? 0 : 1);
  });

  test.each([
    ["", "the file is empty"],
    ['{"splicelab":1,"kind":"run"}', "it has no object of the kind kernel-run"],
    ['{"splicelab":1,"kind":"error"}', "it tells why nothing could be run"],
    ["[1, null]", "it has nothing that splicelab kernel FILE --json prints"],
    ["x".repeat(8 * 1024 * 1024 + 1), "the file is larger than 8 MiB"],
  ])("%#", (text, message) => {
    const { runs: none, problems: told } = readKernelText(text);
    expect(none).toEqual([]);
    expect(told.join()).toContain(message);
  });

  test("no more than five are told", () => {
    expect(readKernelText("{\n".repeat(9)).problems).toHaveLength(6);
  });
});
