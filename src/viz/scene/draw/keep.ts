// Two drawings of following moments: what is alike stays the same object, so that only what changed is
// touched on the page.
//
// Interface: keepMarks.

import type { Attrs, Mark } from "./mark.js";

/** `after`, with the marks of `before` wherever they are equal. */
export function keepMarks(before: readonly Mark[], after: readonly Mark[]): readonly Mark[] {
  const known = new Map(before.map((mark) => [mark.key, mark]));
  const kept = after.map((mark) => {
    const old = known.get(mark.key);
    return old === undefined ? mark : keepMark(old, mark);
  });
  const isSame = kept.length === before.length && kept.every((mark, i) => mark === before[i]);
  return isSame ? before : kept;
}

function keepMark(old: Mark, mark: Mark): Mark {
  if (old === mark) return old;
  const marks = mark.marks && keepMarks(old.marks ?? [], mark.marks);
  const isSame =
    old.tag === mark.tag &&
    old.text === mark.text &&
    old.marks === marks &&
    sameAttrs(old.attrs, mark.attrs);
  if (isSame) return old;
  return marks === undefined ? mark : { ...mark, marks };
}

function sameAttrs(a: Attrs, b: Attrs): boolean {
  const names = Object.keys(b);
  return names.length === Object.keys(a).length && names.every((name) => a[name] === b[name]);
}
