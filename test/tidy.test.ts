// The structure of the repository, where no linter sees it.

import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ROOT, filesUnder, inRoot } from "../tools/paths.js";

const LINES_MAX = 400;

const IGNORED = ["node_modules", "build", "dist", "coverage", ".git"];

/** Every file of the repository that is not made by a build. */
const files = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => !IGNORED.includes(entry.name) && !entry.name.endsWith(".tgz"))
  .flatMap((entry) => filesUnder(entry.name));

const sources = files.filter((file) => /\.(ts|svelte|c|h|js|cjs|css)$/.test(file));
const text = (file: string): string => readFileSync(inRoot(file), "utf8");

/** The files in which a pattern occurs, with the first place. */
const found = (among: readonly string[], pattern: RegExp): string[] =>
  among.flatMap((file) => {
    const match = pattern.exec(text(file));
    return match === null ? [] : [`${file}: ${match[0]}`];
  });

describe("the tree", () => {
  test("has sources to look at", () => {
    expect(sources.length).toBeGreaterThan(100);
  });

  test(`has no source file above ${LINES_MAX} lines`, () => {
    const long = sources.filter((file) => text(file).split("\n").length - 1 > LINES_MAX);
    expect(long).toEqual([]);
  });

  test("has a clock and dice at the edge only", () => {
    const edge = /^(src\/cli\/main\.ts|tools\/bench\/.*|test\/tidy\.test\.ts|eslint\.config\.js)$/;
    const inner = sources.filter((file) => !edge.test(file));
    expect(found(inner, /\bMath\.random\(|\bDate\.now\(|\bnew Date\(\)/)).toEqual([]);
  });

  test("names no path of one person's machine", () => {
    const readable = files.filter((file) => !file.endsWith("package-lock.json"));
    expect(found(readable, /(^|[\s"'`(=:])\/(home|root|work|Users)\/\w+/m)).toEqual([]);
  });

  test("opens every file but the tests with what it is for", () => {
    const code = sources.filter((file) => /\.(ts|c|h)$/.test(file) && !/\.test\.ts$/.test(file));
    const bare = code.filter((file) => !/^(#!.*\n)?\s*(\/\/|\/\*)/.test(text(file)));
    expect(bare).toEqual([]);
  });

  test("has an address of no registry in the lock file", () => {
    expect(found(["package-lock.json"], /"resolved"/)).toEqual([]);
  });

  test("pins every dependency to one version, peers and ranges of libraries apart", () => {
    const manifest = JSON.parse(text("package.json")) as Record<string, Record<string, string>>;
    const pins = Object.entries({ ...manifest["dependencies"], ...manifest["devDependencies"] });
    expect(pins.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});

describe("the packages of the system", () => {
  test("each have a reason", () => {
    const rows = text("tools/apt.txt")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toMatch(/^[a-z0-9.+-]+ +# \S/);
  });
});
