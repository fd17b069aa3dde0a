// The hues of writers: told apart by every kind of colour vision, and their values readable.
//
// Colour blindness is simulated with the matrices of Machado, Oliveira and Fernandes, "A Physiologically-based Model for
// Simulation of Color Vision Deficiency" (2009), severity 1.0, on linear RGB; differences are CIEDE2000.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { HUES, lookOf, type WriterKey } from "../../src/viz/scene/content.js";
import { inRoot } from "../../tools/paths.js";

type Triple = readonly [number, number, number];

const VISION: Readonly<Record<string, readonly Triple[] | undefined>> = {
  trichromacy: undefined,
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
/** Two is a just noticeable difference, side by side; these stand apart. */
const DIFFERENCE_MIN = 9;
const CONTRAST_MIN = 4.5;

const css = readFileSync(inRoot("src/viz/app.css"), "utf8");

/** A token's colour, linear. */
function token(name: string, shade: "light" | "dark"): Triple {
  const match = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css);
  const hex = match?.[shade === "light" ? 1 : 2];
  if (hex === undefined) throw new Error(`app.css has no --${name}`);
  return [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;
}

const luminance = ([r, g, b]: Triple): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function contrast(a: Triple, b: Triple): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

const seenBy = (matrix: readonly Triple[] | undefined, rgb: Triple): Triple =>
  matrix === undefined
    ? rgb
    : (matrix.map((row) =>
        Math.min(1, Math.max(0, row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2])),
      ) as unknown as Triple);

function lab([r, g, b]: Triple): Triple {
  const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const DEGREE = Math.PI / 180;

/** CIEDE2000, as in Sharma, Wu and Dalal (2005). */
function ciede2000([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const mean7 = ((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2) ** 7;
  const grey = 1.5 - 0.5 * Math.sqrt(mean7 / (mean7 + 25 ** 7));
  const [c1, c2] = [Math.hypot(a1 * grey, b1), Math.hypot(a2 * grey, b2)];
  const hue = (a: number, b: number): number => (Math.atan2(b, a * grey) / DEGREE + 360) % 360;
  const [h1, h2] = [hue(a1, b1), hue(a2, b2)];
  const turn = ((h2 - h1 + 540) % 360) - 180;
  const dh = 2 * Math.sqrt(c1 * c2) * Math.sin((turn / 2) * DEGREE);
  const [l, c] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const h = Math.abs(h1 - h2) <= 180 ? (h1 + h2) / 2 : ((h1 + h2 + 360) / 2) % 360;
  const cos = (factor: number, shift: number): number => Math.cos((factor * h + shift) * DEGREE);
  const t = 1 - 0.17 * cos(1, -30) + 0.24 * cos(2, 0) + 0.32 * cos(3, 6) - 0.2 * cos(4, -63);
  const [sl, sc] = [1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2), 1 + 0.045 * c];
  const sh = 1 + 0.015 * c * t;
  const rotation = -2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
  const rt = rotation * Math.sin(60 * DEGREE * Math.exp(-(((h - 275) / 25) ** 2)));
  const [x, y, z] = [(l2 - l1) / sl, (c2 - c1) / sc, dh / sh];
  return Math.sqrt(x * x + y * y + z * z + rt * y * z);
}

test("CIEDE2000 gives the published differences", () => {
  expect(ciede2000([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 3);
  expect(ciede2000([50, 2.5, 0], [73, 25, -18])).toBeCloseTo(27.1492, 3);
  expect(ciede2000([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514])).toBeCloseTo(0.9082, 3);
});

const HUE_NAMES = ["initial", "hole", ...Array.from({ length: HUES }, (_, i) => `call-${i}`)];

describe.each(["light", "dark"] as const)("in %s", (shade) => {
  test.each(Object.keys(VISION))("the hues stand apart for %s", (vision) => {
    const colours = HUE_NAMES.map((name) => lab(seenBy(VISION[vision], token(name, shade))));
    for (const [i, a] of colours.entries())
      for (const [j, b] of colours.slice(0, i).entries()) {
        const pair = `${HUE_NAMES[i]} and ${HUE_NAMES[j]}`;
        expect(ciede2000(a, b), pair).toBeGreaterThan(DIFFERENCE_MIN);
      }
  });

  test("values can be read on each of them", () => {
    for (const name of HUE_NAMES)
      expect(contrast(token("ink", shade), token(name, shade)), name).toBeGreaterThan(CONTRAST_MIN);
  });
});

test("64 calls have 64 looks; calls of one hue differ in their pattern", () => {
  const keys = Array.from({ length: HUES * HUES }, (_, i): WriterKey => `call-${i}`);
  const looks = keys.map((key) => JSON.stringify(lookOf(key)));
  expect(new Set(looks).size).toBe(keys.length);
  expect(new Set(keys.map((key) => lookOf(key).hue)).size).toBe(HUES);
  expect(lookOf("hole").pattern).toBe(HUES);
  expect(lookOf("initial").pattern).toBeUndefined();
});
