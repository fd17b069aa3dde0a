// The scenarios of the corpus: what each claims, which calls it makes, and whether the claim holds.
//
// Interface: Entry, Verdict, entriesOf, entryOf, entryOfText.

import { Reporter } from "../../language/diagnostic.js";
import { parseText } from "../../language/parse.js";

/** Whether a claim holds on the first profile under a policy, as the `.expected` file says. */
export interface Verdict {
  readonly policy: string;
  readonly holds: boolean;
  /** How many outcomes the condition holds of: all, some or none. */
  readonly observed: "Always" | "Sometimes" | "Never";
}

/** A scenario of the corpus. */
export interface Entry {
  readonly name: string;
  /** Its folder in litmus/, "" for the folder itself. */
  readonly folder: string;
  readonly claim: string;
  readonly text: string;
  /** In the order of their first use. */
  readonly calls: readonly string[];
  /** Whether it asks only that something can happen, which need not be good. */
  readonly isPossibility: boolean;
  /** The policy `linux` first; empty where the question is out of the model's reach. */
  readonly verdicts: readonly Verdict[];
}

type Texts = Readonly<Record<string, string>>;

/** One scenario, from its path and text. */
export function entryOf(path: string, text: string, expected: Texts = {}): Entry {
  const [, folder = "", file = ""] = /litmus\/(?:(.*)\/)?([^/]*)\.litmus$/.exec(path) ?? [];
  const ast = parseText(text, new Reporter(text));
  const [header] = ast?.headers ?? [];
  const calls = ast?.threads.flatMap((thread) => thread.calls.map(({ callee }) => callee.text));
  return {
    name: header?.name.text ?? file,
    folder,
    claim: header?.doc.join(" ") ?? "",
    text,
    calls: [...new Set(calls)],
    isPossibility: ast?.questions[0]?.quantifier === "exists",
    verdicts: verdictsOf(path.replace(/litmus$/, ""), expected),
  };
}

/** All scenarios, in the order of their paths. `expected`: the `.expected` files beside them. */
export function entriesOf(scenarios: Texts, expected: Texts): readonly Entry[] {
  return Object.entries(scenarios)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => entryOf(path, text, expected));
}

/** The scenario that a text is, or of which it has the name: it may have been changed since. */
export function entryOfText(entries: readonly Entry[], text: string): Entry | undefined {
  const [header] = parseText(text, new Reporter(text))?.headers ?? [];
  const name = header?.name.text;
  return entries.find((each) => each.text === text) ?? entries.find((each) => each.name === name);
}

/** `stem`: the path of the scenario up to its last dot. */
function verdictsOf(stem: string, expected: Texts): Verdict[] {
  const paths = Object.keys(expected).filter((path) => path.startsWith(stem));
  const verdicts = paths.flatMap((path) => verdictOf(expected[path]!) ?? []);
  const rank = ({ policy }: Verdict): string => (policy === "linux" ? "" : policy);
  return verdicts.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function verdictOf(text: string): Verdict | undefined {
  const policy = /^Profile .*, policy (\S+)$/m.exec(text)?.[1];
  const observed = /^Observation \S+ (Always|Sometimes|Never) /m.exec(text)?.[1];
  const condition = /^Condition (holds|does not hold)$/m.exec(text)?.[1];
  if (policy === undefined || observed === undefined || condition === undefined) return undefined;
  return { policy, holds: condition === "holds", observed: observed as Verdict["observed"] };
}
