// Words of options by name: how profiles and policies are spelled on the command line.
//
// Interface: Option, Words, Named, parseNamed, spell, withValue, valueName, sameWords. A spelling is a row's name, then `,option=value` for each
// change: `6.18/ext4,holes=zero-page`.

/** One named field of a word: its values and what each means. */
export interface Option {
  readonly name: string;
  readonly doc: string;
  /** Which word it is a field of; undefined: `word`. */
  readonly of?: "knows";
  /** Bits of the word that the option owns. */
  readonly mask: number;
  /** Value name → bits. */
  readonly values: Readonly<Record<string, number>>;
}

/** The words; where there is one only, `knows` is undefined. */
export interface Words {
  readonly word: number;
  readonly knows?: number;
}

/** A row of a table of words. */
export interface Named extends Words {
  /** The spelling that gives this word. */
  readonly name: string;
  /** What it stands for, one or two sentences. */
  readonly doc: string;
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
  const words = changes.reduce((w, change) => applyChange(w, change, options), wordsOf(row));
  return changes.length ? { ...row, name: spell(row, words, options), ...words } : row;
}

const wordsOf = ({ word, knows }: Named): Words =>
  knows === undefined ? { word } : { word, knows };

function applyChange(words: Words, change: string, options: readonly Option[]): Words {
  const [key = "", value = ""] = change.split("=");
  const option = options.find((o) => o.name === key);
  if (!option)
    throw new UnknownName(`no option "${key}": there are ${options.map((o) => o.name).join(", ")}`);
  if (option.values[value] === undefined)
    throw new UnknownName(
      `${key} cannot be "${value}": it is one of ${Object.keys(option.values).join(", ")}`,
    );
  return withValue(words, option, value);
}

/** The bits of words that an option owns. */
const bitsOf = (words: Words, { of, mask }: Option): number => (words[of ?? "word"] ?? 0) & mask;

/** The words with one option changed. */
export function withValue(words: Words, option: Option, value: string): Words {
  const { of = "word", mask, values } = option;
  const { word, knows } = words;
  const bits = ((words[of] ?? 0) & ~mask) | values[value]!;
  return { word, ...(knows === undefined ? {} : { knows }), [of]: bits };
}

/** The shortest spelling of words that starts from a row. */
export function spell(row: Named, words: Words, options: readonly Option[]): string {
  const changes = options
    .filter((o) => bitsOf(words, o) !== bitsOf(row, o))
    .map((o) => `${o.name}=${valueName(words, o)}`);
  return [row.name.split(",")[0], ...changes].join(",");
}

/** The value that an option has in words, by name. */
export const valueName = (words: Words, option: Option): string =>
  Object.entries(option.values).find(([, bits]) => bits === bitsOf(words, option))![0];

/** Whether two rows, or one and what was changed, are the same words. */
export const sameWords = (a: Words, b: Words): boolean =>
  a.word === b.word && (a.knows ?? 0) === (b.knows ?? 0);
