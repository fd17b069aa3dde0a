// Both stages as one still picture: the end of the first round in which both sides have read.
//
// Interface: PictureScene, PictureSide, pictureScene, PICTURE_WIDTH, HEAD_HEIGHT.

import type { CallId } from "../../language/program.js";
import { captionOf } from "./caption.js";
import { layoutOf, type Layout } from "./layout.js";
import { provenanceOf } from "./provenance.js";
import { stageScene, type StageScene } from "./stage.js";
import type { Run } from "../runner.js";

/** All measures in pixels. */
export const PICTURE_WIDTH = 900;
/** Room above a stage for its policy and its caption. */
export const HEAD_HEIGHT = 88;
const PADDING = 20;
const GUTTER = 32;
const FOOT_HEIGHT = 4;
const COLUMN = (PICTURE_WIDTH - 2 * PADDING - GUTTER) / 2;
/** Characters in a line of the caption: fewer than fit, as the reader's font is not known. */
const LINE_CHARS = 46;

/** One side. */
export interface PictureSide {
  readonly policy: string;
  readonly x: number;
  /** The caption, cut into lines. */
  readonly lines: readonly string[];
  readonly scene: StageScene;
}

/** The whole picture. */
export interface PictureScene {
  readonly height: number;
  readonly sides: readonly PictureSide[];
}

/** The picture of two runs on one schedule. Throws if there is no round after which both have read. */
export function pictureScene({ traces, timeline }: Run): PictureScene {
  const provenances = traces.map(provenanceOf);
  const takenBy = (side: number, done: readonly number[]): CallId[] =>
    provenances[side]![done[side]!]!.taken.map((t) => t.call);
  const rests = timeline.moments.filter((m) => m.endsCall);
  const read = (done: readonly number[]): boolean =>
    takenBy(0, done).length > 0 && takenBy(1, done).length > 0;
  const found = rests.findIndex(({ done }) => read(done));
  if (found < 1) throw new Error("there is no round after which both sides have read");
  const [from, to] = [rests[found - 1]!.done, rests[found]!.done];
  const layout = onlyReaders(layoutOf(traces, COLUMN), [...takenBy(0, to), ...takenBy(1, to)]);
  const sides = traces.map((trace, side) => ({
    policy: trace.policy,
    x: PADDING + side * (COLUMN + GUTTER),
    lines: linesOf(captionOf(trace, from[side]!, to[side]!)),
    scene: stageScene(trace, provenances[side]!, layout, to[side]!),
  }));
  return { height: HEAD_HEIGHT + layout.height + FOOT_HEIGHT, sides };
}

/** A layout without the readers that have nothing yet, and without their room at its end. */
function onlyReaders(layout: Layout, readers: readonly CallId[]): Layout {
  const consumers = new Map([...layout.consumers].filter(([call]) => readers.includes(call)));
  const height = Math.max(...[...consumers.values()].map((box) => box.y + box.height));
  return { ...layout, consumers, height };
}

/** Cuts a sentence into lines, where it pauses if there is a comma. */
function linesOf(text: string): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > LINE_CHARS) {
    const pause = rest.lastIndexOf(", ", LINE_CHARS - 1) + 1;
    const at = pause > 0 ? pause : rest.lastIndexOf(" ", LINE_CHARS);
    lines.push(rest.slice(0, at));
    rest = rest.slice(at + 1);
  }
  return [...lines, rest];
}
