// The built page for tests, bench and screenshots: as `npm run build` makes it, in a folder that is
// named by what it was built from, so that test files share it.
//
// Interface: builtSite.

import { mkdirSync, readdirSync, existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hashOf, inRoot, versionOf } from "../paths.js";

const FOLDER = "build/test-site";
const SOURCES = ["src", "litmus", "assembly/abi", "build/core", "build/grammar", "vite.config.ts"];

/** The folder of the page, built if its sources changed. Two that build at once do it twice. */
export async function builtSite(): Promise<string> {
  const versions = ["vite", "svelte"].map(versionOf);
  const name = hashOf(SOURCES, versions).slice(0, 16);
  const site = inRoot(FOLDER, name);
  if (existsSync(site)) return site;
  const unfinished = `${site}.${process.pid}`;
  await buildInto(unfinished);
  if (existsSync(site)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, site);
  for (const old of readdirSync(inRoot(FOLDER)))
    if (!old.startsWith(name)) rmSync(inRoot(FOLDER, old), { recursive: true, force: true });
  return site;
}

/** Builds the page into a folder, for use and not for work on it, whatever NODE_ENV says here. */
async function buildInto(folder: string): Promise<void> {
  const { build } = await import("vite");
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  try {
    mkdirSync(join(folder, ".."), { recursive: true });
    await build({
      configFile: inRoot("vite.config.ts"),
      logLevel: "error",
      build: { outDir: folder, emptyOutDir: true },
    });
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
}
