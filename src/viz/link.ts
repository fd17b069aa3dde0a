// What a link carries: the whole state of the laboratory as a witness token in the fragment.
//
// Interface: LinkState, fragmentOf, addressOf, readFragment, LINK_MAX_CHARACTERS.
// A token that somebody damaged opens as far as it can be read; of a fragment that is none it says so.

import {
  decodeToken,
  encodeToken,
  salvageToken,
  TokenError,
  type Witness,
} from "../trace/token.js";
import { tokenOf, WHOLE_TOKEN, whyNoToken } from "../trace/token-found.js";

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

/** What a fragment opens. Throws TokenError if nothing can be read of it. */
export function readFragment(fragment: string): LinkState {
  const word = fragment.replace(/^#/, "");
  const token = tokenOf(word);
  if (token === undefined) {
    const { what, remedy } = whyNoToken(word);
    throw unreadable(what, remedy);
  }
  try {
    return { witness: decodeToken(token) };
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const saved = salvageToken(token);
    if (saved === undefined) throw unreadable(error.message, WHOLE_TOKEN);
    const problem = `This link is damaged (${error.message}). What could be read of its text is shown; its models, the order of its threads and perhaps the end of the text are lost.`;
    const model = { profile: "6.18/ext4", policy: "linux" };
    return { witness: { ...saved, ...model, schedule: [], cursor: 0 }, problem };
  }
}

/** "the token is cut short. Copy the whole token …" */
const unreadable = (what: string, remedy: string): TokenError =>
  new TokenError(`${what}. ${remedy.replace(/^./, (first) => first.toUpperCase())}`);
