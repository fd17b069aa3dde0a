// A whole stage as marks, from back to front. A new panel is a scene file, a file here and a row below.
//
// Interface: stageMarks.

import { STRIP_HEIGHT, STRIP_TOP } from "../layout.js";
import { fitText } from "../moment.js";
import type { ReaderShape } from "../readers.js";
import type { ReferenceShape } from "../references.js";
import type { StageScene } from "../stage.js";
import { cardMark, LETTER, titleMark } from "./card.js";
import { copyMarks, folioMarks } from "./folio.js";
import { g, once, shape, svg, text, tspan, type Mark, type Pen } from "./mark.js";
import { fileMarks, mappingMarks } from "./pages.js";
import { pipeMarks, socketMarks } from "./queues.js";
import { patternDefs, stripMarks } from "./strip.js";

/** The stage of one moment. */
export function stageMarks(scene: StageScene, pen: Pen): Mark[] {
  const { layout } = scene;
  const { width, height } = layout;
  const layer = (name: string, marks: readonly Mark[]): Mark => {
    const looks = { class: "layer", width, height, "aria-hidden": "true" };
    return pen.isLive ? svg(name, looks, marks) : g(name, {}, marks);
  };
  const lines = scene.references.map((line) => once(line, pen, () => referenceMark(line, pen)));
  return [
    once(layout, pen, () =>
      layer("titles", [patternDefs(pen.stage), ...layout.titles.flatMap(titleMark)]),
    ),
    ...scene.files.flatMap((file) => fileMarks(file, pen)),
    ...scene.mappings.flatMap((mapping) => mappingMarks(mapping, pen)),
    ...scene.folios.map((folio) => once(folio, pen, () => folioMarks(folio, layout, pen))),
    ...scene.pipes.flatMap((pipe) => pipeMarks(pipe, pen)),
    ...scene.sockets.flatMap((socket) => socketMarks(socket, pen)),
    layer("references", [...scene.folios.flatMap((folio) => copyMarks(folio, layout)), ...lines]),
    ...scene.readers.map((reader) => once(reader, pen, () => readerMark(reader, pen))),
  ];
}

/** A line; that of a holder glides when it points at another folio. */
function referenceMark({ key, kind, from, frame, path, end }: ReferenceShape, pen: Pen): Mark {
  const isLit = pen.lit.has(from) && pen.lit.has(`folio ${frame}`);
  const glides = pen.isLive ? { style: `d: path("${path}")` } : {};
  return g(key, { class: `reference ${kind}${isLit ? " lit" : ""}` }, [
    shape("path", "line", { d: path, ...glides }),
    shape("circle", "end", { cx: end.x, cy: end.y, r: 3 }),
  ]);
}

function readerMark(reader: ReaderShape, pen: Pen): Mark {
  const { key, box, label, state, changed, thread, verdict, strip } = reader;
  const { width } = box;
  const size = { width, height: STRIP_HEIGHT };
  const looks = ["reader", state, ...(changed === true ? ["changed"] : [])];
  const room = width - verdict.length * LETTER.sans - 12;
  const title = fitText(reader.title, room - (thread.length + 1) * LETTER.mono, LETTER.mono);
  return cardMark({ key, term: "reader", label, looks }, box, pen, [
    {
      tag: "text",
      key: "call",
      attrs: { class: "call", y: 17 },
      marks: [tspan("thread", "thread", `${thread} `), tspan("title", "call", title)],
    },
    text("verdict", width, 17, "verdict end", verdict),
    ...(strip === undefined
      ? [shape("rect", "empty", { class: "frame none", y: STRIP_TOP, ...size, rx: 3 })]
      : stripMarks(strip, { card: key, x: 0, y: STRIP_TOP, width }, pen)),
  ]);
}
