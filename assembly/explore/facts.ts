// What is known of a search: one block, so that a checkpoint is this block and the chunks.
//
// Interface: facts, violationAt, and the chains: the states, final states, states kept after their chunk is
// gone, the stack of depth first, outboxes for other workers.

import { PROPERTIES } from "../abi/explore";
import { Chain, Numbers } from "./memory";
import { Stack } from "./stack";

/** Workers of one search at most: chains for as many outboxes. */
export const WORKERS_MAX: u32 = 16;

/** Zero before a search. */
@unmanaged
export class Facts {
  order: u32;
  reductions: u32;
  mode: u32;
  /** STATUS_*. */
  status: u32;
  /** This worker, and how many there are; 0 and 1 where there is one. */
  worker: u32;
  workers: u32;
  /** This shard, and how many there are; 0 shards where the search is whole. */
  shard: u32;
  shards: u32;
  /** States of the frontier that was split among the shards, 0 before the split; those of them passed. */
  splitCount: u32;
  splitPassed: u32;
  /** Distinct states, and those that were expanded or left to another shard. */
  states: u64;
  expanded: u64;
  /** Actions performed, towards known states too. */
  transitions: u64;
  /** Breadth first: the present level; depth first: the deepest state expanded. */
  depth: u32;
  finals: u32;
  /** Breadth first: states of the present level not yet expanded, and those of the next. */
  levelLeft: u32;
  levelNext: u32;
  /** Breadth first: the state that was expanded last, 0 before the first. */
  last: u32;
  /** Depth first: the state in work, 0 if none, and its depth. */
  taken: u32;
  takenDepth: u32;
  /** Actions of the state in work that are done. */
  skip: u32;
}

/** What was seen of one property. */
@unmanaged
export class Violation {
  /** Transitions that violate it. */
  count: u64;
  /** The state before the first of them, its action, and the steps up to and with it. */
  state: u32;
  action: u32;
  steps: u32;
  pad: u32;
}

const FACTS_BYTES: u32 = 128;
const CHAIN_BYTES: u32 = 16;
const VIOLATION_BYTES: u32 = 24;
const CHAINS_FROM: u32 = FACTS_BYTES + PROPERTIES * VIOLATION_BYTES;
/** Bytes of the block. */
export const BLOCK_BYTES: u32 = CHAINS_FROM + (5 + WORKERS_MAX) * CHAIN_BYTES;
/** The block. */
export const block: usize = memory.data(BLOCK_BYTES, 8);

export const facts = changetype<Facts>(block);
export const states = changetype<Chain>(block + CHAINS_FROM);
/** One word per final state, its index. */
export const finals = changetype<Chain>(block + CHAINS_FROM + CHAIN_BYTES);
/** Final states of a search that drops its states. */
export const kept = changetype<Chain>(block + CHAINS_FROM + 2 * CHAIN_BYTES);
export const stack = changetype<Stack>(block + CHAINS_FROM + 3 * CHAIN_BYTES);
export const numbers = changetype<Numbers>(block + CHAINS_FROM + 4 * CHAIN_BYTES);

/** States that belong to another worker and were not yet passed on. */
export function outbox(worker: u32): Chain {
  return changetype<Chain>(block + CHAINS_FROM + (5 + worker) * CHAIN_BYTES);
}
export function violationOf(property: u32): Violation {
  return changetype<Violation>(block + FACTS_BYTES + property * VIOLATION_BYTES);
}

/** Everything unknown again; offsetof says whether the block is large enough. */
export function clearFacts(): void {
  if (offsetof<Facts>() > FACTS_BYTES) ERROR("the block is too small for the facts");
  if (offsetof<Violation>() != VIOLATION_BYTES) ERROR("Violation must stay 24 bytes");
  memory.fill(block, 0, BLOCK_BYTES);
}
