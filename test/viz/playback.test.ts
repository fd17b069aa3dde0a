// The playhead: src/viz/playback.svelte.ts.

import { expect, test } from "vitest";
import { Playback } from "../../src/viz/playback.svelte.js";
import { fixtureRun } from "./fixture.js";

const playback = () => new Playback(fixtureRun());

test("call by call: five presses to the end, five back to the start", () => {
  const p = playback();
  for (let call = 1; call <= 5; call++) {
    p.step();
    expect([p.stop, p.atEnd]).toEqual([call, call === 5]);
  }
  p.step();
  expect(p.stop).toBe(5);
  for (let call = 4; call >= 0; call--) {
    p.back();
    expect(p.stop).toBe(call);
  }
  p.back();
  expect([p.moment, p.atStart]).toEqual([0, true]);
});

test("every step: each press is one moment", () => {
  const p = playback();
  p.setGrain("step");
  p.step();
  p.step();
  expect(p.current.done).toEqual([2, 2]);
  expect(p.before.done).toEqual([1, 1]);
});

test("scrubbing rests at the nearest stop", () => {
  const p = playback();
  const [, first] = p.stops;
  p.seek(first! - 1);
  expect(p.moment).toBe(first);
  p.seek(1);
  expect(p.moment).toBe(0);
  p.seek(Infinity);
  expect(p.atEnd).toBe(true);
});

test("a coarser grain never goes forward", () => {
  const p = playback();
  p.setGrain("step");
  for (let i = 0; i < 9; i++) p.step();
  p.setGrain("call");
  expect([p.stop, p.current.endsCall]).toEqual([1, true]);
});

test("play starts over at the end, and stops there", () => {
  const p = playback();
  p.seek(Infinity);
  p.toggle();
  expect([p.playing, p.moment]).toEqual([true, 0]);
  for (let i = 0; i < 6; i++) p.step();
  expect([p.playing, p.atEnd]).toEqual([false, true]);
});

test("leaps go from one moment worth a look to the next, and back", () => {
  const p = playback();
  const seen: string[][] = [];
  for (let at = -1; at !== p.moment;) {
    at = p.moment;
    p.leap(1);
    if (at !== p.moment) seen.push([...p.interests[p.moment]!]);
  }
  const writes = [["copy"], ["write"], ["copy"], ["write"]];
  expect(seen).toEqual([["share"], ["share"], ...writes, ["change"], ["change"]]);
  p.leap(-1);
  expect([...p.interests[p.moment]!]).toEqual(["change"]);
});

test("another run is shown where its first side has done as much", () => {
  const p = playback();
  p.setGrain("step");
  p.step();
  p.step();
  p.show(fixtureRun(), p.current.done[0]!);
  expect(p.current.done).toEqual([2, 2]);
});
