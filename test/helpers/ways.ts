// The ways to search one scenario that must all give the same outcomes.
//
// Interface: expectEqualWays, titleOf.

import { expect } from "vitest";
import { printProgram } from "../../src/language/print.js";
import type { Setup } from "../../src/model/core.js";
import { ALL_REDUCTIONS, NO_REDUCTIONS } from "../../src/model/search.js";
import type { SearchOptions } from "../../src/model/search.js";
import { searched } from "./outcomes.js";

/** Transitions without reductions: programs with more are passed over, and counted. */
const TRANSITIONS_MAX = 30_000;

const WAYS: readonly (readonly [string, Partial<SearchOptions>])[] = [
  ["all reductions", { reductions: ALL_REDUCTIONS }],
  ["all reductions, depth first", { reductions: ALL_REDUCTIONS, order: "depth" }],
  ["actions", { reductions: { ...NO_REDUCTIONS, actions: true } }],
  ["frames", { reductions: { ...NO_REDUCTIONS, frames: true } }],
  ["threads", { reductions: { ...NO_REDUCTIONS, threads: true } }],
  ["depth first", { order: "depth" }],
  ["fingerprints", { mode: "fingerprints" }],
];

/** Compares every way with the plain search; false where the plain search is too large. */
export function expectEqualWays(setup: Setup): boolean {
  const plain = searched(setup, {}, TRANSITIONS_MAX);
  if (plain === undefined) return false;
  for (const [name, options] of WAYS)
    expect(searched(setup, options)?.keys, `${name}\n${titleOf(setup)}`).toEqual(plain.keys);
  return true;
}

export const titleOf = ({ program, profile, policy, tear }: Setup): string =>
  `${profile.name}, ${policy.name}${tear ? ", tear on" : ""}\n${printProgram(program)}`;
