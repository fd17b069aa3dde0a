// Shards put together: the JSON that `explore --shard i/n --json` printed, in any order.
//
// Interface: mergeShards.

import * as v from "valibot";
import { observe } from "../../compare/observe.js";
import { Core } from "../../model/core.js";
import type { Setup } from "../../model/core.js";
import { outcomeKey } from "../../trace/outcome-key.js";
import type { Edge } from "../edge.js";
import { CannotRun } from "../exit.js";
import { exploreSchema } from "../json.js";
import type { Witness } from "../../model/wanted-witnesses.js";
import type { SearchResult, Seen, SeenWait } from "./result.js";
import { seenWait } from "./witness.js";

type Part = v.InferOutput<typeof exploreSchema>;

/** The result of all shards of a search together. Outcomes are run again from their witnesses, so that nothing is
 *  believed but schedules. Throws CannotRun. */
export async function mergeShards(
  edge: Edge,
  setup: Setup,
  hash: string,
  files: readonly string[],
): Promise<SearchResult> {
  const parts: Part[] = [];
  for (const file of files) parts.push(partOf(file, await edge.read(file), hash));
  const core = new Core();
  const seen = new Map<string, Seen>();
  for (const part of parts)
    for (const outcome of part.outcomes) {
      const again = seenAgain(core, setup, outcome);
      if (cheaper(again, seen.get(again.key))) seen.set(again.key, again);
    }
  const waits = new Map<number, SeenWait>();
  for (const part of parts)
    for (const each of part.waits ?? []) {
      const again = waitAgain(core, setup, each);
      if (cheaper(again, waits.get(again.task))) waits.set(again.task, again);
    }
  const [word, because] = wordOf(parts);
  const seconds = parts.reduce((sum, part) => sum + part.seconds, 0);
  const found = { outcomes: [...seen.values()], waits: [...waits.values()] };
  return { word, because, ...found, seconds };
}

function partOf(file: string, text: string, hash: string): Part {
  const parsed = v.safeParse(exploreSchema, jsonOf(text));
  if (!parsed.success)
    throw new CannotRun(
      `${file} is no output of explore --json`,
      "print it with --shard i/n --json",
    );
  if (parsed.output.hash !== hash)
    throw new CannotRun(`${file} is about another scenario, profile or policy`);
  return parsed.output;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function seenAgain(core: Core, setup: Setup, outcome: Part["outcomes"][number]): Seen {
  const { witness } = outcome;
  const again = replay(core, setup, witness);
  const run = core.outcome();
  return {
    key: outcomeKey(run),
    outcome: run,
    shows: observe(setup.program, run),
    witness: again,
  };
}

function waitAgain(core: Core, setup: Setup, wait: NonNullable<Part["waits"]>[number]): SeenWait {
  const task = setup.program.threads.findIndex(({ name }) => name === wait.thread);
  const witness = replay(core, setup, wait.witness);
  if (core.world().tasks[task]?.waitsFor === undefined)
    throw new CannotRun("a witness of a shard does not end in a wait");
  return seenWait(core, setup, task, witness);
}

/** Runs a witness of a shard; the core is left at its end. */
function replay(core: Core, setup: Setup, witness: Part["outcomes"][number]["witness"]): Witness {
  if (witness === undefined)
    throw new CannotRun(
      "an outcome has no witness, so it cannot be run again",
      "print the shards with --witness all, and not by --fingerprints",
    );
  core.reset(setup);
  for (const task of witness.schedule) {
    if (!core.enabled().includes(task)) throw new CannotRun("a witness of a shard does not replay");
    core.step(task);
  }
  const { minimal, preemptions, schedule } = witness;
  return { minimal, preemptions, schedule };
}

/** Anything with a witness. */
type Witnessed = Pick<Seen, "witness">;

const cheaper = (a: Witnessed, b: Witnessed | undefined): boolean =>
  b?.witness === undefined || (a.witness?.minimal === true && !b.witness.minimal);

/** Complete if every shard of one split is there and was searched to its end. */
function wordOf(parts: readonly Part[]): [SearchResult["word"], string] {
  const unmodelled = parts.find((part) => part.verdict === "unmodelled");
  if (unmodelled) return ["unmodelled", unmodelled.because];
  const count = parts[0]?.shard?.shards ?? 0;
  const whole = new Set(
    parts.flatMap(({ shard }) => (shard?.whole && shard.shards === count ? [shard.shard] : [])),
  );
  if (count > 0 && whole.size === count)
    return ["complete", `all ${count} shards, with this profile and policy`];
  return ["bounded", `${whole.size} of ${count} shards are whole`];
}
