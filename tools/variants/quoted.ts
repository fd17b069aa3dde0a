// What docs/variants.md, docs/samba.md and docs/surprises.md quote: what the command prints about a policy and a scenario, and what a run costs.
//
// Interface: explored, replayed, rested, linesOf, fileOf; console, table; Explored, Rested.
// The command runs in this process, so that the page says what a reader gets who types it.

import { readFileSync } from "node:fs";
import picocolors from "picocolors";
import { runCommand } from "../../src/cli/command.js";
import type { Edge } from "../../src/cli/edge.js";
import { parseProgram } from "../../src/language/parse-program.js";
import { Core } from "../../src/model/core.js";
import { parsePolicy } from "../../src/model/policies.js";
import { parseProfile } from "../../src/model/profiles.js";
import { traceOf } from "../../src/model/trace.js";
import { ENVIRONMENT } from "../../src/trace/environment.js";
import type { Price } from "../../src/trace/price.js";
import type { FolioView } from "../../src/trace/world.js";
import { inRoot } from "../paths.js";

/** One exploration. */
export interface Explored {
  /** The command, as it is typed. */
  readonly command: string;
  /** What it prints, but for the line of the clock and the token. */
  readonly lines: readonly string[];
  readonly positive: number;
  readonly negative: number;
  /** Of the witness that is shown, if one is. */
  readonly token?: string;
}

/** Where a scenario of litmus/ is kept, from the root. */
export const fileOf = (scenario: string): string => `litmus/${scenario}.litmus`;

/** Explores a scenario. Throws where the search or the witness is not complete: then there is nothing to quote. */
export async function explored(
  scenario: string,
  policy: string,
  flags: readonly string[] = [],
): Promise<Explored> {
  const args = ["explore", fileOf(scenario), "--policy", policy, ...flags];
  const printed = await linesOf(args);
  const command = `npx splicelab ${args.join(" ")}`;
  const text = printed.join("\n");
  const counts = /^Positive: (\d+) Negative: (\d+)$/m.exec(text);
  if (counts === null || !text.includes("\nVerdict complete: "))
    throw new Error(`not complete: ${command}\n${text}`);
  if (text.includes("[short: ")) throw new Error(`a witness is not minimal: ${command}\n${text}`);
  const token = printed.find((line) => line.startsWith("sl1:"));
  return {
    command,
    lines: printed.filter((line) => !line.startsWith("Time ") && line !== token),
    positive: Number(counts[1]),
    negative: Number(counts[2]),
    ...(token === undefined ? {} : { token }),
  };
}

/** The sentence in which `run TOKEN` says why a consumer got other bytes. */
export async function replayed(token: string): Promise<string> {
  const lines = await linesOf(["run", token]);
  const why = lines.find((line) => / got .* where .* had put /.test(line));
  if (why === undefined) throw new Error(`the token shows no race:\n${lines.join("\n")}`);
  return why;
}

/** A folio when its pipe is empty again, and what the whole run costs. */
export interface Rested {
  readonly folio: FolioView;
  readonly price: Price;
}

/** Runs a scenario of one thread in its order; `folio` is the one of page 0 of its file after the first read. */
export function rested(scenario: string, policy: string, profile: string): Rested {
  const { program } = parseProgram(readFileSync(inRoot(fileOf(scenario)), "utf8"));
  const trace = traceOf(new Core(), {
    program: program!,
    policy: parsePolicy(policy),
    profile: parseProfile(profile),
    environment: ENVIRONMENT,
  });
  const read = program!.threads[0]!.calls.find(({ syscall }) => syscall === "read")!.id;
  const returned = trace.steps.find(({ events }) =>
    events.some((event) => event.kind === "call-return" && event.call === read),
  )!;
  const folio = returned.world.folios.find(({ cachedAt }) => cachedAt?.index === 0)!;
  return { folio, price: trace.price! };
}

/** What a command line prints to standard output. Throws where it could not run. */
export async function linesOf(args: readonly string[]): Promise<string[]> {
  const out: string[] = [];
  const refused = (): never => {
    throw new Error("a command of this page asks for nothing");
  };
  const edge: Edge = {
    out: (line) => void out.push(...line.split("\n")),
    err: (line) => void process.stderr.write(`${line}\n`),
    read: (file) => Promise.resolve(readFileSync(inRoot(file), "utf8")),
    lines: refused,
    prompt: refused,
    inOwnMounts: refused,
    helper: refused,
    progress: () => undefined,
    progressDone: () => undefined,
    interactive: false,
    colors: picocolors.createColors(false),
    signal: new AbortController().signal,
    browse: refused,
    now: () => 0,
    today: refused,
    dice: refused,
  };
  const code = await runCommand(args, edge);
  if (code > 1) throw new Error(`splicelab ${args.join(" ")} ended with ${code}`);
  return out;
}

/** A block of what a command prints; the first line is the command. */
export const console = (lines: readonly string[]): string =>
  ["```console", `$ ${lines[0]!}`, ...lines.slice(1), "```"].join("\n");

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}
