// The installed package: its version and the files that it ships.
//
// Interface: packageFile, packageVersion.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json, whether this runs from src/ or from dist/. */
function packageFolder(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, "package.json"))) {
    if (dirname(at) === at) throw new Error("the package's own files are missing");
    at = dirname(at);
  }
  return at;
}

/** The path of a file of the package. */
export const packageFile = (...parts: readonly string[]): string => join(packageFolder(), ...parts);

/** The version in package.json. */
export function packageVersion(): string {
  const text = readFileSync(packageFile("package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
