// What the page opens with, and what the README's picture shows.
//
// Interface: FIRST, RACE, Opening.

import firstText from "../../litmus/mail-page.litmus?raw";
import raceText from "../../litmus/mail-ordered.litmus?raw";
import firstProgram from "../../build/first/program.js";
import type { Program } from "../language/program.js";
import { programOf } from "./reader.js";
import type { ModelName, Order } from "./runner.js";

/** A scenario of the corpus, the models that it is shown under, and which thread starts each call. */
export interface Opening {
  readonly text: string;
  readonly program: Program;
  readonly models: readonly ModelName[];
  readonly order: Order;
}

/** One page of the mail: spliced, overwritten, read. On xfs the cache's reference is the only one at first. */
export const FIRST: Opening = opening(
  firstText,
  firstProgram,
  [{ profile: "6.18/xfs", policy: "linux" }],
  ["client", "writer", "client"],
);

/** Both pages of the mail under two policies: both writes fall between the splice and the reads. */
export const RACE: Opening = /* @__PURE__ */ opening(
  raceText,
  /* @__PURE__ */ programOf(raceText),
  ["linux", "cow"].map((policy) => ({ profile: "6.18/ext4", policy })),
  ["client", "writer", "writer", "client", "client"],
);

function opening(
  text: string,
  program: Program,
  models: readonly ModelName[],
  starts: readonly string[],
): Opening {
  const picks = starts.map((name) => program.threads.findIndex((t) => t.name === name));
  return { text, program, models, order: { picks } };
}
