// Compiles assembly/ to wasm. For Node the bytes are ES modules, compressed, so that one import is all; the page and its workers
// fetch the wasm files.
//
// Interface: buildCore (bytes of one variant), buildCores (build/core/*, skipped when fresh),
// checkCore (types only). Run directly: builds what is stale; --force builds all.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { hashOf, inRoot, isFresh, isMain, markFresh, versionOf } from "./paths.js";
import { runTool } from "./run-tool.js";

/** Which core to build. */
export interface CoreVariant {
  /** Trap on every access outside the declared sets of the running step. */
  readonly checked: boolean;
  /** The number of the defect to build in; 0 for none. */
  readonly mutant: number;
  /** Where to write the wasm file, if anywhere. */
  readonly outFile?: string;
  /** The machine behind the search (assembly/explore/machine.ts); the core if absent. */
  readonly machine?: number;
  /** The source to compile, relative to the root; assembly/index.ts if absent. */
  readonly entry?: string;
}

interface Compiled {
  readonly wasm: Uint8Array;
  readonly types: string;
}

const MODULES = ["release", "debug", "calibration"];
const PRODUCTS = [
  "page.wasm",
  "release.wasm",
  ...MODULES.flatMap((name) => [`${name}.js`, `${name}.d.ts`]),
  "exports.d.ts",
  "calibration-exports.d.ts",
].map((file) => `build/core/${file}`);

/** The core that the page steps, without the search: a third less to fetch. */
const PAGE = { checked: false, mutant: 0, entry: "assembly/stepping.ts" };

/** The calibration machine: assembly/calibration/ behind the same search. */
const CALIBRATION = {
  checked: false,
  mutant: 0,
  machine: 1,
  entry: "assembly/calibration/index.ts",
};

/** Compiles one variant and returns the wasm bytes. Asserts are on in every variant.
 *  Throws an Error with the compiler's messages. */
export async function buildCore(variant: CoreVariant): Promise<Uint8Array> {
  const { wasm } = await compile(variant, []);
  if (variant.outFile !== undefined) writeFileSync(variant.outFile, wasm);
  return wasm;
}

/** Type-checks assembly/ with the AssemblyScript compiler. Throws as buildCore. */
export async function checkCore(): Promise<void> {
  await compile({ checked: true, mutant: 0 }, ["--noEmit"]);
  await compile(CALIBRATION, ["--noEmit"]);
}

/** Builds build/core/ unless it is fresh; says whether it did. */
export async function buildCores(force = false): Promise<boolean> {
  const hash = hashOf(
    ["assembly", "asconfig.json", "tools/build-core.ts"],
    [versionOf("assemblyscript")],
  );
  if (!force && isFresh("core", hash, PRODUCTS)) return false;
  const emit = ["--bindings", "raw"];
  const [release, page, debug, calibration] = await Promise.all([
    compile({ checked: false, mutant: 0 }, emit),
    compile(PAGE, emit),
    compile({ checked: true, mutant: 0 }, emit),
    compile(CALIBRATION, emit),
  ]);
  writeModule("release", release.wasm);
  writeProduct("page.wasm", page.wasm);
  writeProduct("release.wasm", release.wasm);
  writeModule("debug", debug.wasm);
  writeModule("calibration", calibration.wasm);
  writeProduct("exports.d.ts", exportTypes("CoreExports", release.types));
  writeProduct("calibration-exports.d.ts", exportTypes("CalibrationExports", calibration.types));
  markFresh("core", hash);
  return true;
}

/** Runs the compiler as a process of its own: it is a large program, loaded fastest by plain Node. */
async function compile(variant: CoreVariant, emit: readonly string[]): Promise<Compiled> {
  const folder = mkdtempSync(join(tmpdir(), "splicelab-core-"));
  try {
    const messages = await runTool("asc", [
      variant.entry ?? "assembly/index.ts",
      ...["--config", "asconfig.json", "--target", variant.checked ? "debug" : "release"],
      ...["--use", `CHECKED=${variant.checked ? 1 : 0}`, "--use", `MUTANT=${variant.mutant}`],
      ...["--use", `MACHINE=${variant.machine ?? 0}`],
      ...["--outFile", join(folder, "core.wasm"), ...emit],
    ]);
    if (messages !== "") process.stderr.write(messages);
    const product = (name: string): Buffer =>
      existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : Buffer.alloc(0);
    return { wasm: Uint8Array.from(product("core.wasm")), types: product("core.d.ts").toString() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** asc's declarations of the exports, as the members of one interface. */
function exportTypes(name: string, bindings: string): string {
  const members = /declare namespace __AdaptedExports \{\n([\s\S]*?)\n\}/.exec(bindings)?.[1];
  if (members === undefined) throw new Error("asc's bindings no longer have the expected form");
  const body = members
    .replaceAll(/^( *)export function /gm, "$1")
    .replaceAll(/^( *)export const (\w+): \{/gm, "$1readonly $2: {")
    .replaceAll(/^( *)export const /gm, "$1readonly ");
  return `/** The raw exports of this core, as the compiler declares them. */
export interface ${name} {
${body}
}
`;
}

function writeModule(name: string, wasm: Uint8Array): void {
  const text = brotliCompressSync(wasm).toString("base64");
  writeProduct(
    `${name}.js`,
    `import { brotliDecompressSync } from "node:zlib";\nexport default Uint8Array.from(brotliDecompressSync(Buffer.from("${text}", "base64")));\n`,
  );
  writeProduct(
    `${name}.d.ts`,
    "/** The wasm bytes of the core. */\ndeclare const bytes: Uint8Array<ArrayBuffer>;\nexport default bytes;\n",
  );
}

/** Writes under a temporary name first: a reader never sees half a file. */
function writeProduct(name: string, content: string | Uint8Array): void {
  const path = inRoot("build/core", name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, content);
  renameSync(`${path}.${process.pid}`, path);
}

if (isMain(import.meta.url)) {
  const built = await buildCores(process.argv.includes("--force"));
  console.log(built ? "core: built" : "core: fresh");
}
