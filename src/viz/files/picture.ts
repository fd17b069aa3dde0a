// The picture of the moment that the page shows, as the text of an SVG.
//
// Interface: momentSvg.

import { pictureWidthMin, sceneSvg, type PictureSide } from "../svg.js";

/** Pixels of a stage: as wide as a page of text shows it. */
const STAGE_WIDTH = 560;

/** Draws the stages side by side. `token`: what opens the page at this moment; the picture carries it. */
export function momentSvg(sides: readonly PictureSide[], token: string): string {
  const widthPx = Math.max(pictureWidthMin(sides.length), STAGE_WIDTH * sides.length);
  return sceneSvg({ sides, widthPx, token });
}
