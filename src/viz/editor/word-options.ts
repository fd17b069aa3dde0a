// Words and named constants as completions.
//
// Interface: wordOption, constantOptions.

import { snippetCompletion } from "@codemirror/autocomplete";
import type { Completion } from "@codemirror/autocomplete";
import { spelled } from "./words.js";
import type { WordRow } from "./words.js";

/** A word of the language, with its snippet if it has one. */
export function wordOption({ word, doc, snippet }: WordRow, boost = 0): Completion {
  const option = { label: word, type: "keyword", info: doc, boost };
  return snippet === undefined ? option : snippetCompletion(snippet, option);
}

/** Named constants with their values. */
export const constantOptions = (set: Readonly<Record<string, number>>): Completion[] =>
  Object.entries(set).map(([label, value]) => ({
    label,
    type: "constant",
    detail: spelled(value),
  }));
