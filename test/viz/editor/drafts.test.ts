// Drafts: what is kept, what is offered, and that nothing that was written is overwritten unasked.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Drafting } from "../../../src/viz/editor/drafting.svelte.js";
import { DRAFTS_MAX, DRAFT_LENGTH_MAX, Drafts, nameOf } from "../../../src/viz/editor/drafts.js";

/** A storage like the browser's. */
function memory() {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
}

let storage = memory();
const drafts = (): Drafts => new Drafts(() => storage);
const named = (name: string, more = ""): string => `litmus ${name}\n${more}`;
const kept = (): string[] =>
  drafts()
    .all()
    .map(({ name, text }) => `${name}: ${text.split("\n")[1]!}`);

beforeEach(() => {
  storage = memory();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a changed text is a draft, the text that was opened is none", () => {
  const mine = drafts();
  mine.begin(named("a"));
  expect(mine.keep(named("a"), 1)).toBe(false);
  expect(mine.keep(named("a", "1"), 2)).toBe(true);
  expect(mine.keep(named("a", "2"), 3)).toBe(true);
  expect(kept()).toEqual(["a: 2"]);
  expect(mine.keep(named("a"), 4)).toBe(false);
  expect(kept()).toEqual([]);
});

test("a scenario that gets another name has one draft still", () => {
  const mine = drafts();
  mine.begin(named("a"));
  for (const name of ["b", "bc", "bcd"]) mine.keep(named(name, "x"), 1);
  expect(kept()).toEqual(["bcd: x"]);
});

test("a draft that is opened by its link goes on as itself", () => {
  const first = drafts();
  first.begin(named("a"));
  first.keep(named("a", "1"), 1);
  const second = drafts();
  second.begin(named("a", "1"));
  second.keep(named("a", "2"), 2);
  expect(kept()).toEqual(["a: 2"]);
});

test("another text of the same name puts the draft aside", () => {
  const first = drafts();
  first.begin(named("a"));
  first.keep(named("a", "old"), 1);
  const second = drafts();
  second.begin(named("a", "linked"));
  expect(second.beside(named("a", "linked"))?.text).toBe(named("a", "old"));
  second.keep(named("a", "new"), 2);
  second.keep(named("a", "newer"), 3);
  expect(kept()).toEqual(["a: newer", "a (earlier): old"]);
  second.begin(named("a", "linked again"));
  second.keep(named("a", "third"), 4);
  expect(kept()).toEqual(["a: third", "a (earlier): newer"]);
});

test(`${DRAFTS_MAX} drafts are kept, the oldest make room; long ones are not kept`, () => {
  const mine = drafts();
  for (let i = 0; i <= DRAFTS_MAX; i++) {
    mine.begin("");
    mine.keep(named(`n${i}`, "x"), i);
  }
  expect(drafts().all()).toHaveLength(DRAFTS_MAX);
  expect(drafts().all().at(-1).name).toBe("n1");
  expect(mine.keep(named("long", "x".repeat(DRAFT_LENGTH_MAX)), 99)).toBe(false);
});

test("nothing fails where nothing may be kept, or where something else is", () => {
  const forbidden = new Drafts(() => {
    throw new Error("SecurityError");
  });
  expect(forbidden.keep(named("a", "x"), 1)).toBe(false);
  expect(forbidden.all()).toEqual([]);
  const full = new Drafts(() => ({
    getItem: () => '[{"name":1}, null, {"name":"a","text":"t","at":1}]',
    setItem: () => {
      throw new Error("QuotaExceededError");
    },
  }));
  expect(full.all()).toEqual([{ name: "a", text: "t", at: 1 }]);
  expect(full.keep(named("b", "x"), 1)).toBe(false);
  expect(new Drafts(() => ({ ...memory(), getItem: () => "{" })).all()).toEqual([]);
});

test.each([
  ["litmus mail-race\n", "mail-race"],
  ['# first\n  litmus x "doc"', "x"],
  ["thread a {}", ""],
])("the name of %j", (text, name) => {
  expect(nameOf(text)).toBe(name);
});

const around = (now: number) => ({ storage: () => storage, now: () => now });

test("a draft is kept shortly after a change, offered after a reload, and restored", () => {
  const before = new Drafting(around(5), named("a"), false);
  expect(before.offered).toBeUndefined();
  before.edited(named("a", "1"));
  before.edited(named("a", "2"));
  expect(kept()).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(kept()).toEqual(["a: 2"]);
  const after = new Drafting(around(6), named("other"), false);
  expect(after.offered).toEqual({ name: "a", text: named("a", "2"), at: 5 });
  expect(after.restore()).toBe(named("a", "2"));
  expect(after.offered).toBeUndefined();
  after.edited(named("a", "3"));
  after.flush();
  expect(kept()).toEqual(["a: 3"]);
});

test("a link offers only the draft of its name; discarding forgets it, later keeps it", () => {
  const before = new Drafting(around(5), named("a"), false);
  before.edited(named("a", "mine"));
  before.flush();
  expect(new Drafting(around(6), named("other"), true).offered).toBeUndefined();
  const linked = new Drafting(around(6), named("a", "link"), true);
  expect(linked.offered?.text).toBe(named("a", "mine"));
  linked.later();
  expect([linked.offered, kept()]).toEqual([undefined, ["a: mine"]]);
  linked.opened(named("a", "gallery"));
  linked.discard();
  expect([linked.offered, kept()]).toEqual([undefined, []]);
});
