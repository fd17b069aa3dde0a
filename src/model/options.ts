// Words of options by name: how profiles and policies are spelled on the command line.
//
// Interface: Option, Named, parseNamed, spell. A spelling is a row's name, then `,option=value` for each
// change: `6.18/ext4,holes=zero-page`.

/** One named field of a word: its values and what each means. */
export interface Option {
  readonly name: string;
  readonly doc: string;
  /** Bits of the word that the option owns. */
  readonly mask: number;
  /** Value name → bits. */
  readonly values: Readonly<Record<string, number>>;
}

/** A row of a table of words. */
export interface Named {
  /** The spelling that gives this word. */
  readonly name: string;
  /** What it stands for, one or two sentences. */
  readonly doc: string;
  readonly word: number;
}

/** A spelling that names nothing: the message says what there is. */
export class UnknownName extends Error {
  override readonly name = "UnknownName";
}

/** Reads a spelling. `kind` names the table in messages. Throws UnknownName. */
export function parseNamed(
  kind: string,
  text: string,
  rows: readonly Named[],
  options: readonly Option[],
): Named {
  const [name = "", ...changes] = text.split(",");
  const row = rows.find((r) => r.name === name);
  if (!row)
    throw new UnknownName(`no ${kind} "${name}": there are ${rows.map((r) => r.name).join(", ")}`);
  const word = changes.reduce((w, change) => applyChange(w, change, options), row.word);
  return changes.length ? { ...row, name: spell(row, word, options), word } : row;
}

function applyChange(word: number, change: string, options: readonly Option[]): number {
  const [key = "", value = ""] = change.split("=");
  const option = options.find((o) => o.name === key);
  if (!option)
    throw new UnknownName(`no option "${key}": there are ${options.map((o) => o.name).join(", ")}`);
  const bits = option.values[value];
  if (bits === undefined)
    throw new UnknownName(
      `${key} cannot be "${value}": it is one of ${Object.keys(option.values).join(", ")}`,
    );
  return (word & ~option.mask) | bits;
}

/** The shortest spelling of a word that starts from a row. */
export function spell(row: Named, word: number, options: readonly Option[]): string {
  const changes = options
    .filter((o) => (o.mask & word) !== (o.mask & row.word))
    .map((o) => `${o.name}=${valueName(o, word)}`);
  return [row.name.split(",")[0], ...changes].join(",");
}

function valueName(option: Option, word: number): string {
  return Object.entries(option.values).find(([, bits]) => bits === (word & option.mask))![0];
}
