// Links that browser tests open.
//
// Interface: witnessOf, RACE_LINK.

import type { Witness } from "../../src/trace/token.js";
import { Laboratory } from "../../src/viz/laboratory.svelte.js";
import { fragmentOf } from "../../src/viz/link.js";
import { RACE, type Opening } from "../../src/viz/scenario.js";

/** What a link to the start of a scenario carries. */
export function witnessOf({ text, models, order }: Opening): Witness {
  return { ...new Laboratory(text, models, order).witness(), cursor: 0 };
}

/** The mail's race under both policies, at the start. */
export const RACE_LINK = `#${fragmentOf(witnessOf(RACE))}`;
