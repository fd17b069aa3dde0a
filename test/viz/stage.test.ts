// The stage of recorded runs: its drawing as snapshots, its plan as properties.

import { expect, test } from "vitest";
import type { Trace } from "../../src/trace/trace.js";
import { stageMarks } from "../../src/viz/scene/draw/stage.js";
import { elementsOf } from "../../src/viz/scene/elements.js";
import { keep } from "../../src/viz/scene/keep.js";
import { layoutOf, type Box, type Layout } from "../../src/viz/scene/layout.js";
import { pictureOf } from "../../src/viz/scene/picture.js";
import { stageScene, type StageScene } from "../../src/viz/scene/stage.js";
import { printMarks } from "../../src/viz/scene/svg.js";
import { RECORDED } from "./worlds.js";

/** The moment at which most references are there. */
function fullest(trace: Trace): number {
  const counts = trace.steps.map(({ world }) => {
    const held = world.folios.reduce((sum, folio) => sum + folio.refs, 0);
    return held + world.sockets.reduce((sum, socket) => sum + 2 * socket.frags.length, 0);
  });
  return counts.lastIndexOf(Math.max(...counts)) + 1;
}

test.each(RECORDED)("the drawing of $name is the recorded one", async ({ name, run }) => {
  const trace = run();
  const done = fullest(trace);
  const { marks } = pictureOf([{ trace, done, since: done - 1, caption: `step ${done}` }], 560);
  await expect(printMarks(marks)).toMatchFileSnapshot(`stages/${name}.svg.txt`);
});

/** All places of a plan that something may stand at, with what that is. */
function placesOf(layout: Layout): [string, Box][] {
  const rows = [...layout.entries, ...layout.tables].flatMap(([key, all]) =>
    all.map(({ from, box }): [string, Box] => [`page ${from} of ${key}`, box]),
  );
  const maps = { folio: layout.folios, slot: layout.slots, frag: layout.frags };
  const cards = Object.entries(maps).flatMap(([kind, places]) =>
    [...places].map(([key, box]): [string, Box] => [`${kind} ${key}`, box]),
  );
  const heads = [layout.files, layout.mappings, layout.pipes, layout.sockets].flatMap((places, i) =>
    [...places].map(([key, box]): [string, Box] => [`head ${i}/${key}`, box]),
  );
  const readers = [...layout.consumers].map(([key, box]): [string, Box] => [`reader ${key}`, box]);
  return [...rows, ...cards, ...heads, ...readers];
}

test.each([326, 560, 700, 1300])("nothing overlaps at %i pixels", (width) => {
  for (const { name, run } of RECORDED) {
    const layout = layoutOf([run()], width);
    const places = placesOf(layout);
    for (const [i, [one, a]] of places.entries()) {
      expect(a.x + a.width, `${name}: ${one}`).toBeLessThanOrEqual(width);
      expect(a.y + a.height, `${name}: ${one}`).toBeLessThanOrEqual(layout.height);
      for (const [other, b] of places.slice(i + 1)) {
        const apart =
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        expect(apart, `${name}: ${one} and ${other}`).toBe(true);
      }
    }
  }
});

/** Where each card stands at a moment. */
const boxesOf = (scene: StageScene): Map<string, Box> =>
  new Map(
    elementsOf(scene)
      .filter(({ card }) => card === undefined)
      .map(({ key, box }) => [key, box]),
  );

test("what stands somewhere stands there at every moment, on both sides", () => {
  for (const { name, policy, run } of RECORDED) {
    const traces = [run(), run(policy === "cow" ? "linux" : "cow")];
    const layout = layoutOf(traces, 560);
    const seen = new Map<string, Box>();
    for (const side of traces)
      for (let done = 0; done <= side.steps.length; done++)
        for (const [key, box] of boxesOf(stageScene(side, layout, done))) {
          expect(seen.get(key) ?? box, `${name}: ${key}`).toEqual(box);
          seen.set(key, box);
        }
  }
});

test("every reference ends at a card, and no two slots of a moment share a place", () => {
  for (const { name, run } of RECORDED) {
    const trace = run();
    const layout = layoutOf([trace], 560);
    for (let done = 0; done <= trace.steps.length; done++) {
      const scene = stageScene(trace, layout, done);
      for (const { frame, end, from } of scene.references) {
        const card = scene.folios.find((folio) => folio.frame === frame)!.box;
        expect([card.x, card.x + card.width], name).toContain(end.x);
        expect(end.y).toBeGreaterThan(card.y);
        expect(end.y).toBeLessThan(card.y + card.height);
        expect(boxesOf(scene).has(from), `${name}: ${from}`).toBe(true);
      }
      const keys = elementsOf(scene).map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    }
  }
});

test("what looks as at the moment before is the same object, and drawn as if it were new", () => {
  const pen = { stage: "side", isLive: true, lit: new Map<string, true>() };
  let [same, all] = [0, 0];
  for (const { run } of RECORDED) {
    const trace = run();
    const layout = layoutOf([trace], 560);
    let before: StageScene | undefined;
    for (let done = 0; done <= trace.steps.length; done++) {
      const fresh = () => stageScene(trace, layout, done);
      const kept = keep(before, fresh());
      expect(kept).toEqual(fresh());
      expect(stageMarks(kept, pen)).toEqual(stageMarks(fresh(), pen));
      same += kept.folios.filter((folio) => before?.folios.includes(folio)).length;
      all += kept.folios.length;
      before = kept;
    }
  }
  expect(same).toBeGreaterThan(0.7 * all);
});
