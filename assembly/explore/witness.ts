// Minimal witnesses: final states, and states that violate a property, in the order of (preemptions, steps) of the cheapest schedule to each.
//
// A preemption is a switch away from a task that could have gone on. A point of the search is a state together with
// the task that ran last, while that one can go on. Points are expanded by steps within one number of preemptions; what
// costs one more waits as a seed of the next round. Both queues are in order of steps, so taking the lesser head
// keeps the whole in order, and the first way to a point is a cheapest one. Every schedule counts: no reductions.
// Interface: witnessStart, witnessRun; final states, parents and actions: report.ts.
// Not modelled: preemptions inside a step.

import {
  MODE_EXACT,
  ORDER_BREADTH,
  STATUS_DONE,
  STATUS_OUT_OF_MEMORY,
  STATUS_RUNNING,
  STATUS_TOO_LARGE,
} from "../abi/explore";
import { WORDS_MAX, copyWords, entryWord, hashOf, packedAt, wordsOf, workerOf } from "./arena";
import { savedAt } from "./batch";
import { facts, finals, kept, outbox, states, violationOf } from "./facts";
import {
  machineAct,
  machineActions,
  machineBase,
  machineBytes,
  machineIsFinal,
  machinePack,
  machineStanding,
  machineUnpack,
} from "./machine";
import { Chain, append, firstIndex, freeFirst, nextIndex, unitAt } from "./memory";
import { packedPresent, prepare } from "./search";
import { insert, isKnown, roomFor, startTable } from "./table";

/** Nobody ran last, or the one who did cannot go on. */
const NOBODY: u64 = 0xff;
/** In the entry of a point that was expanded as a seed: the queue passes over it. */
const EXPANDED: u32 = 1;

/** Steps to each point, one word a point. */
const steps = kept;
/** Seeds as [entry word, steps, packed point]; of the round in work, and of the next. */
let seedsNow: Chain = outbox(0);
let seedsNext: Chain = outbox(1);
/** The next seed; 0 behind the last. */
let seed: u32 = 0;
/** The point that was taken last from the queue, and its steps; 0 before the first. */
let taken: u32 = 0;
let takenSteps: u32 = 0;

/** Begins the search at the machine's present state; returns a STATUS_*. */
export function witnessStart(bytesMax: f64): u32 {
  if (!prepare(ORDER_BREADTH, 0, MODE_EXACT, bytesMax)) return facts.status;
  if (!startTable(MODE_EXACT, 0)) return stop(STATUS_OUT_OF_MEMORY);
  seedsNow = outbox(0);
  seedsNext = outbox(1);
  seed = 0;
  taken = 0;
  takenSteps = 0;
  const words = packPoint(NOBODY);
  if (words > WORDS_MAX) return stop(STATUS_TOO_LARGE);
  enter(packedPresent(), words, entryWord(0, 0, 0, words), 0);
  return facts.status;
}

/** Goes on for about `transitionsMax` transitions; returns a STATUS_*. */
export function witnessRun(transitionsMax: u32): u32 {
  const end = facts.transitions + transitionsMax;
  while (facts.status == STATUS_RUNNING && facts.transitions < end) {
    const point = taken ? nextIndex(states, taken, 1 + wordsOf(taken)) : firstIndex(states);
    const at = taken ? nextIndex(steps, takenSteps, 1) : firstIndex(steps);
    if (seed != 0 && (point == 0 || stepsOfSeed() <= load<u64>(unitAt(at)))) takeSeed();
    else if (point) takePoint(point, at);
    else if (!nextRound()) return stop(STATUS_DONE);
  }
  return facts.status;
}

function stop(status: u32): u32 {
  facts.status = status;
  return status;
}
function stepsOfSeed(): u64 {
  return load<u64>(unitAt(seed), 8);
}

/** The seeds become the queue of a round with one preemption more. */
function nextRound(): bool {
  const done = seedsNow;
  seedsNow = seedsNext;
  seedsNext = done;
  while (seedsNext.length) freeFirst(seedsNext);
  seed = firstIndex(seedsNow);
  return seed != 0;
}

function takeSeed(): void {
  const words = wordsOf(seed);
  const at = unitAt(seed) + 16;
  const cost = <u32>stepsOfSeed();
  const word = load<u64>(unitAt(seed));
  seed = nextIndex(seedsNow, seed, 2 + words);
  const found = enter(at, words, word | entryWord(0, 0, EXPANDED, 0), cost);
  if (found) expand(found, cost);
}

function takePoint(point: u32, at: u32): void {
  taken = point;
  takenSteps = at;
  if (workerOf(point) != EXPANDED) expand(point, <u32>load<u64>(unitAt(at)));
}

/** Enters a packed point if it is new; its index, else 0. */
function enter(at: usize, words: u32, word: u64, cost: u32): u32 {
  const hash = hashOf(at, words);
  if (!roomFor()) return fail();
  if (isKnown(hash, at, words)) return 0;
  const index = append(states, 1 + words);
  const costAt = index ? append(steps, 1) : 0;
  if (costAt == 0) return fail();
  store<u64>(unitAt(index), word);
  copyWords(unitAt(index) + 8, at, words << 3);
  store<u64>(unitAt(costAt), cost);
  insert(hash, index);
  facts.states++;
  return index;
}
function fail(): u32 {
  stop(STATUS_OUT_OF_MEMORY);
  return 0;
}

/** The machine's present state with the task that ran last as a word behind it; returns the words. */
function packPoint(last: u64): u32 {
  const bytes = machinePack(packedPresent());
  store<u64>(packedPresent() + bytes, last);
  return (bytes >> 3) + 1;
}

function expand(from: u32, cost: u32): void {
  const last = load<u64>(packedAt(from) + ((wordsOf(from) - 1) << 3));
  machineUnpack(packedAt(from));
  const enabled = machineActions();
  facts.expanded++;
  facts.depth = max<u32>(facts.depth, cost);
  if (machineIsFinal(enabled)) noteFinal(from);
  noteStanding(from, machineStanding());
  copyWords(savedAt(), machineBase(), machineBytes());
  for (let left = enabled; left != 0; left &= left - 1) {
    const action = <u32>ctz(left);
    machineAct(action);
    const words = packPoint((machineActions() >> action) & 1 ? <u64>action : NOBODY);
    const word = entryWord(from, action, 0, words);
    if (last == NOBODY || last == <u64>action) enter(packedPresent(), words, word, cost + 1);
    else addSeed(words, word, cost + 1);
    copyWords(machineBase(), savedAt(), machineBytes());
    facts.transitions++;
  }
}

function addSeed(words: u32, word: u64, cost: u32): void {
  const index = append(seedsNext, 2 + words);
  if (index == 0) {
    fail();
    return;
  }
  store<u64>(unitAt(index), word);
  store<u64>(unitAt(index), cost, 8);
  copyWords(unitAt(index) + 16, packedPresent(), words << 3);
}

/** The first state taken that violates a property is the end of a cheapest schedule to one. */
function noteStanding(state: u32, violated: u32): void {
  for (let left = violated; left != 0; left &= left - 1) {
    const violation = violationOf(ctz(left));
    if (violation.count++ == 0) violation.state = state;
  }
}

function noteFinal(state: u32): void {
  const index = append(finals, 1);
  if (index == 0) {
    fail();
    return;
  }
  store<u64>(unitAt(index), state);
  facts.finals++;
}
