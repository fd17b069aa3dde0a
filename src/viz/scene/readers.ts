// The readers: what each consuming call got, against what the slots were filled with.
//
// Interface: ReaderShape, ReaderState, readerScene.

import { callsOf, type CallId } from "../../language/program.js";
import { callTitle, threadIndexOf } from "./call-text.js";
import { stripOf, wasText, type Strip } from "./content.js";
import type { Box } from "./layout.js";
import { threadName, type SceneInput } from "./moment.js";
import type { Taken } from "./provenance.js";

/** How far a consuming call is. */
export type ReaderState = "next" | "running" | "returned";

/** A row: a consuming call and the bytes it took. */
export interface ReaderShape {
  readonly call: CallId;
  readonly box: Box;
  readonly thread: string;
  readonly title: string;
  readonly state: ReaderState;
  readonly strip?: Strip;
  /** Whether the bytes are those that the slots were filled with; undefined while there are none. */
  readonly changed?: boolean;
  /** "same bytes as at splice". */
  readonly verdict: string;
  readonly label: string;
}

/** All consuming calls of the scenario. */
export function readerScene(input: SceneInput): ReaderShape[] {
  const { program, layout } = input;
  return [...layout.consumers].map(([call, box]) => {
    const title = callTitle(program, callsOf(program)[call]!);
    const thread = threadName(program, threadIndexOf(program, call));
    const base = { call, box, title, thread, state: stateOf(input, call) };
    const taken = input.provenance.taken.filter((t) => t.call === call);
    if (taken.length === 0) return { ...base, verdict: "", label: `${thread}: ${title}` };
    const strip = stripOf(program, joined(taken));
    const changed = taken.some((t) => t.changed);
    const known = taken.every((t) => t.expected !== undefined);
    const verdict = changed ? `${wasText(strip)} at splice` : known ? "as it was at splice" : "";
    const label = `${thread}: ${title} got ${strip.text}`;
    return { ...base, strip, changed, verdict, label };
  });
}

function stateOf({ provenance }: SceneInput, call: CallId): ReaderState {
  if (provenance.returned.has(call)) return "returned";
  return provenance.started.has(call) ? "running" : "next";
}

/** Puts the parts that one call took together. Without all expectations there is none. */
function joined(taken: readonly Taken[]) {
  const cells = Uint8Array.from(taken.flatMap((t) => [...t.cells]));
  const writers = taken.flatMap((t) => t.writers);
  if (taken.some((t) => t.expected === undefined)) return { cells, writers };
  return { cells, writers, expected: Uint8Array.from(taken.flatMap((t) => [...t.expected!])) };
}
