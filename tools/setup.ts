// `npm run setup`: installs the Debian packages of tools/apt.txt that are missing. Needs root;
// otherwise prints the one command that does it.
//
// Interface: run directly. Exits 0 if nothing is missing afterwards, else 1.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { inRoot, isMain } from "./paths.js";

/** A package and why it is wanted. */
export interface AptPackage {
  readonly name: string;
  readonly reason: string;
}

/** The rows of tools/apt.txt. */
export function aptPackages(): AptPackage[] {
  return readFileSync(inRoot("tools/apt.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [name = "", reason = ""] = line.split("#").map((part) => part.trim());
      return { name, reason };
    });
}

function isInstalled(name: string): boolean {
  const { stdout } = spawnSync("dpkg-query", ["-W", "-f", "${Status}", name], { encoding: "utf8" });
  return typeof stdout === "string" && stdout.endsWith("ok installed");
}

const missingPackages = (): AptPackage[] => aptPackages().filter(({ name }) => !isInstalled(name));

function install(names: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args: string[]): boolean =>
    spawnSync("apt-get", args, { stdio: "inherit", env }).status === 0;
  return apt("update", "-q") && apt("install", "-q", "-y", "--no-install-recommends", ...names);
}

function main(): number {
  const missing = missingPackages();
  if (missing.length === 0) {
    console.log("setup: every package of tools/apt.txt is installed");
    return 0;
  }
  for (const { name, reason } of missing) console.log(`missing: ${name} (${reason})`);
  const names = missing.map(({ name }) => name);
  if (process.getuid?.() !== 0) {
    console.log(`Run as root: apt-get update && apt-get install -y ${names.join(" ")}`);
    return 1;
  }
  return install(names) && missingPackages().length === 0 ? 0 : 1;
}

if (isMain(import.meta.url)) process.exitCode = main();
