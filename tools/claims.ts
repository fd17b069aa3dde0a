// `npm run docs` writes docs/claims.md with this: what the corpus claims, where the kernel decides it, and on which
// profiles it holds.
//
// Interface: CLAIMS_PAGE, claimsPage; run directly it writes the file. A test fails while it is stale.
// A scenario is on the page if it has a comment "# Kernel: …" that names the place; it claims one thing, in its text.

import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, relative } from "node:path";
import { parseProgram } from "../src/language/parse-program.js";
import { PROFILES } from "../src/model/profiles.js";
import { buildSources } from "./build-sources.js";
import { generated } from "./generated.js";
import { filesUnder, inRoot, isMain } from "./paths.js";

/** Where the page is kept, from the root. */
export const CLAIMS_PAGE = "docs/claims.md";

const HOW = `"npm run docs" writes it from the scenarios in litmus/ and from runs of the model.`;

const INTRODUCTION = `# What is claimed

Each line is a scenario that claims one thing about Linux: what a call returns, or what the consumer of a page gets that
travelled by reference. A mark says that the model has it so with that profile, under policy \`linux\`, in every order of the
calls; a dash, that it is otherwise there. \`splicelab test litmus --on kernel --fs all\` compares all of them with the kernel of
the machine that it runs on, on each file system.`;

interface Row {
  readonly folder: string;
  readonly file: string;
  readonly claim: string;
  readonly kernel: string;
  /** Whether it holds, for each profile. */
  readonly holds: readonly boolean[];
}

/** The text of the page. */
export async function claimsPage(): Promise<string> {
  const { claimsOf } = await import("../src/cli/corpus.js");
  const rows = filesUnder("litmus").flatMap((file): Row[] => {
    if (!file.endsWith(".litmus")) return [];
    const text = readFileSync(inRoot(file), "utf8");
    const kernel = /^# Kernel: (.+)$/m.exec(text)?.[1];
    if (kernel === undefined) return [];
    const { program } = parseProgram(text);
    if (program === undefined) throw new Error(`${file} is no scenario`);
    const seen = claimsOf(program, { policy: "linux" });
    const holds = PROFILES.map(({ name }) => {
      const { lines } = seen.find(({ profile }) => profile === name)!;
      return lines.includes("Condition holds") && !lines.some((line) => /^Unexpected /.test(line));
    });
    const claim = program.doc.replaceAll("\n", " ");
    return [{ folder: basename(dirname(file)), file, claim, kernel, holds }];
  });
  const folders = [...new Set(rows.map(({ folder }) => folder))];
  const parts = folders.map((folder) =>
    section(
      folder,
      rows.filter((row) => row.folder === folder),
    ),
  );
  const count = `${rows.length} claims, by the folders of the corpus.`;
  return generated(["tools/claims.ts"], [INTRODUCTION, count, ...parts].join("\n\n"), HOW);
}

function section(folder: string, rows: readonly Row[]): string {
  const head = ["claim", ...PROFILES.map(({ name }) => name), "decided in", "scenario"];
  const lines = rows.map(({ claim, holds, kernel, file }) => [
    claim.replaceAll("|", "\\|"),
    ...holds.map((each) => (each ? "✓" : "–")),
    kernel
      .split(/[,;] /)
      .map((place) => `\`${place}\``)
      .join(", "),
    `[${basename(file, ".litmus")}](${relative("docs", file)})`,
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    `## ${folder}`,
    "",
    line(head),
    `|${"---|".repeat(head.length)}`,
    ...lines.map(line),
  ].join("\n");
}

if (isMain(import.meta.url)) {
  await buildSources();
  writeFileSync(inRoot(CLAIMS_PAGE), await claimsPage());
}
