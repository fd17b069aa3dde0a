// Two scenes of following moments: what looks as before is the same object, so that it is not drawn again.
//
// Interface: keep. Of plain data: primitives, arrays and objects of them, by value; elements of an array are
// found by their key where its length has changed. Anything else is compared by identity.

/** `after`, with the parts of `before` wherever they are equal. */
export function keep<T>(before: T | undefined, after: T): T {
  if (Object.is(before, after)) return after;
  if (Array.isArray(before) && Array.isArray(after)) return keepList(before, after) as T;
  return isPlain(before) && isPlain(after) ? (keepObject(before, after) as T) : after;
}

function keepList(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const known = before.length === after.length ? before : olderOf(before, after);
  const kept: unknown[] = [];
  let isSame = before.length === after.length;
  for (let i = 0; i < after.length; i++) {
    const part = keep(known[i], after[i]);
    kept.push(part);
    isSame &&= part === before[i];
  }
  return isSame ? before : kept;
}

/** Who each of `after` was in `before`. */
function olderOf(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const byKey = new Map(before.map((each) => [keyOf(each), each]));
  return after.map((each) => byKey.get(keyOf(each)));
}

const keyOf = (each: unknown): unknown => (isPlain(each) ? each["key"] : undefined);

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function keepObject(before: Plain, after: Plain): Plain {
  let isSame = true;
  let kept: Record<string, unknown> | undefined;
  for (const name in after) {
    const was = before[name];
    const is = after[name];
    if (is === was) continue;
    const part = keep(was, is);
    if (part !== is) (kept ??= { ...after })[name] = part;
    isSame &&= part === was;
  }
  if (isSame && Object.keys(before).length === Object.keys(after).length) return before;
  return kept ?? after;
}
