// Who waits for a folio until nobody outside the page cache holds it, and who holds it, in words.
//
// Interface: waitIn, Wait, waitText.

import { callsOf } from "../language/program.js";
import type { CallId, Program } from "../language/program.js";
import type { World } from "../trace/world.js";

/** A task that waits. */
export interface Wait {
  readonly call: CallId;
  readonly thread: string;
  readonly syscall: string;
  /** "pipe p", "socket s.b", "wire w": what holds the folio, and need not let it go. */
  readonly holders: readonly string[];
}

/** What a task waits for at a moment; undefined where it waits for no folio. */
export function waitIn(program: Program, world: World, task: number): Wait | undefined {
  const { call, waitsFor } = world.tasks[task]!;
  if (call === undefined || waitsFor === undefined) return undefined;
  const folio = world.folios.find(({ frame }) => frame === waitsFor);
  const end = waitsFor + (1 << (folio?.order ?? 0));
  const holds = ({ frame }: { readonly frame: number }): boolean =>
    frame >= waitsFor && frame < end;
  const pipes = world.pipes.filter(({ slots }) => slots.some(holds));
  const sockets = world.sockets.filter(({ frags }) => frags.some(holds));
  return {
    call,
    thread: program.threads[task]!.name,
    syscall: callsOf(program)[call]!.syscall,
    holders: [
      ...pipes.map(({ name }) => (name.startsWith("pipe ") ? name : `pipe ${name}`)),
      ...sockets.map(({ name, wire }) => `${wire === undefined ? "socket" : "wire"} ${name}`),
    ],
  };
}

/** "writer's pwrite waits for a folio that pipe p holds". */
export function waitText({ thread, syscall, holders }: Wait): string {
  const who = `${thread}'s ${syscall} waits for a folio`;
  if (holders.length === 0)
    return `${who} that is marked, though nobody outside the page cache holds it`;
  return `${who} that ${holders.join(" and ")} ${holders.length === 1 ? "holds" : "hold"}`;
}
