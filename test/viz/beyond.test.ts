// What is out of sight of a stage: what a step changed there, and otherwise the parts that are below.

import { expect, test } from "vitest";
import { beyondOf, changedIn } from "../../src/viz/scene/beyond.js";
import { elementsOf } from "../../src/viz/scene/elements.js";
import { layoutOf } from "../../src/viz/scene/layout.js";
import { stageScene } from "../../src/viz/scene/stage.js";
import { recordFile } from "./worlds.js";

const trace = recordFile("samba/read-failover.litmus", "linux");
const layout = layoutOf([trace], 600);
const at = (done: number) => elementsOf(stageScene(trace, layout, done));
const firstSlot = [...layout.slots.values()][0]!;
/** The first slot, and nothing below it. */
const SEEN = { from: 0, to: firstSlot.y + firstSlot.height };

/** The steps after which a side has something to say, with what it says. */
function said(side: "above" | "below", seen: { from: number; to: number }) {
  return trace.steps.flatMap((_, step) => {
    const found = beyondOf(layout, changedIn(at(step), at(step + 1), seen), seen)[side];
    return found?.changed === true ? [found.text] : [];
  });
}

test("nothing changed: below are the parts whose headings are not seen", () => {
  const { above, below } = beyondOf(layout, [], SEEN);
  expect(above).toBeUndefined();
  expect(below).toMatchObject({ text: "sockets, what the readers got", changed: false });
  const last = { from: 0, to: layout.height - 60 };
  expect(beyondOf(layout, [], last).below?.text).toBe("more");
  expect(beyondOf(layout, [], { from: 0, to: layout.height - 3 })).toEqual({});
});

test("a step tells what it changed below, cards before headings", () => {
  const told = said("below", SEEN);
  expect(told).toContain("frame 2: 0x1f; 3 references");
  expect(told).toContain("frag 0: 4096 bytes of frame 1 from 0, 0x1f, sent");
  const where = beyondOf(layout, changedIn(at(0), at(trace.steps.length), SEEN), SEEN).below!;
  expect(where.y).toBeGreaterThan(SEEN.to);
});

test("and what it changed above, where that is out of sight", () => {
  const seen = { from: layout.height - 100, to: layout.height };
  expect(said("above", seen)).toContainEqual(expect.stringMatching(/^frame 1: /));
  expect(beyondOf(layout, [], seen)).toEqual({});
});

test("what is in sight is not told, nor what stays as it is", () => {
  const all = { from: 0, to: layout.height };
  expect(changedIn(at(0), at(trace.steps.length), all)).toEqual([]);
  expect(changedIn(at(3), at(3), SEEN)).toEqual([]);
});
