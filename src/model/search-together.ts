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
  /** Takes in chunks, goes on to the next level (but for the first call) and expands it. */
  level(inbox: readonly Uint8Array[]): Promise<Level>;
}

/** A worker on a search of this thread. */
export function localPeer(search: Search, workers: number): Peer {
  let begun = false;
  const level = (inbox: readonly Uint8Array[]): Level => {
    for (const chunk of inbox) search.putInbox(chunk);
    if (begun) search.nextLevel();
    begun = true;
    search.runAll();
    const outboxes = Array.from({ length: workers }, (_, worker) => search.takeOutbox(worker));
    return { facts: search.facts(), outboxes };
  };
  return { level: (inbox) => Promise.resolve(level(inbox)) };
}

/** Searches to the end. `onLevel` may stop the search by returning false. Returns what each worker knows. */
export async function searchTogether(
  peers: readonly Peer[],
  onLevel: (facts: readonly SearchFacts[]) => boolean = () => true,
): Promise<SearchFacts[]> {
  let inboxes: Uint8Array[][] = peers.map(() => []);
  for (;;) {
    const levels = await Promise.all(peers.map((peer, worker) => peer.level(inboxes[worker]!)));
    const facts = levels.map((level) => level.facts);
    inboxes = peers.map((_, to) => levels.flatMap((level) => level.outboxes[to]!));
    const failed = facts.some(({ status }) => status !== "level done");
    const empty = inboxes.every((chunks) => chunks.length === 0);
    if (failed || !onLevel(facts)) return facts;
    if (empty && facts.every(({ frontier }) => frontier === 0)) return facts.map(ended);
  }
}

const ended = (facts: SearchFacts): SearchFacts => ({ ...facts, status: "done" });
