// The text of a scenario with all its wires of one kind, as --wire asks for it.
//
// Interface: WIRE_KINDS, WireKind, rewired.

import { Reporter } from "./diagnostic.js";
import { parseText } from "./parse.js";

/** Behind a network card, or over loopback. */
export const WIRE_KINDS = ["loopback", "nic"] as const;
export type WireKind = (typeof WIRE_KINDS)[number];

/** The text with `loopback` at every wire, or at none; a text that cannot be read stays as it is. */
export function rewired(text: string, kind: WireKind): string {
  const ast = parseText(text, new Reporter(text));
  // The last one first: so the places of the others stay.
  return (ast?.wires ?? []).reduceRight((now, { name, loopback }) => {
    if ((loopback !== undefined) === (kind === "loopback")) return now;
    if (loopback === undefined) return `${now.slice(0, name.to)} loopback${now.slice(name.to)}`;
    return now.slice(0, loopback.from).trimEnd() + now.slice(loopback.to);
  }, text);
}
