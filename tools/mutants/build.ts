// The cores with a defect each: listed from assembly/mutants.ts, compiled one after the other in this
// process (the compiler takes longer to start than to compile), kept until the sources change.
//
// Interface: listMutants, Mutant, mutantCores.
// They are compiled without optimization: their defects are the same, and they are ready sooner.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { hashOf, inRoot, isFresh, markFresh, versionOf } from "../paths.js";

/** One defect that can be built in. */
export interface Mutant {
  readonly number: number;
  /** Its constant: "TEE_WITHOUT_REFERENCE". */
  readonly name: string;
  /** What goes wrong. */
  readonly doc: string;
}

const SOURCE = "assembly/mutants.ts";
const SOURCES = ["assembly", "asconfig.json", "tools/mutants/build.ts"];

/** All defects in the order of their numbers. Throws if the file no longer has its form. */
export function listMutants(): Mutant[] {
  const text = readFileSync(inRoot(SOURCE), "utf8");
  const rows = [...text.matchAll(/\/\*\* (.+) \*\/\nexport const (\w+): i32 = (\d+);/g)];
  const all = rows.map(([, doc, name, number]) => ({
    number: Number(number),
    name: name!,
    doc: doc!,
  }));
  const end = all.pop();
  if (end?.name !== "MUTANTS_END" || all.some(({ number }, i) => number !== i + 1))
    throw new Error(`${SOURCE}: one line of documentation, one constant, counted from 1`);
  if (end.number !== all.length + 1) throw new Error(`${SOURCE}: MUTANTS_END is not one above`);
  return all;
}

const productOf = (number: number): string => `build/mutants/${number}.wasm`;

/** The wasm bytes of the cores with these defects, in the same order; 0 is the core without any. */
export async function mutantCores(numbers: readonly number[]): Promise<Uint8Array[]> {
  mkdirSync(inRoot("build/mutants"), { recursive: true });
  const hash = hashOf(SOURCES, [versionOf("assemblyscript")]);
  const cores: Uint8Array[] = [];
  for (const number of numbers) {
    const product = productOf(number);
    if (!isFresh(`mutant-${number}`, hash, [product])) {
      // Under another name first: a reader at the same time never sees half a file.
      const half = `${inRoot(product)}.${process.pid}`;
      writeFileSync(half, await compile(number));
      renameSync(half, inRoot(product));
      markFresh(`mutant-${number}`, hash);
    }
    cores.push(Uint8Array.from(readFileSync(inRoot(product))));
  }
  return cores;
}

const compilerOptions = (number: number): string[] => [
  inRoot("assembly/index.ts"),
  ...["--config", inRoot("asconfig.json"), "--baseDir", inRoot()],
  ...["--target", "release", "--optimizeLevel", "0", "--shrinkLevel", "0"],
  ...["--use", "CHECKED=0", "--use", `MUTANT=${number}`, "--use", "MACHINE=0"],
  ...["--outFile", "core.wasm"],
];

async function compile(number: number): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  let messages = "";
  const { default: asc } = await import("assemblyscript/asc");
  const { error } = await asc.main(compilerOptions(number), {
    stderr: {
      write: (chunk: Uint8Array | string) => {
        messages += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
      },
    },
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm")) wasm = contents as Uint8Array;
    },
  });
  if (error !== null || wasm === undefined)
    throw new Error(`mutant ${number} does not compile\n${messages}`);
  return wasm;
}
