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
export type ReaderState = "next" | "running" | "blocked" | "returned";

/** A row: a consuming call and the bytes it took. */
export interface ReaderShape {
  readonly key: string;
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

/** The strips of what calls have taken: most have taken all at most moments. */
const strips = new WeakMap<readonly Taken[], Strip>();

/** All consuming calls of the scenario. */
export function readerScene(input: SceneInput): ReaderShape[] {
  const { program, layout } = input;
  const calls = callsOf(program);
  return [...layout.consumers].map(([call, box]) => {
    const title = callTitle(program, calls[call]!);
    const thread = threadName(program, threadIndexOf(program, call));
    const state = stateOf(input, call);
    const base = { key: `reader ${call}`, call, box, title, thread, state };
    const taken = input.provenance.takenBy(call);
    if (taken.length === 0) {
      const verdict = state === "returned" ? "got nothing" : state === "blocked" ? "asleep" : "";
      return { ...base, verdict, label: `${thread}: ${title}${verdict && `, ${verdict}`}` };
    }
    const strip = stripOfTaken(
      input,
      taken,
      state === "returned" ? tornCells(input, call) : undefined,
    );
    const changed = taken.some((t) => t.changed);
    // A page that was never a file's or a mapping's has no other way in.
    const isSpliced = ({ expected, frame }: Taken): boolean =>
      expected !== undefined && frame !== undefined && layout.homes.get(frame) !== undefined;
    const kept = taken.every(isSpliced) ? "as it was at splice" : "";
    const verdict = changed ? `${wasText(strip)} at splice` : kept;
    const label = `${thread}: ${title} got ${strip.text}`;
    return { ...base, strip, changed, verdict, label };
  });
}

function stripOfTaken(
  { program, values }: SceneInput,
  taken: readonly Taken[],
  torn: Uint8Array | undefined,
): Strip {
  const parts = joined(taken);
  if (torn !== undefined && torn.length === parts.cells.length)
    return stripOf(program, { ...parts, cells: torn }, values);
  let strip = strips.get(taken);
  if (strip === undefined) {
    strip = stripOf(program, parts, values);
    strips.set(taken, strip);
  }
  return strip;
}

/** Where copies take time, a call got what its copy met on the way, not what the page held when it ended. */
function tornCells({ results, values, world }: SceneInput, call: CallId): Uint8Array | undefined {
  if (values === undefined) return undefined;
  return results[call]?.data.filter((_, at) => at % world.gridBytes === 0);
}

function stateOf({ provenance, world }: SceneInput, call: CallId): ReaderState {
  if (provenance.hasReturned(call)) return "returned";
  if (!provenance.hasStarted(call)) return "next";
  const isAsleep = world.tasks.some((task) => task.call === call && task.state === "asleep");
  return isAsleep ? "blocked" : "running";
}

/** Puts the parts that one call took together. Without all expectations there is none. */
function joined(taken: readonly Taken[]) {
  const cells = Uint8Array.from(taken.flatMap((t) => [...t.cells]));
  const writers = taken.flatMap((t) => t.writers);
  if (taken.some((t) => t.expected === undefined)) return { cells, writers };
  return { cells, writers, expected: Uint8Array.from(taken.flatMap((t) => [...t.expected!])) };
}
