// A token as people hand it over: by itself, at the end of a page's address, escaped, with a mail's punctuation around it.
//
// Interface: tokenOf, whyNoToken, WHOLE_TOKEN.
// It only looks: whether the token can be read is seen by decodeToken.

import { isToken } from "./token.js";

/** What to do where a token or link is no good. */
export const WHOLE_TOKEN = "copy the whole token, from sl1: to its end";

/** The token that a text is meant as; undefined where it is meant as something else. */
export function tokenOf(text: string): string | undefined {
  const word = unescaped(text.trim());
  if (/\s/.test(word)) return undefined;
  const bare = word.replace(/^[^#]*#/, "").replace(/^[<("'[]+/, "");
  return isToken(bare) ? /^(\w+:.*?)[^\w-]*$/.exec(bare)?.[1] : undefined;
}

/** What a text is that was given as a token, and what to do. */
export function whyNoToken(text: string): { readonly what: string; readonly remedy: string } {
  const word = unescaped(text);
  const [form] = /^sl\d+[a-z]*:/.exec(word) ?? [];
  if (form === undefined)
    return { what: `"${shortened(word)}" is no token (sl1:…)`, remedy: WHOLE_TOKEN };
  return {
    what: `${form} begins a token of another version; this one reads sl1: and sl1t:`,
    remedy: "open it with the splicelab that made it, or with a newer one",
  };
}

const shortened = (text: string): string => (text.length > 24 ? `${text.slice(0, 23)}…` : text);

/** Mail programs escape what they need not. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
