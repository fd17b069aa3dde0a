// The corpus, as files: a chunk of its own that the gallery loads when it is opened.
//
// Interface: CORPUS.

import { entriesOf } from "./entries.js";

const SCENARIOS: Readonly<Record<string, string>> = import.meta.glob(
  "../../../litmus/**/*.litmus",
  { query: "?raw", import: "default", eager: true },
);
const EXPECTED: Readonly<Record<string, string>> = import.meta.glob(
  "../../../litmus/**/*.expected",
  { query: "?raw", import: "default", eager: true },
);

/** Every scenario of the corpus. */
export const CORPUS = entriesOf(SCENARIOS, EXPECTED);
