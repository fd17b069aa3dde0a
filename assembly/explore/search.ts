// The search: from the machine's present state to every state that it can reach.
//
// Breadth first the arena is the queue; depth first a stack names the states that wait. Work is done in batches
// (batch.ts), which are committed result by result, in order: so a search can stop between any two results,
// and a search in slices, an interrupted and resumed one and a whole one are the same search.
// Interface: exploreStart, exploreRun; exploreOwn, exploreShard, exploreLevel. What is known: report.ts.
// Not modelled: cycles are not looked for; a state without an enabled action is final.

import {
  MODE_FINGERPRINT,
  ORDER_DEPTH,
  REDUCE_FRAMES,
  REDUCE_THREADS,
  STATUS_DONE,
  STATUS_LEVEL_DONE,
  STATUS_OUT_OF_MEMORY,
  STATUS_RUNNING,
  STATUS_TOO_LARGE,
} from "../abi/explore";
import { WORDS_MAX, entryWord, hashOf, wordsOf } from "./arena";
import { batchBytes, clearBatch, count, expand, prefetch, skipState, startBatch } from "./batch";
import { commit, ownerOf, visit } from "./commit";
import { WORKERS_MAX, clearFacts, facts, numbers, stack, states } from "./facts";
import {
  machineBytes,
  machineCanonical,
  machineEnd,
  machinePack,
  machinePackedMax,
  machineRoom,
  machineStart,
} from "./machine";
import { claim, firstIndex, nextIndex, startMemory } from "./memory";
import { pop } from "./stack";
import { startTable } from "./table";

let workerNext: u32 = 0;
let workersNext: u32 = 1;
/** Where a state is packed that does not come from a batch. */
let scratch: usize = 0;
let packedMost: u32 = 0;
let distributed: bool = false;

/** The next search is one of several workers, each of which owns the states whose hash falls to it. */
export function exploreOwn(worker: u32, workers: u32): void {
  assert(worker < workers && workers <= WORKERS_MAX, "a worker is one of at most 16");
  workerNext = worker;
  workersNext = workers;
}

/** Begins a search at the machine's present state. `order`, `reductions`, `mode`: abi/explore.ts;
 *  `bytesMax` bounds the memory of the search. Returns STATUS_RUNNING, or why it cannot begin. */
export function exploreStart(order: u32, reductions: u32, mode: u32, bytesMax: f64): u32 {
  assert(order != ORDER_DEPTH || mode != MODE_FINGERPRINT, "fingerprints are breadth first");
  assert(order != ORDER_DEPTH || workersNext == 1, "several workers search breadth first");
  if (!prepare(order, reductions, mode, bytesMax)) return facts.status;
  if (!startTable(mode, 0)) return stop(STATUS_OUT_OF_MEMORY);
  const words = packPresent();
  if (words > WORDS_MAX) return stop(STATUS_TOO_LARGE);
  const hash = hashOf(scratch, words);
  if (ownerOf(hash) != facts.worker) return facts.status;
  if (!visit(hash, scratch, words, entryWord(0, 0, facts.worker, words)))
    return stop(STATUS_OUT_OF_MEMORY);
  facts.levelLeft = facts.levelNext;
  facts.levelNext = 0;
  return facts.status;
}

/** Lays out the memory of a search whose first state is the present one. */
export function prepare(order: u32, reductions: u32, mode: u32, bytesMax: f64): bool {
  clearFacts();
  facts.order = order;
  facts.reductions = reductions;
  facts.mode = mode;
  facts.worker = workerNext;
  facts.workers = workersNext;
  packedMost = machinePackedMax();
  const room = machineRoom();
  const bytes = batchBytes(machineBytes(), packedMost) + room + packedMost;
  if (!startMemory(machineEnd(), bytesMax, numbers)) return !stop(STATUS_OUT_OF_MEMORY);
  const at = claim(bytes);
  if (at == 0) return !stop(STATUS_OUT_OF_MEMORY);
  machineStart(at);
  scratch = at + room;
  resumeBatch();
  return true;
}

/** Readies what follows from the facts. */
export function resumeBatch(): void {
  distributed = facts.workers > 1;
  startBatch(scratch + packedMost, packedMost);
}

/** Packs the machine's present state to where packedPresent says; returns its words. */
export function packPresent(): u32 {
  return packUnder(facts.reductions & (REDUCE_FRAMES | REDUCE_THREADS));
}
/** The same under some symmetries alone. */
export function packUnder(symmetries: u32): u32 {
  if (symmetries) machineCanonical(symmetries);
  return machinePack(scratch) >> 3;
}
/** Where packPresent packs to. */
export function packedPresent(): usize {
  return scratch;
}

function stop(status: u32): u32 {
  facts.status = status;
  return status;
}

/** From now on this search is shard `shard` of `shards`: the frontier, once it is large enough, is split among
 *  them in turn. Every shard finds what leads up to the split. Breadth first only. */
export function exploreShard(shard: u32, shards: u32): void {
  assert(facts.order != ORDER_DEPTH && facts.workers == 1, "shards search breadth first");
  assert(shard < shards && facts.expanded == 0, "a search is a shard from the start");
  facts.shard = shard;
  facts.shards = shards;
}

/** Several workers: goes on to the next level, after the inboxes are in. Returns the states in it. */
export function exploreLevel(): u32 {
  assert(facts.levelLeft == 0, "a level is expanded before the next");
  facts.levelLeft = facts.levelNext;
  facts.levelNext = 0;
  facts.depth++;
  if (facts.status == STATUS_LEVEL_DONE) facts.status = STATUS_RUNNING;
  return facts.levelLeft;
}

/** Goes on for `transitionsMax` transitions at most, of which fewer are done only where it ends; returns a STATUS_*. */
export function exploreRun(transitionsMax: u32): u32 {
  const end = facts.transitions + transitionsMax;
  while (facts.status == STATUS_RUNNING) {
    clearBatch();
    if (facts.order == ORDER_DEPTH) fillFromStack();
    else fillFromQueue();
    if (count == 0) return stop(distributed ? STATUS_LEVEL_DONE : STATUS_DONE);
    prefetch();
    if (!commit(end)) break;
  }
  return facts.status;
}

/** The state behind `state` in the queue; 0 at its end. */
export function following(state: u32): u32 {
  return state ? nextIndex(states, state, 1 + wordsOf(state)) : firstIndex(states);
}

/** Expands states of the queue until the batch is full. Before a frontier is split among shards, one state at a
 *  time: where it is split must not hang on the batch. */
function fillFromQueue(): void {
  const splitting = facts.shards > 0 && facts.splitCount == 0;
  let skip = facts.skip;
  let passed = facts.splitPassed;
  let left = facts.levelLeft;
  for (let state = following(facts.last); state != 0; state = following(state)) {
    if (distributed && left-- == 0) return;
    const foreign = passed < facts.splitCount && passed++ % facts.shards != facts.shard;
    if (!(foreign ? skipState(state) : expand(state, skip))) return;
    skip = 0;
    if (splitting) return;
  }
}

function fillFromStack(): void {
  if (facts.taken == 0) {
    if (stack.length == 0) return;
    const top = pop(stack);
    facts.taken = <u32>top;
    facts.takenDepth = <u32>(top >> 32);
    facts.depth = max(facts.depth, facts.takenDepth);
  }
  expand(facts.taken, facts.skip);
}
