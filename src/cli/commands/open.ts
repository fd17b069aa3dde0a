// `open TOKEN|FILE`: the page at one moment of a run.

import { Core, TooLarge } from "../../model/core.js";
import { traceOf } from "../../model/trace.js";
import { embedForm } from "../../report/embed.js";
import { OPENED, recognise } from "../../report/recognise.js";
import { encodeToken, TokenError } from "../../trace/token.js";
import { tokenOf } from "../../trace/token-found.js";
import type { AddCommand, Edge } from "../edge.js";
import { CannotRun } from "../exit.js";
import { nameOf, readProgram, setupOf, wireOption, withWires, witnessOf } from "../scenario.js";
import type { ModelOptions } from "../scenario.js";
import { decidingRun } from "../explore/deciding.js";
import { serveSite } from "../serve.js";

const EXAMPLES = `
Examples:
  splicelab open litmus/mail-race.litmus
  splicelab open litmus/mail-race.litmus --witness    # the run that decides its condition
  splicelab open sl1:…
  splicelab open picture.svg                     # one that carries its run
  splicelab open sl1:… --at https://example.org/splicelab/
  splicelab open sl1:… --at https://example.org/splicelab/ --embed`;

/** Adds the command. */
export const addOpen: AddCommand = (program, edge) => {
  program
    .command("open")
    .summary("a run or a scenario on the page")
    .description(
      "Serves the page on 127.0.0.1 and prints its address with the run in it; a desktop opens it. A scenario is run call by call, the lowest thread first, unless --witness is given.",
    )
    .argument("<what>", "a token, a scenario, or a file that carries a token; - for standard input")
    .option("--policy <policy>", "of a scenario (list policies); default: linux")
    .option("--profile <profile>", "of a scenario (list profiles); default: 6.18/ext4")
    .addOption(wireOption())
    .option(
      "--witness",
      "of a scenario: search for the run that decides its condition, and show it",
    )
    .option("--at <address>", "the page is there: nothing is served")
    .option("--embed", "print it as an element for another page")
    .addHelpText("after", EXAMPLES)
    .action(async (what, options) => {
      const { token, scenario } = await runOf(edge, what, options);
      const told = (page: string): string => {
        const address = `${page}#${token}`;
        return options.embed === true ? embedForm(address, scenario) : address;
      };
      if (options.at !== undefined) {
        edge.out(told(pageAt(options.at)));
        return;
      }
      await serveSite(edge, (page) => {
        edge.out(told(page));
        edge.err("Ctrl-C ends the page");
        if (options.embed !== true) edge.browse(told(page));
      });
    });
};

interface OpenOptions extends ModelOptions {
  readonly witness?: true | undefined;
}

/** What the page shows. */
interface Shown {
  readonly token: string;
  readonly scenario: string;
}

async function runOf(edge: Edge, what: string, options: OpenOptions): Promise<Shown> {
  const token = tokenOf(what);
  if (token !== undefined) return known(edge, token, options);
  const text = await edge.read(what);
  const found = recognise(what, text);
  if (found.kind === "token") return known(edge, found.token, options);
  if (found.kind === "scenario") return firstRun(edge, what, text, options);
  const why = found.kind === "kernel" ? "it has runs of a kernel: drop it on the page" : found.why;
  throw new CannotRun(`${nameOf(what)} cannot be opened: ${why}`, `name ${OPENED}`);
}

function known(edge: Edge, token: string, options: OpenOptions): Shown {
  const { profile, policy, wire, witness } = options;
  if (witness)
    throw new CannotRun("a token brings its own schedule", "leave --witness out, or name a file");
  if (profile !== undefined || policy !== undefined)
    throw new CannotRun(
      "a token brings its own profile and policy",
      "leave --profile and --policy out; the page can change them",
    );
  if (wire !== undefined)
    throw new CannotRun(
      "a token brings its own wires",
      "leave --wire out, or name a file; run --wire prints a token of the other kind",
    );
  const { name } = readProgram(edge, witnessOf(token).text, "the token's scenario");
  return { token, scenario: name };
}

/** The run of a scenario that decides its condition, if that is asked for, or in the order that `run` takes. */
async function firstRun(
  edge: Edge,
  file: string,
  written: string,
  options: OpenOptions,
): Promise<Shown> {
  const { text, program } = withWires(edge, written, file, options.wire);
  const setup = setupOf(program, options);
  try {
    if (options.witness) {
      const { token, told } = await decidingRun(edge, text, setup);
      edge.err(told);
      if (token !== undefined) return { token, scenario: program.name };
      edge.err("what is shown goes call by call, the lowest thread first");
    }
    const { schedule, profile, policy } = traceOf(new Core(), setup);
    const token = encodeToken({ text, profile, policy, schedule, cursor: 0 });
    return { token, scenario: program.name };
  } catch (error) {
    if (error instanceof TooLarge || error instanceof TokenError)
      throw new CannotRun(error.message);
    throw error;
  }
}

/** The address of a page, without a fragment. Throws CannotRun. */
function pageAt(text: string): string {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  if (address === undefined || !/^(https?|file):$/.test(address.protocol))
    throw new CannotRun(
      `--at: "${text}" is no address of a page`,
      "as in --at https://example.org/",
    );
  address.hash = "";
  return address.href;
}
