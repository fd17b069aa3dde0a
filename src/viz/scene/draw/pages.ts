// The left of the stage as marks: files with their cached pages, mappings with their page tables.
//
// Interface: fileMarks, mappingMarks.

import type { MappingShape, TableEntryShape } from "../mappings.js";
import { fitText } from "../moment.js";
import type { EntryShape, FileShape } from "../page-cache.js";
import { cardMark, headMark, LETTER } from "./card.js";
import { once, shape, text, type Mark, type Pen } from "./mark.js";

/** A file and its pages. */
export function fileMarks(file: FileShape, pen: Pen): Mark[] {
  const lock = file.lock === "" ? "" : `i_rwsem: ${file.lock}`;
  const label = `file ${file.name}, ${file.size}${lock && `, ${lock}`}`;
  const identity = { key: file.key, term: "file", label, looks: ["head"] } as const;
  return [
    headMark(identity, file.box, pen, { name: file.name, note: file.size, lock }),
    ...file.pages.map((page) => once(page, pen, () => row(page, "cache-entry", "", pen))),
  ];
}

/** A mapping and its entries. */
export function mappingMarks(mapping: MappingShape, pen: Pen): Mark[] {
  const label = `mapping ${mapping.name}: ${mapping.what}`;
  const identity = { key: mapping.key, term: "mapping", label, looks: ["head"] } as const;
  return [
    headMark(identity, mapping.box, pen, { name: mapping.name, note: mapping.what, lock: "" }),
    ...mapping.entries.map((entry) => once(entry, pen, () => row(entry, "pte", entry.note, pen))),
  ];
}

function row(
  entry: EntryShape | TableEntryShape,
  term: "cache-entry" | "pte",
  note: string,
  pen: Pen,
): Mark {
  const { key, box, frame, label, title, text: words } = entry;
  const looks = ["row", ...(frame === 0 ? ["empty"] : [])];
  const { width, height } = box;
  const room = width - 26 - title.length * LETTER.sans;
  return cardMark({ key, term, label, looks }, box, pen, [
    shape("rect", "outline", { class: "outline", width, height, rx: 5 }),
    text("index", 10, 17, "index", fitText(title, width - 16, LETTER.sans)),
    ...(room < note.length * LETTER.sans ? [] : [text("note", width - 10, 17, "note end", note)]),
    text("frame", 10, 32, "at", fitText(words, width - 16, LETTER.small)),
    ...(frame > 0
      ? [shape("circle", "dot", { class: "dot", cx: width, cy: height / 2, r: 3 })]
      : []),
  ]);
}
