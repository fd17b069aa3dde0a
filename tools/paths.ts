// Where things are in the repository, and whether what was built from them is still fresh.
//
// Interface: ROOT, inRoot, filesUnder, hashOf, versionOf, isFresh, markFresh, isMain.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** A path of the repository as an absolute path. */
export const inRoot = (...parts: readonly string[]): string => join(ROOT, ...parts);

/** Every file under a folder of the repository, sorted, as paths relative to the root; the file
 *  itself for a file, nothing for what does not exist. */
export function filesUnder(path: string): string[] {
  const full = inRoot(path);
  if (!existsSync(full)) return [];
  const entries = readdirSyncOrSelf(full);
  return entries.map((entry) => relative(ROOT, entry)).sort();
}

function readdirSyncOrSelf(full: string): string[] {
  try {
    return readdirSync(full, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return [full];
    throw error;
  }
}

/** One hash over names and contents of all files under the given paths, and over further words. */
export function hashOf(paths: readonly string[], words: readonly string[] = []): string {
  const hash = createHash("sha256");
  for (const word of words) hash.update(`${word}\0`);
  for (const file of paths.flatMap(filesUnder))
    hash
      .update(`${file}\0`)
      .update(readFileSync(inRoot(file)))
      .update("\0");
  return hash.digest("hex");
}

/** The version of an installed package, or "absent". */
export function versionOf(name: string): string {
  const file = inRoot("node_modules", name, "package.json");
  if (!existsSync(file)) return "absent";
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** Whether `build/stamps/NAME` holds this hash and every product exists. */
export function isFresh(name: string, hash: string, products: readonly string[]): boolean {
  const stamp = inRoot("build/stamps", name);
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== hash) return false;
  return products.every((product) => existsSync(inRoot(product)));
}

/** Records that the products of `name` were built from inputs with this hash. */
export function markFresh(name: string, hash: string): void {
  mkdirSync(inRoot("build/stamps"), { recursive: true });
  writeFileSync(inRoot("build/stamps", name), hash);
}

/** Whether a module is the program that Node was asked to run. */
export const isMain = (moduleUrl: string): boolean =>
  process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(moduleUrl);
