// What a link carries: the whole state of the laboratory as a witness token in the fragment.
//
// Interface: LinkState, fragmentOf, addressOf, readFragment, LINK_MAX_CHARACTERS.
// A token that somebody damaged opens as far as it can be read.

import {
  decodeToken,
  encodeToken,
  isToken,
  salvageToken,
  TokenError,
  type Witness,
} from "../trace/token.js";

/** Longer links are cut by programs on their way: they become files. */
export const LINK_MAX_CHARACTERS = 8_000;

/** What a fragment says. */
export interface LinkState {
  readonly witness: Witness;
  /** What was wrong with the token, where it could not be read whole. */
  readonly problem?: string;
}

/** The fragment of a state, without "#". Throws TokenError. */
export const fragmentOf = (witness: Witness): string => encodeToken(witness);

/** The page's address with a state in it. Throws TokenError. */
export const addressOf = (witness: Witness): string =>
  `${location.href.replace(/#.*$/s, "")}#${fragmentOf(witness)}`;

/** What a fragment opens; undefined where it carries no token. Throws TokenError if nothing can be read of it. */
export function readFragment(fragment: string): LinkState | undefined {
  const token = decoded(fragment.replace(/^#/, ""));
  if (!isToken(token)) return undefined;
  try {
    return { witness: decodeToken(token) };
  } catch (error) {
    const saved = error instanceof TokenError ? salvageToken(token) : undefined;
    if (saved === undefined) throw error;
    const problem = `This link is damaged (${(error as Error).message}). What could be read of its text is shown; its models, the order of its threads and perhaps the end of the text are lost.`;
    const model = { profile: "6.18/ext4", policy: "linux" };
    return { witness: { ...saved, ...model, schedule: [], cursor: 0 }, problem };
  }
}

/** Mail programs escape what they need not. */
function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
