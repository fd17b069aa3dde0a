// Damage for what reads untrusted bytes: texts, tokens, messages.
//
// Interface: damageText, damageBytes, WORDS.

import type { Below } from "./numbers.js";

/** What stands in scenarios, and what should not. */
export const WORDS =
  'litmus file pipe thread after exists ~ forall filter locations [ ] hole hex "00" not snapshot true NULL folio order size { } ( ) , ; : . = != /\\ \\/ | + * # 0x1f -1 4096 9223372036854775807 <x> => "text" " a p p.r p.w f a:s s: n= read( splice( pipe2(q,0) open(".",O_RDWR|O_TMPFILE) \n \u0000 é \ud800'.split(
    " ",
  );

/** Cuts, doubles, swaps and replaces stretches of a text. */
export function damageText(text: string, below: Below): string {
  for (let edits = 1 + below(4); edits > 0; edits--) {
    const from = below(text.length + 1);
    const to = Math.min(text.length, from + below(12));
    const word = WORDS[below(WORDS.length)]!;
    const middle = ["", word, ` ${word} `, text.slice(from, to).repeat(2)][below(4)]!;
    text = text.slice(0, from) + middle + text.slice(to);
  }
  return text;
}

/** Changes some bytes, or cuts the end off. */
export function damageBytes(bytes: Uint8Array, below: Below): Uint8Array {
  const damaged = bytes.slice(0, below(4) === 0 ? below(bytes.length + 1) : bytes.length);
  for (let edits = below(4); edits >= 0 && damaged.length > 0; edits--)
    damaged[below(damaged.length)] = [0, 1, 2, 0xff, below(256)][below(5)]!;
  return damaged;
}
