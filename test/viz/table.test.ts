// The tables hold all that the picture holds, at every moment, with captions and headers.

import { render } from "svelte/server";
import { expect, test } from "vitest";
import Table from "../../src/viz/panels/Table.svelte";
import { explain } from "../../src/compare/explain.js";
import { captionOf } from "../../src/viz/scene/caption.js";
import { elementsOf } from "../../src/viz/scene/elements.js";
import { layoutOf } from "../../src/viz/scene/layout.js";
import { stageScene } from "../../src/viz/scene/stage.js";
import { tablesOf } from "../../src/viz/scene/table.js";
import { RECORDED, recordFile } from "./worlds.js";

test("every card that shows something is a row, with its bytes, holders and flags", () => {
  for (const { name, run } of RECORDED) {
    const trace = run();
    const layout = layoutOf([trace], 560);
    for (let done = 0; done <= trace.steps.length; done++) {
      const scene = stageScene(trace, layout, done);
      const tables = tablesOf(trace, scene, done);
      const rows = new Map(tables.flatMap((t) => t.rows).map((r) => [r.key, r.cells.join(" | ")]));
      for (const { columns, rows: all } of tables)
        for (const { cells } of all) expect(cells, name).toHaveLength(columns.length);
      const free = scene.pipes
        .flatMap((p) => p.slots)
        .concat(scene.sockets.flatMap((s) => s.frags) as never[]);
      const empty = new Set(free.filter((card) => card.used === undefined).map(({ key }) => key));
      const heads = new Set(["file", "mapping", "pipe", "socket"]);
      for (const { key, term, run: bytes, card } of elementsOf(scene)) {
        if (empty.has(key) || heads.has(term)) continue;
        const told = rows.get(card ?? key);
        expect(told, `${name}: ${key} after ${done}`).toBeDefined();
        if (bytes !== undefined) expect(told).toContain(bytes.text);
        if (bytes !== undefined) expect(told).toContain(`by ${bytes.who}`);
      }
      for (const folio of scene.folios) {
        const told = rows.get(folio.key)!;
        for (const { text } of folio.holders) expect(told).toContain(text);
        expect(told).toContain(folio.note);
      }
      for (const { name: pipe, usage } of [...scene.pipes, ...scene.sockets])
        expect([...rows.values()].some((told) => told.startsWith(`${pipe}, ${usage}`))).toBe(true);
    }
  }
});

test("as a component: real tables, the mail's story in their cells", () => {
  const trace = recordFile("mail-ordered.litmus", "linux", [0, 1, 1, 0, 0]);
  const { body } = render(Table, { props: { trace, traces: [trace], done: trace.steps.length } });
  const captions = [...body.matchAll(/<caption[^>]*>([^<]*)</g)].map(([, caption]) => caption);
  expect(captions).toEqual(["threads", "page cache", "folios", "pipes", "what the readers got"]);
  expect(body.match(/scope="col"/g)!.length).toBe(4 + 3 + 5 + 6 + 4);
  expect(body).toContain("0xf0 instead of 0x00 by pwrite(), call 1 of writer");
  expect(body).toContain("was 0x00 at splice");
  expect(body).toContain("no slot in use");
});

test("the head of a connection says that it is TCP", () => {
  const trace = recordFile("socket/tcp-late.litmus", "linux");
  const scene = stageScene(trace, layoutOf([trace], 560), trace.steps.length);
  expect(scene.sockets.map(({ name, usage }) => [name, usage])).toEqual([
    ["s.a", "TCP, empty"],
    ["s.b", "TCP, empty"],
  ]);
});

test("a message shows where it ends, its checksum in front; a lost one is told of", () => {
  const trace = recordFile("socket/udp-more-loses-what-changes.litmus", "linux");
  const whole = trace.steps.findIndex(({ world }) =>
    world.sockets[1]!.frags.some(({ ends }) => ends),
  );
  const scene = stageScene(trace, layoutOf([trace], 560), whole + 1);
  expect(scene.sockets[1]).toMatchObject({ name: "s.b", usage: "UDP, 1 message" });
  const rows = tablesOf(trace, scene, whole + 1)
    .find(({ caption }) => caption === "sockets")!
    .rows.filter(({ cells }) => cells[0]!.startsWith("s.b"));
  expect(rows.map(({ cells }) => [cells[1], cells.at(-1)])).toEqual([
    ["checksum", ""],
    ["frag 1", ""],
    ["frag 2", "the message ends"],
  ]);
  const lost = trace.steps.findIndex(({ events }) =>
    events.some(({ kind }) => kind === "message-lost"),
  );
  expect(captionOf(trace, lost, lost + 1)).toContain("message of s.b has another checksum");
  expect(explain(trace)).toMatch(
    /^A message that waited at s\.b is lost: it was held back .* pwrite\(\) in t changed frame 1/,
  );
});

test("a thread that sleeps, one that waits and one that is done are told apart", () => {
  const trace = recordFile("mail-ordered.litmus", "stable", [0, 1, 1, 0, 0]);
  const states = new Set<string>();
  for (let done = 0; done <= trace.steps.length; done++) {
    const scene = stageScene(trace, layoutOf([trace], 560), done);
    for (const { cells } of tablesOf(trace, scene, done)[0]!.rows) states.add(cells[1]!);
  }
  expect([...states].sort()).toEqual(
    expect.arrayContaining([
      "between calls",
      "done",
      "in the call",
      expect.stringMatching(/^waits until nobody outside the page cache holds frame \d+$/),
    ]),
  );
});
