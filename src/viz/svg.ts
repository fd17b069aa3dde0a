// A moment as an SVG file that needs nothing else: for `splicelab render`, for the page's export and for the README.
//
// Interface: sceneSvg; PictureSide and pictureWidthMin of scene/picture.ts.
// It has the page's colours for light and for dark, and carries the token of its runs in <metadata>,
// where src/report/recognise.ts finds them.

import tokens from "./app.css?raw";
import looks from "./panels/stage.css?raw";
import { pictureOf, type PictureSide } from "./scene/picture.js";
import { escapeXml, printMarks } from "./scene/svg.js";

export { pictureWidthMin, type PictureSide } from "./scene/picture.js";

/** What a picture shows. */
export interface SvgOptions {
  /** One side, or several from left to right: runs of one scenario. */
  readonly sides: readonly PictureSide[];
  /** In pixels; at least pictureWidthMin. */
  readonly widthPx: number;
  /** The witness token of all that is drawn, to open it again; absent where it is too long for one. */
  readonly token?: string | undefined;
}

/** The text of the file. */
export function sceneSvg({ sides, widthPx, token = "" }: SvgOptions): string {
  const { width, height, title, marks } = pictureOf(sides, widthPx);
  return `<svg xmlns="http://www.w3.org/2000/svg" class="stage" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escapeXml(title)}</title>
<metadata>${escapeXml(token)}</metadata>
<style>
${sheet()}
</style>${printMarks(marks)}
</svg>
`;
}

const HEADINGS = `.paper { fill: var(--paper); }
.policy { fill: var(--ink); font: 600 17px var(--mono); }
.place { fill: var(--muted); font: 13px var(--sans); }
.caption { fill: var(--ink); font: 13px var(--sans); }`;

function sheet(): string {
  return `${themes(tokens)}\n${HEADINGS}\n${still(looks)}`;
}

/** The page's tokens: colours for light and dark, and the fonts. */
function themes(css: string): string {
  const colours = [...css.matchAll(/(--[\w-]+): light-dark\((.+), (.+)\);/g)];
  const fonts = [...css.matchAll(/--(?:sans|mono):[^;]+;/g)].map(([font]) =>
    font.replace(/\s+/g, " "),
  );
  const set = (shade: 2 | 3): string =>
    colours.map((match) => `${match[1]!}: ${match[shade]!};`).join(" ");
  const dark = `@media (prefers-color-scheme: dark) { svg { ${set(3)} } }`;
  return `svg { ${fonts.join(" ")} ${set(2)} }\n${dark}`;
}

/** The looks without what moves or is pressed: a still picture needs neither. */
function still(css: string): string {
  return css
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/@starting-style \{[^}]*\}/g, "")
    .replace(/@media[^{]*\{(?:[^{}]*\{[^}]*\})*\s*\}/g, "")
    .replace(/transition:[^;]*;/g, "")
    .replace(/[^{}]*(?:\.hit|\.plate|data-key|\.lit)[^{}]*\{[^}]*\}/g, "")
    .replace(/[^{}]+\{\s*\}/g, "")
    .replace(/\s+/g, " ")
    .replace(/\} /g, "}\n")
    .trim();
}
