// Several workers search together, breadth first, level by level. Each owns the states whose hash falls to it;
// between two levels they exchange what they found for each other.
//
// Interface: Peer, a worker as this side sees it; localPeer, one in this thread; searchTogether.

import type { Search, SearchFacts } from "./search.js";

/** What a level gave. */
export interface Level {
  readonly facts: SearchFacts;
  /** Chunks for each worker. */
  readonly outboxes: readonly (readonly Uint8Array[])[];
}

/** A worker: its search was started with its number and the number of workers. */
export interface Peer {
  /** Takes in chunks, goes on to the next level (but for the first call) and expands it, by at most so many
   *  transitions: a level that is cut short is the last. */
  level(inbox: readonly Uint8Array[], transitionsMax: number): Promise<Level>;
}

/** A worker on a search of this thread. */
export function localPeer(search: Search, workers: number): Peer {
  let begun = false;
  const level = (inbox: readonly Uint8Array[], transitionsMax: number): Level => {
    for (const chunk of inbox) search.putInbox(chunk);
    if (begun) search.nextLevel();
    begun = true;
    search.runAll(transitionsMax);
    const outboxes = Array.from({ length: workers }, (_, worker) => search.takeOutbox(worker));
    return { facts: search.facts(), outboxes };
  };
  return { level: (inbox, transitionsMax) => Promise.resolve(level(inbox, transitionsMax)) };
}

/** Searches to the end, or for about so many transitions: of what is left, each worker may do its part of a level,
 *  and the first that would do more ends the search. `onLevel` may stop it by returning false. Returns what each
 *  worker knows. */
export async function searchTogether(
  peers: readonly Peer[],
  onLevel: (facts: readonly SearchFacts[]) => boolean = () => true,
  transitionsMax = Infinity,
): Promise<SearchFacts[]> {
  let left = transitionsMax;
  let inboxes: Uint8Array[][] = peers.map(() => []);
  for (;;) {
    const part = Math.floor(left / peers.length);
    const levels = await Promise.all(
      peers.map((peer, worker) => peer.level(inboxes[worker]!, part)),
    );
    const facts = levels.map((level) => level.facts);
    left = transitionsMax - facts.reduce((sum, { transitions }) => sum + transitions, 0);
    inboxes = peers.map((_, to) => levels.flatMap((level) => level.outboxes[to]!));
    const failed = facts.some(({ status }) => status !== "level done");
    const empty = inboxes.every((chunks) => chunks.length === 0);
    if (failed || !onLevel(facts)) return facts;
    if (empty && facts.every(({ frontier }) => frontier === 0)) return facts.map(ended);
  }
}

const ended = (facts: SearchFacts): SearchFacts => ({ ...facts, status: "done" });
