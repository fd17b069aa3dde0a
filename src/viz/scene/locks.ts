// Locks in words: who took or dropped what between two worlds.
//
// Interface: lockPhrases.

import type { Program } from "../../language/program.js";
import type { World } from "../../trace/world.js";
import { threadName } from "./moment.js";

/** One phrase for each lock that changed hands. */
export function lockPhrases(program: Program, before: World, after: World): string[] {
  const [held, holds] = [ownersOf(before), ownersOf(after)];
  const phrases: string[] = [];
  for (const [lock, task] of holds)
    if (held.get(lock) !== task) phrases.push(`${threadName(program, task)} takes ${lock}`);
  for (const [lock, task] of held)
    if (!holds.has(lock)) phrases.push(`${threadName(program, task)} drops ${lock}`);
  return phrases;
}

/** The owner of each lock that is held, by a name for people. */
function ownersOf(world: World): Map<string, number> {
  const owners = new Map<string, number>();
  const note = (lock: string, task: number | undefined): void => {
    if (task !== undefined) owners.set(lock, task);
  };
  for (const inode of world.inodes)
    note(`the i_rwsem of ${inode.name ?? `inode ${inode.inode}`}`, inode.lockedBy);
  for (const folio of world.folios) note(`the folio lock of frame ${folio.frame}`, folio.lockedBy);
  for (const pipe of world.pipes) note(`the mutex of ${pipe.name}`, pipe.lockedBy);
  return owners;
}
