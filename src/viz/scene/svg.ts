// Marks as the text of an SVG.
//
// Interface: printMarks, escapeXml, svgStyle.

import type { Mark } from "./draw/mark.js";

/** The text of some marks. */
export const printMarks = (marks: readonly Mark[]): string => marks.map(printMark).join("");

function printMark({ tag, attrs, text, marks = [] }: Mark): string {
  const written = Object.entries(attrs)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeXml(written2(value!))}"`)
    .join("");
  const inside = `${text === undefined ? "" : escapeXml(text)}${printMarks(marks)}`;
  const open = `${tag === "g" ? "\n" : ""}<${tag}${written}`;
  return inside === "" ? `${open}/>` : `${open}>${inside}</${tag}>`;
}

/** Numbers to a hundredth of a pixel. */
const written2 = (value: string | number): string =>
  typeof value === "number" ? `${Math.round(value * 100) / 100}` : value;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text that may stand in XML, in an attribute too; characters that XML has no place for are left out. */
export const escapeXml = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replace(/[&<>"]/g, (character) => ENTITIES[character]!);
