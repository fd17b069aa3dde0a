// What leaves the page: links, JSON, pictures, the scenario's text.
//
// Interface: shareOf, traceJson, fileName, pngOf; download.
// The JSON is that of `splicelab run --json` for the same token. A PNG is the SVG drawn to a canvas: the content security
// policy has to allow images from `blob:`.

import { runJsonLines } from "../../report/run.js";
import { reportOfTrace } from "../../report/trace-run.js";
import type { TraceNotes } from "../../report/trace-run.js";
import type { Trace } from "../../trace/trace.js";
import { LINK_MAX_CHARACTERS } from "../link.js";

/** A link, or a file in its place. */
export type Share =
  | { readonly kind: "link"; readonly link: string }
  | { readonly kind: "file"; readonly name: string; readonly text: string };

/** How a link travels. */
export function shareOf(link: string, scenario: string): Share {
  if (link.length <= LINK_MAX_CHARACTERS) return { kind: "link", link };
  const name = fileName([scenario], "splicelab");
  return { kind: "file", name, text: `${link.slice(link.indexOf("#") + 1)}\n` };
}

/** The lines that `splicelab run TOKEN --json` prints. */
export const traceJson = (trace: Trace, told: TraceNotes): string =>
  `${runJsonLines(reportOfTrace(trace, told)).join("\n")}\n`;

/** "mail-ordered-linux.svg": names of a scenario and of models as the name of a file. */
export function fileName(parts: readonly string[], extension: string): string {
  const words = parts.map((part) => part.replace(/[^\w.]+/g, "-").replace(/^[-.]+|-+$/g, ""));
  const name = words.filter((word) => word !== "").join("-");
  return `${name.slice(0, 100) || "splicelab"}.${extension}`;
}

/** Pixels of a PNG for each of the SVG. */
const PNG_SCALE = 2;

/** A picture of the picture. Throws where the browser cannot draw it. */
export async function pngOf(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * PNG_SCALE;
    canvas.height = image.naturalHeight * PNG_SCALE;
    const context = canvas.getContext("2d");
    context?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (context === null || blob === null) throw new Error("this browser draws no PNG");
    return blob;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Gives a file to the reader. */
export function download(name: string, content: string | Blob): void {
  const blob = typeof content === "string" ? new Blob([content], { type: "text/plain" }) : content;
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser takes the file after this task.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
