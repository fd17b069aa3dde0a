// What was asked of the model, as a hash: two results with the same one are about the same question.
//
// Interface: hashOf.

import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { printProgram } from "../language/print.js";
import type { Setup } from "./core.js";

/** A hash of what was asked: scenario, profile, policy, and whether copies may tear. */
export function hashOf(setup: Setup): string {
  const { program, profile, policy, tear } = setup;
  const asked = `${printProgram(program)}\n${profile.word}\n${policy.word}${tear ? "\ntear" : ""}`;
  const bytes = sha256(utf8ToBytes(asked)).subarray(0, 16);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
