// A model's words as toggles: each option of a profile or policy, its values, and the spelling with one changed.
//
// Interface: Word, Kind, TABLES, WHAT, WHY_FIRST, wordsOf, changed, rowOf.

import {
  sameWords,
  spell,
  valueName,
  withValue,
  type Named,
  type Option,
} from "../../model/options.js";
import { parsePolicy, POLICIES, POLICY_OPTIONS } from "../../model/policies.js";
import { parseProfile, PROFILE_OPTIONS, PROFILES } from "../../model/profiles.js";

/** One option as it stands. */
export interface Word {
  readonly name: string;
  readonly doc: string;
  readonly values: readonly string[];
  readonly value: string;
}

interface Table {
  readonly rows: readonly Named[];
  readonly options: readonly Option[];
  readonly parse: (text: string) => Named;
}

/** The two tables that a model's words come from. */
export const TABLES = {
  profile: { rows: PROFILES, options: PROFILE_OPTIONS, parse: parseProfile },
  policy: { rows: POLICIES, options: POLICY_OPTIONS, parse: parsePolicy },
} as const satisfies Record<string, Table>;

export type Kind = keyof typeof TABLES;

/** What is chosen by a name. */
export const WHAT: Readonly<Record<Kind, string>> = {
  policy: "what splice() and all who write, read or send do about a page that is shared",
  profile: "whose behaviour is modelled: a version of Linux, and a file system",
};

/** Why the page opens with the profile that it opens with. */
export const WHY_FIRST =
  "The page begins with xfs, which has the simplest picture: a page that was written is held by the page cache alone.";

/** The words of a spelling. */
export function wordsOf(kind: Kind, spelling: string): Word[] {
  const { options, parse } = TABLES[kind];
  const words = parse(spelling);
  return options.map((option) => ({
    name: option.name,
    doc: option.doc,
    values: Object.keys(option.values),
    value: valueName(words, option),
  }));
}

/** The shortest spelling with one word changed. */
export function changed(kind: Kind, spelling: string, name: string, value: string): string {
  const { rows, options, parse } = TABLES[kind];
  const now = parse(spelling);
  const option = options.find((o) => o.name === name)!;
  const words = withValue(now, option, value);
  const named = rows.find((row) => sameWords(row, words));
  return named?.name ?? spell(rowOf(rows, spelling), words, options);
}

/** The row that a spelling starts from. */
export const rowOf = <R extends Named>(rows: readonly R[], spelling: string): R =>
  rows.find((row) => row.name === spelling.split(",")[0])!;
