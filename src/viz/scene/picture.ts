// Stages side by side as one still picture: of one run, or of one schedule under several policies.
//
// Interface: PictureSide, pictureOf, Picture, linesOf.

import { explain } from "../../compare/explain.js";
import type { Trace } from "../../trace/trace.js";
import { captionOf } from "./caption.js";
import { at, g, shape, text, type Mark, type Pen } from "./draw/mark.js";
import { stageMarks } from "./draw/stage.js";
import { layoutOf, type Layout } from "./layout.js";
import { provenanceOf } from "./provenance.js";
import { stageScene } from "./stage.js";

/** One stage of a picture. */
export interface PictureSide {
  readonly trace: Trace;
  /** Steps done at the moment that is shown, and at the one that its caption counts from. */
  readonly done: number;
  readonly since: number;
  /** The sentence above it; what happened since then if absent, or at the end of the run why it ended so. */
  readonly caption?: string;
}

/** The whole picture; all measures in pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** All that it says, for those who do not see it. */
  readonly title: string;
  readonly marks: readonly Mark[];
}

/** The narrowest stage whose texts have room. */
export const STAGE_WIDTH_MIN = 326;
const PADDING = 20;
const GUTTER = 32;
const FOOT_HEIGHT = 6;
const POLICY_Y = 34;
const CAPTION_Y = 56;
const LINE_HEIGHT = 19;
/** Pixels of a letter of the caption: more than most have, as the reader's font is not known. */
const LETTER = 7.3;

/** The narrowest picture of a number of stages. */
export const pictureWidthMin = (sides: number): number =>
  2 * PADDING + (sides - 1) * GUTTER + sides * STAGE_WIDTH_MIN;

/** Draws stages of one scenario side by side; all share one plan. */
export function pictureOf(sides: readonly PictureSide[], width: number): Picture {
  const column = Math.floor((width - 2 * PADDING - (sides.length - 1) * GUTTER) / sides.length);
  const captions = sides.map(captionFor);
  const lines = sides.map((side, i) => headOf(side, i, captions[i]!, column));
  const head = CAPTION_Y + Math.max(...lines.map((l) => l.length)) * LINE_HEIGHT - 4;
  const layout = withoutIdle(sides, column);
  const height = head + layout.height + FOOT_HEIGHT;
  const drawn = sides.map((side, i) => {
    const x = PADDING + i * (column + GUTTER);
    return sideMarks(side, `side-${i}`, at(x, 0), lines[i]!, head, layout);
  });
  const paper = shape("rect", "paper", { class: "paper", width, height, rx: 8 });
  const said = sides.map(({ trace }, i) => `${trace.policy}: ${captions[i]!}`).join(" ");
  const title = `${placeOf(sides[0]!)}. ${said}`;
  return { width, height, title, marks: [paper, ...drawn] };
}

/** A line above a stage. */
interface Line {
  readonly looks: "place" | "caption";
  readonly text: string;
}

/** What stands under a side's policy: which moment of what it is, and the caption. The first side names the scenario. */
function headOf(side: PictureSide, index: number, caption: string, column: number): Line[] {
  const lettersMax = Math.floor(column / LETTER);
  const { profile } = side.trace;
  const place = `${index === 0 ? placeOf(side) : stepOf(side)}, ${profile}`;
  const cut = (looks: Line["looks"], text: string): Line[] =>
    linesOf(text, lettersMax).map((line) => ({ looks, text: line }));
  return [...cut("place", place), ...cut("caption", caption)];
}

const stepOf = ({ trace, done }: PictureSide): string => `step ${done} of ${trace.steps.length}`;
const placeOf = (side: PictureSide): string => `${side.trace.program.name}, ${stepOf(side)}`;

function captionFor({ trace, done, since, caption }: PictureSide): string {
  if (caption !== undefined) return caption;
  const isEnd = done === trace.steps.length && done > 0;
  return isEnd ? explain(trace) : captionOf(trace, since, done);
}

function sideMarks(
  { trace, done, since }: PictureSide,
  stage: string,
  transform: string,
  lines: readonly Line[],
  head: number,
  layout: Layout,
): Mark {
  const pen: Pen = { stage, isLive: false, lit: new Map() };
  return g(stage, { transform }, [
    text("policy", 0, POLICY_Y, "policy", trace.policy),
    ...lines.map(({ looks, text: line }, i) =>
      text(`line ${i}`, 0, CAPTION_Y + i * LINE_HEIGHT, looks, line),
    ),
    g("stage", { transform: at(0, head) }, [
      ...stageMarks(stageScene(trace, layout, done, since), pen),
    ]),
  ]);
}

/** The plan without the readers that have nothing yet, and without their room at its end. */
function withoutIdle(sides: readonly PictureSide[], width: number): Layout {
  const layout = layoutOf(
    sides.map(({ trace }) => trace),
    width,
  );
  const past = sides.map(({ trace, done }) => provenanceOf(trace).at(done));
  const consumers = new Map(
    [...layout.consumers].filter(([call]) => past.some((at) => at.takenBy(call).length > 0)),
  );
  const ruled = layout.titles.find((title) => title.ruled);
  const bottoms = [...consumers.values()].map((box) => box.y + box.height);
  const height = bottoms.length > 0 ? Math.max(...bottoms) : (ruled?.box.y ?? layout.height);
  const titles = consumers.size > 0 ? layout.titles : layout.titles.filter((t) => !t.ruled);
  return { ...layout, consumers, titles, height };
}

/** Cuts a sentence into as few lines as it needs, all about as long. */
export function linesOf(sentence: string, lettersMax: number): string[] {
  const fewest = filled(sentence, lettersMax).length;
  let letters = Math.ceil(sentence.length / fewest);
  while (letters < lettersMax && filled(sentence, letters).length > fewest) letters++;
  return filled(sentence, letters);
}

/** Cuts a sentence into lines, each as long as it can be. */
function filled(sentence: string, lettersMax: number): string[] {
  const lines: string[] = [];
  let rest = sentence;
  while (rest.length > lettersMax) {
    const space = rest.lastIndexOf(" ", lettersMax);
    const cut = space > 0 ? space : lettersMax;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}
