// `render FILE|TOKEN`: a moment of a run as a picture, under one policy or two side by side.

import { writeFile } from "node:fs/promises";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { follow } from "../../model/lock-step.js";
import type { Trace } from "../../trace/trace.js";
import { TokenError, encodeToken } from "../../trace/token.js";
import type { AddCommand, Edge } from "../edge.js";
import { CannotRun } from "../exit.js";
import { checkWritable } from "../files.js";
import { runOrReplay, type Finished } from "../one-run.js";
import { plural } from "../report.js";
import { setupOf } from "../scenario.js";

const EXAMPLES = `
Examples:
  splicelab render litmus/mail.litmus -o mail.svg
  splicelab render litmus/mail-ordered.litmus --schedule client,writer --beside cow -o race.svg
  splicelab render sl1:… --at 12 -o moment.svg`;

/** Pictures wider than this are a mistake. */
const WIDTH_MAX = 8000;
const WIDTH_USUAL = [560, 900];

/** A side of the picture. */
interface Side {
  readonly trace: Trace;
  readonly done: number;
}

/** Adds the command. */
export const addRender: AddCommand = (program, edge) => {
  program
    .command("render")
    .summary("a picture of a moment of a run")
    .description(
      "Draws a moment of a run as an SVG file that needs nothing else: page cache, page tables, folios, pipes, sockets and what the readers got, in light and dark. It carries the run's token.",
    )
    .argument("<file>", "a scenario, - for standard input, or a token")
    .option("-o, --output <file>", "where to write it; default: standard output")
    .option("--policy <policy>", "what splice and its consumers do (list policies); default: linux")
    .option("--beside <policy>", "a second policy, on the same schedule, at the right")
    .option("--profile <profile>", "kernel and file system (list profiles); default: 6.18/ext4")
    .option("--schedule <names>", "who goes next (run --help): names, with commas between")
    .option(
      "--at <step>",
      "how many steps have been done, or end; default: a token's step, or end",
      stepOf,
    )
    .option("--width <pixels>", `default: ${WIDTH_USUAL.join(", or with --beside ")}`, widthOf)
    .addHelpText("after", EXAMPLES)
    .action(async (file, options) => {
      const { output } = options;
      if (output !== undefined) await checkWritable(output);
      const run = await runOrReplay(edge, file, options);
      for (const note of run.notes) edge.err(note);
      const unmodelled = run.core.unmodelled();
      if (unmodelled !== undefined) edge.err(`not modelled: ${unmodelled}`);
      const sides = sidesOf(run, options.at ?? (run.cursor || "end"), options);
      const picture = await draw(edge, run, sides, options.width);
      if (output === undefined) edge.out(picture.trimEnd());
      else await writeFile(output, picture);
    });
};

function stepOf(text: string): number | "end" {
  if (text === "end") return text;
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It is a number of steps, or end.");
  return Number(text);
}

function widthOf(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It is a number of pixels.");
  return Number(text);
}

/** The moment under the policy, and under the one beside it. */
function sidesOf(
  { trace, core, beside }: Finished,
  at: number | "end",
  options: { readonly beside?: string; readonly profile?: string },
): Side[] {
  const last = trace.steps.length;
  const done = at === "end" ? last : at;
  if (done > last)
    throw new CannotRun(
      `--at ${done}: the run has ${plural(last, "step")}`,
      `name a number from 0 to ${last}, or end`,
    );
  const policy = options.beside ?? beside?.policy;
  if (policy === undefined) return [{ trace, done }];
  const own = options.beside === undefined ? beside?.profile : undefined;
  const setup = setupOf(trace.program, {
    profile: own ?? options.profile ?? trace.profile,
    policy,
  });
  const { trace: other, pace } = follow(core, { ...setup, tear: trace.tear ?? false }, trace);
  const [, followed] = pace.findLast(([lead]) => lead === done) ?? [0, 0];
  const isEnd = done === last;
  return [
    { trace, done },
    { trace: other, done: isEnd ? other.steps.length : followed },
  ];
}

async function draw(
  edge: Edge,
  { text }: Finished,
  sides: readonly Side[],
  width: number | undefined,
): Promise<string> {
  const { sceneSvg, pictureWidthMin } = await import("../../viz/svg.js");
  const widthPx = width ?? WIDTH_USUAL[sides.length - 1]!;
  const least = pictureWidthMin(sides.length);
  if (widthPx < least || widthPx > WIDTH_MAX)
    throw new CannotRun(
      `--width ${widthPx}: ${sides.length === 1 ? "a stage" : "two stages"} cannot be drawn so`,
      `name a number from ${least} to ${WIDTH_MAX}`,
    );
  const token = tokenOf(edge, text, sides);
  return sceneSvg({
    sides: sides.map(({ trace, done }) => ({ trace, done, since: Math.max(0, done - 1) })),
    widthPx,
    token,
  });
}

/** The token of all that is drawn. */
function tokenOf(edge: Edge, text: string, sides: readonly Side[]): string | undefined {
  const [{ trace, done }, other] = sides as [Side, Side?];
  const { profile, policy, tear, schedule } = trace;
  const beside = other && { profile: other.trace.profile, policy: other.trace.policy };
  try {
    return encodeToken({
      text,
      profile,
      policy,
      ...(beside && { beside }),
      ...(tear ? { tear } : {}),
      schedule,
      cursor: done,
    });
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    edge.err(`no token: ${error.message}`);
    return undefined;
  }
}
