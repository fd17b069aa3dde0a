// What was asked of the model, as a hash: two results with the same one are about the same question.
//
// Interface: hashOf.

import { printProgram } from "../language/print.js";
import { shortHash } from "../trace/hash.js";
import type { Setup } from "./core.js";

/** A hash of what was asked: scenario, profile, policy, and whether copies may tear. */
export function hashOf(setup: Setup): string {
  const { program, profile, policy, tear } = setup;
  return shortHash(
    `${printProgram(program)}\n${profile.word}${profile.knows ? ` ${profile.knows}` : ""}\n${policy.word}${tear ? "\ntear" : ""}`,
  );
}
