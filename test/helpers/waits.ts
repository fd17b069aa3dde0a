// Unbounded waits (P4) found by hand: no search, no masks of the core, every schedule.
//
// Interface: waitingTasks, everyWait.

import { Core } from "../../src/model/core.js";
import type { Setup } from "../../src/model/core.js";
import type { World } from "../../src/trace/world.js";

const core = new Core();

/** The tasks that wait for a folio of which a slot or a frag holds a page. Of policies that count. */
export function waitingTasks({ tasks, folios, pipes, sockets }: World): number[] {
  const held = [...pipes.flatMap(({ slots }) => slots), ...sockets.flatMap(({ frags }) => frags)];
  return tasks
    .filter(({ waitsFor }) => {
      const folio = folios.find(({ frame }) => frame === waitsFor);
      if (folio === undefined) return false;
      const end = folio.frame + (1 << folio.order);
      return held.some(({ frame }) => frame >= folio.frame && frame < end);
    })
    .map(({ task }) => task);
}

/** The tasks that wait so in some state that can be reached; undefined above `statesMax` states. */
export function everyWait(setup: Setup, statesMax: number): number[] | undefined {
  core.reset(setup);
  const seen = new Set<string>();
  const waits = new Set<number>();
  const open: Uint8Array[] = [];
  const meet = (): void => {
    const bytes = core.save();
    const name = Buffer.from(bytes).toString("latin1");
    if (seen.has(name)) return;
    seen.add(name);
    open.push(bytes);
    if (core.unmodelled() !== undefined) return;
    for (const task of waitingTasks(core.world())) waits.add(task);
  };
  meet();
  for (let bytes = open.pop(); bytes; bytes = open.pop()) {
    if (seen.size > statesMax) return undefined;
    core.load(bytes);
    if (core.unmodelled() !== undefined || core.isOver()) continue;
    for (const action of core.enabled()) {
      core.load(bytes);
      core.step(action);
      meet();
    }
  }
  return [...waits].sort((a, b) => a - b);
}
