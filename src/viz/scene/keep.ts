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
  const kept = after.map((each, i) => keep(known[i], each));
  return kept.length === before.length && kept.every((each, i) => each === before[i])
    ? before
    : kept;
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
  const kept: Record<string, unknown> = {};
  let isSame = true;
  for (const name in after) {
    const part = keep(before[name], after[name]);
    kept[name] = part;
    isSame &&= part === before[name];
  }
  return isSame && Object.keys(before).length === Object.keys(after).length ? before : kept;
}
