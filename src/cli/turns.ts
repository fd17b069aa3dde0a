// Whose turn it is: the names of --schedule.
//
// Interface: turnsOf, threadsOf, NamedTurn, SCHEDULE_HELP. A thread or a chain by its name or number; what the kernel does on its
// own as lanes call it, with blanks or dashes, `nic w` or `nic-w`, and with `:transmit` where one of its steps alone is meant.

import type { Program } from "../language/program.js";
import type { Core, Setup } from "../model/core.js";
import type { Turn } from "../model/turns.js";
import type { BackgroundView } from "../trace/world.js";
import { CannotRun } from "./exit.js";

/** How --schedule is read, for --help. */
export const SCHEDULE_HELP = `
--schedule names who goes next, with commas between: a thread starts its next call, a chain of io_uring its next request, and
what the kernel does on its own takes its next step: nic-w, receiver-of-w, timer-of-s.a, writeback-of-page-0-of-f, as lanes call
them, with dashes for the blanks; nic-w:retransmit where it has several steps. Chains and the kernel's own actions go by
themselves unless the schedule names them; then they wait for their turns, until it is over. A timer goes last by itself.`;

/** A turn as it was written. */
export interface NamedTurn {
  readonly name: string;
  readonly turn: Turn;
}

/** The turns that a --schedule option names. The core is reset. Throws CannotRun. */
export function turnsOf(core: Core, setup: Setup, schedule: string | undefined): NamedTurn[] {
  const words = wordsOf(schedule);
  if (words.length === 0) return [];
  core.reset(setup);
  const { program } = setup;
  const actions = core.actions();
  return words.map((word) => {
    const turn = threadOf(program, word) ?? actionsOf(actions, word);
    if (turn !== undefined) return { name: word, turn };
    const names = actions.map(({ name }) => dashed(name));
    throw unknown(program, word, names);
  });
}

/** The same where threads alone have turns: on a kernel. Throws CannotRun. */
export function threadsOf(program: Program, schedule: string): number[] {
  return wordsOf(schedule).map((word) => {
    const thread = threadOf(program, word);
    if (thread === undefined) throw unknown(program, word, []);
    if (program.threads[thread]!.chain === undefined) return thread;
    throw new CannotRun(
      `--schedule: the kernel starts the requests of chain ${word} by itself`,
      "leave it out",
    );
  });
}

const wordsOf = (schedule: string | undefined): string[] =>
  schedule === undefined || schedule === "" ? [] : schedule.split(",").map((word) => word.trim());

function threadOf({ threads }: Program, word: string): number | undefined {
  const named = threads.findIndex(({ name }) => name === word);
  const index = named >= 0 ? named : /^\d+$/.test(word) ? Number(word) : -1;
  return index >= 0 && index < threads.length ? index : undefined;
}

/** "nic w: transmit" as one word: "nic-w:transmit". */
const dashed = (name: string): string => name.replaceAll(/:\s+/g, ":").replaceAll(/\s+/g, "-");

/** All actions of a name, or the one of a step of it. */
function actionsOf(actions: readonly BackgroundView[], word: string): number[] | undefined {
  const asked = dashed(word);
  const found = actions.filter(({ name, step }) =>
    [dashed(name), dashed(`${name}:${step}`)].includes(asked),
  );
  return found.length === 0 ? undefined : found.map(({ action }) => action);
}

function unknown({ threads }: Program, word: string, actions: readonly string[]): CannotRun {
  const names = [...threads.map(({ name }) => name), ...new Set(actions)];
  const what = actions.length === 0 ? "thread" : "thread, chain or action of the kernel's own";
  return new CannotRun(
    `--schedule: there is no ${what} "${word}"`,
    `name one of ${names.join(", ")}`,
  );
}
