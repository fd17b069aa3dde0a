// A model's words as toggles: each option of a profile or policy, its values, and the spelling with one changed.
//
// Interface: Word, Kind, TABLES, wordsOf, changed, rowOf.

import { spell, type Named, type Option } from "../../model/options.js";
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

/** The words of a spelling. */
export function wordsOf(kind: Kind, spelling: string): Word[] {
  const { options, parse } = TABLES[kind];
  const { word } = parse(spelling);
  return options.map(({ name, doc, mask, values }) => ({
    name,
    doc,
    values: Object.keys(values),
    value: Object.entries(values).find(([, bits]) => bits === (word & mask))![0],
  }));
}

/** The shortest spelling with one word changed. */
export function changed(kind: Kind, spelling: string, name: string, value: string): string {
  const { rows, options, parse } = TABLES[kind];
  const now = parse(spelling);
  const option = options.find((o) => o.name === name)!;
  const word = (now.word & ~option.mask) | option.values[value]!;
  const named = rows.find((row) => row.word === word);
  return named?.name ?? spell(rowOf(rows, spelling), word, options);
}

/** The row that a spelling starts from. */
export const rowOf = <R extends Named>(rows: readonly R[], spelling: string): R =>
  rows.find((row) => row.name === spelling.split(",")[0])!;
