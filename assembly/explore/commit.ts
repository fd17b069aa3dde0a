// What a batch's results change: states found, transitions counted, violations and final states noted.
//
// A result is committed wholly or, where memory ends, not at all.
// Interface: commit; visit, which enters one packed state; ownerOf.

import {
  MODE_FINGERPRINT,
  ORDER_DEPTH,
  PROPERTIES,
  STATUS_OUT_OF_MEMORY,
  STATUS_TOO_LARGE,
} from "../abi/explore";
import { WORDS_MAX, copyWords, entryWord, wordsOf } from "./arena";
import { END_FINAL, END_SKIPPED, Result, count, resultAt } from "./batch";
import { Violation, facts, finals, kept, outbox, stack, states, violationOf } from "./facts";
import { Chain, append, chunkOf, freeFirst, unitAt } from "./memory";
import { push } from "./stack";
import { insert, isKnown, roomFor } from "./table";

/** States of the frontier for each shard, at least, before it is split. */
const SPLIT_PER_SHARD: u32 = 32;

/** Commits the batch's results in order, as far as memory and `transitionsMax` transitions in all go; whether
 *  they went far enough. */
export function commit(transitionsMax: u64): bool {
  for (let i: u32 = 0; i < count; i++) {
    const result = resultAt(i);
    if (result.words && facts.transitions >= transitionsMax) return false;
    const done = result.words ? commitSuccessor(result) : commitEnd(result);
    if (!done) return false;
  }
  return true;
}

function commitSuccessor(result: Result): bool {
  const words = result.words;
  if (words > WORDS_MAX) return fail(STATUS_TOO_LARGE);
  const word = entryWord(result.state, result.action, facts.worker, words);
  const owner = ownerOf(result.hash);
  const done =
    owner == facts.worker
      ? visit(result.hash, result.at, words, word)
      : storeState(outbox(owner), result.at, words, word) != 0;
  if (!done) return fail(STATUS_OUT_OF_MEMORY);
  facts.transitions++;
  facts.skip++;
  if (result.verdict) noteViolations(result);
  return true;
}

/** The worker that owns the states with this hash. */
export function ownerOf(hash: u64): u32 {
  return facts.workers == 1 ? 0 : <u32>((hash >> 40) % facts.workers);
}

/** Enters a packed state if it is new; false if there is no more memory. */
export function visit(hash: u64, at: usize, words: u32, word: u64): bool {
  if (!roomFor()) return false;
  if (isKnown(hash, at, words)) return true;
  const state = storeState(states, at, words, word);
  if (state == 0) return false;
  if (facts.order == ORDER_DEPTH) {
    const depth = facts.taken ? facts.takenDepth + 1 : 0;
    if (!push(stack, state, depth)) {
      states.fill -= 1 + words;
      return false;
    }
  }
  insert(hash, state);
  facts.states++;
  facts.levelNext++;
  return true;
}

/** Appends a state with the word in front of it; its index, or 0 if there is no more memory. */
function storeState(chain: Chain, at: usize, words: u32, word: u64): u32 {
  const state = append(chain, 1 + words);
  if (state == 0) return 0;
  const to = unitAt(state);
  store<u64>(to, word);
  copyWords(to + 8, at, words << 3);
  return state;
}

function noteViolations(result: Result): void {
  for (let property: u32 = 0; property < <u32>PROPERTIES; property++)
    if (((<u32>result.verdict) >> property) & 1) noteViolation(violationOf(property), result);
}

function noteViolation(violation: Violation, result: Result): void {
  if (violation.count++ > 0) return;
  violation.state = keep(result.state);
  violation.action = result.action;
  violation.steps = (facts.order == ORDER_DEPTH ? facts.takenDepth : facts.depth) + 1;
}

/** The index under which a state stays readable; 0 if there is no more memory for it. */
function keep(state: u32): u32 {
  if (facts.mode != MODE_FINGERPRINT) return state;
  const words = wordsOf(state);
  return storeState(kept, unitAt(state) + 8, words, load<u64>(unitAt(state)));
}

/** The end of a state: it counts as expanded. */
function commitEnd(result: Result): bool {
  if (result.hash == END_FINAL && !noteFinal(result.state)) return fail(STATUS_OUT_OF_MEMORY);
  if (result.hash == END_SKIPPED || facts.splitPassed < facts.splitCount) facts.splitPassed++;
  facts.expanded++;
  facts.skip = 0;
  facts.taken = 0;
  if (facts.mode == MODE_FINGERPRINT && facts.last != 0)
    if (chunkOf(facts.last) != chunkOf(result.state)) freeFirst(states);
  facts.last = result.state;
  facts.levelLeft--;
  if (facts.levelLeft == 0 && facts.workers == 1) endLevel();
  if (facts.shards && facts.splitCount == 0) split();
  return true;
}

function noteFinal(state: u32): bool {
  const index = append(finals, 1);
  if (index == 0) return false;
  const stays = keep(state);
  if (stays == 0) {
    finals.fill--;
    return false;
  }
  store<u64>(unitAt(index), stays);
  facts.finals++;
  return true;
}

function endLevel(): void {
  facts.levelLeft = facts.levelNext;
  facts.levelNext = 0;
  if (facts.order != ORDER_DEPTH && facts.levelLeft) facts.depth++;
}

function split(): void {
  const frontier = facts.states - facts.expanded;
  if (frontier >= <u64>SPLIT_PER_SHARD * facts.shards) facts.splitCount = <u32>frontier;
}

function fail(status: u32): bool {
  facts.status = status;
  return false;
}
