// How high the page is inside of another page, where nobody can ask it: an iframe has the height that it is given.
//
// Interface: embedHeight. Of a place of EMBED_WIDTH; a narrower one scrolls.

import type { Trace } from "../../trace/trace.js";
import { layoutOf } from "../scene/layout.js";
import { STAGE_WIDTH_MIN } from "../scene/picture.js";

/** A column of text, as pages have it. */
const EMBED_WIDTH = 800;
const PADDING = 20;
const GUTTER = 24;
/** Pixels of what stands above the stages: name, transport, models, captions. */
const ABOVE = 390;
const LANE = 54;
/** The lane of what the kernel does on its own, and what it could do next. */
const OWN = 68;
/** Of a higher stage, and of the condition below it, the reader scrolls to the rest. */
const STAGE_HEIGHT_MAX = 420;

/** In pixels. */
export function embedHeight(traces: readonly Trace[]): number {
  const columns = (EMBED_WIDTH - 2 * PADDING - (traces.length - 1) * GUTTER) / traces.length;
  const stage = layoutOf(traces, Math.max(STAGE_WIDTH_MIN, columns)).height;
  const lanes = traces[0]!.program.threads.length * LANE;
  const isOwn = traces.some(({ steps }) => steps.some((step) => step.background !== undefined));
  return Math.ceil(ABOVE + lanes + (isOwn ? OWN : 0) + Math.min(stage, STAGE_HEIGHT_MAX));
}
