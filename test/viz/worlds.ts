// Recorded runs for the tests of the stage: scenarios of the corpus on the model.
//
// Interface: record, recordFile, RECORDED.

import { readFileSync } from "node:fs";
import { parseProgram } from "../../src/language/parse-program.js";
import { Core } from "../../src/model/core.js";
import { parsePolicy } from "../../src/model/policies.js";
import { parseProfile } from "../../src/model/profiles.js";
import { traceOf } from "../../src/model/trace.js";
import { ENVIRONMENT } from "../../src/trace/environment.js";
import type { Trace } from "../../src/trace/trace.js";
import { inRoot } from "../../tools/paths.js";

const core = new Core();

/** Runs a text under a policy, call by call. */
export function record(text: string, policy: string, picks: readonly number[] = []): Trace {
  const { program, diagnostics } = parseProgram(text);
  if (program === undefined) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  const profile = parseProfile("6.18/ext4");
  const setup = { program, profile, policy: parsePolicy(policy), environment: ENVIRONMENT };
  return traceOf(core, setup, picks);
}

/** Runs a scenario of the corpus. */
export const recordFile = (file: string, policy: string, picks: readonly number[] = []): Trace =>
  record(readFileSync(inRoot("litmus", file), "utf8"), policy, picks);

/** A run of each kind that the stage draws. */
export interface Recorded {
  readonly name: string;
  readonly policy: string;
  /** The run, under that policy or another one. */
  readonly run: (policy?: string) => Trace;
}

const recorded = (name: string, file: string, usual: string, picks?: number[]): Recorded => ({
  name,
  policy: usual,
  run: (policy = usual) => recordFile(file, policy, picks),
});

const MAIL = [0, 1, 1, 0, 0];

export const RECORDED: readonly Recorded[] = [
  recorded("mail", "mail-ordered.litmus", "linux", MAIL),
  recorded("mail-cow", "mail-ordered.litmus", "cow", MAIL),
  recorded("mail-copy", "mail-ordered.litmus", "copy", MAIL),
  recorded("mapping", "mmap-private.litmus", "linux"),
  recorded("memory", "vmsplice-store.litmus", "linux"),
  recorded("wire", "wire-retransmit.litmus", "linux"),
  recorded("socket", "socket/half-received-then-write.litmus", "linux"),
  recorded("large-folios", "folio/one-slot-holds-all-of-a-folio.litmus", "cow"),
];
