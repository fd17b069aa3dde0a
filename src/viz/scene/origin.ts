// Where a byte comes from, backwards: the slot that showed it, the folio that held it, the write.
//
// Interface: Selection, Origin, originOf; Lit, Range.

import { callTitle } from "../../compare/names.js";
import { describeByte } from "../../compare/bytes.js";
import type { CallId } from "../../language/program.js";
import type { SlotRef } from "../../trace/event.js";
import type { Trace } from "../../trace/trace.js";
import type { World } from "../../trace/world.js";
import { slotRow, type Layout } from "./layout.js";
import { cellsOf, folioOf, provenanceOf, type Taken, type Writer } from "./provenance.js";
import { worldAt } from "./timeline.js";
import { PAGE_BYTES } from "./writers.js";

/** Cells of a card's strip: some of those of a reader, a slot, a frag or a folio. */
export interface Selection {
  /** The card's key, "reader 3", "slot 0:1". */
  readonly key: string;
  readonly at: number;
  readonly count: number;
}

/** A part of a strip, as fractions of it. */
export interface Range {
  readonly from: number;
  readonly size: number;
}

/** What is lit: cards by their keys, with the part of their strip or true for the whole card. */
export type Lit = ReadonlyMap<string, Range | true>;

/** Where the bytes come from. */
export interface Origin {
  readonly lit: Lit;
  readonly writer: Writer;
  /** The call that wrote them; absent for the scenario's content and holes. */
  readonly call?: CallId;
  /** The step, from 0, in which it did. */
  readonly step?: number;
  /** "0xf0 of frame 3 was written by pwrite(), call 1 of writer, at step 14." */
  readonly sentence: string;
}

/** A stretch of a frame at a moment. */
interface Place {
  readonly frame: number;
  readonly offset: number;
  readonly lenBytes: number;
  readonly done: number;
}

/** The origin of selected cells at a moment; undefined where the card shows none. */
export function originOf(
  trace: Trace,
  layout: Layout,
  selection: Selection,
  done: number,
): Origin | undefined {
  const [kind, id = ""] = selection.key.split(" ");
  if (kind === "reader") return ofReader(trace, layout, selection, Number(id), done);
  const world = worldAt(trace, done);
  const shown = shownBy(trace, world, layout, kind ?? "", id, done);
  if (shown === undefined) return undefined;
  const offset = shown.offset + selection.at * world.gridBytes;
  const lenBytes = Math.min(
    selection.count * world.gridBytes,
    shown.offset + shown.lenBytes - offset,
  );
  if (lenBytes <= 0) return undefined;
  const size = Math.ceil(shown.lenBytes / world.gridBytes);
  const lit = new Map<string, Range | true>([[selection.key, rangeOf(selection, size)]]);
  return found(trace, { frame: shown.frame, offset, lenBytes, done }, lit, world);
}

const rangeOf = ({ at, count }: { at: number; count: number }, size: number): Range => ({
  from: at / size,
  size: count / size,
});

/** What a slot, a frag or a folio shows. */
function shownBy(
  trace: Trace,
  world: World,
  layout: Layout,
  kind: string,
  id: string,
  done: number,
): { readonly frame: number; readonly offset: number; readonly lenBytes: number } | undefined {
  const [holder = 0, row = 0] = id.split(":").map(Number);
  if (kind === "folio") {
    const folio = world.folios.find(({ frame }) => frame === holder);
    return folio && { frame: folio.frame, offset: 0, lenBytes: PAGE_BYTES << folio.order };
  }
  if (kind === "slot") {
    const rows = layout.rows.pipes.get(holder) ?? 1;
    const pipe = world.pipes.find((each) => each.pipe === holder);
    return pipe?.slots.find((slot) => slotRow(slot.counter, rows) === row);
  }
  if (kind !== "frag") return undefined;
  const rows = layout.rows.sockets.get(holder) ?? 1;
  const first = provenanceOf(trace).at(done).droppedFrom(holder);
  const socket = world.sockets.find((each) => each.socket === holder);
  return socket?.frags.find((_, nth) => slotRow(first + nth, rows) === row);
}

/** A reader's bytes: back to the slot or frag that it took them from. */
function ofReader(
  trace: Trace,
  layout: Layout,
  selection: Selection,
  call: CallId,
  done: number,
): Origin | undefined {
  const taken = provenanceOf(trace).at(done).takenBy(call);
  const size = taken.reduce((sum, { cells }) => sum + cells.length, 0);
  let first = 0;
  for (const part of taken) {
    const at = selection.at - first;
    first += part.cells.length;
    if (at < 0 || at >= part.cells.length) continue;
    const count = Math.min(selection.count, part.cells.length - at);
    const range = rangeOf({ at: selection.at, count }, size);
    const lit = new Map<string, Range | true>([[selection.key, range]]);
    return ofPart(trace, layout, part, { at, count }, lit, done);
  }
  return undefined;
}

function ofPart(
  trace: Trace,
  layout: Layout,
  part: Taken,
  { at, count }: { readonly at: number; readonly count: number },
  lit: Map<string, Range | true>,
  done: number,
): Origin {
  const world = worldAt(trace, part.step);
  const grid = world.gridBytes;
  if (part.frame === undefined || part.offset === undefined)
    return told(trace, part.writers[at] ?? "initial", part.cells[at] ?? 0, lit);
  if (part.slot !== undefined) lit.set(`slot ${rowKey(part.slot, layout)}`, true);
  const place = { frame: part.frame, offset: part.offset + at * grid, lenBytes: count * grid };
  return found(trace, { ...place, done: part.step }, lit, worldAt(trace, done));
}

const rowKey = ({ pipe, counter }: SlotRef, layout: Layout): string =>
  `${pipe}:${slotRow(counter, layout.rows.pipes.get(pipe) ?? 1)}`;

/** Lights the folio, if it is still there, and finds the write. */
function found(trace: Trace, place: Place, lit: Map<string, Range | true>, now: World): Origin {
  const then = worldAt(trace, place.done);
  const { writers } = provenanceOf(trace).at(place.done);
  const part = cellsOf(then, writers, place.frame, place.offset, place.lenBytes);
  const folio = folioOf(now, place.frame);
  if (folio !== undefined) {
    const from = (place.frame - folio.frame) * PAGE_BYTES + place.offset;
    const all = PAGE_BYTES << folio.order;
    lit.set(`folio ${folio.frame}`, { from: from / all, size: place.lenBytes / all });
  }
  const writer = part.writers[0] ?? "initial";
  return told(trace, writer, part.cells[0] ?? 0, lit, place);
}

function told(trace: Trace, writer: Writer, byte: number, lit: Lit, place?: Place): Origin {
  const value = describeByte(byte, trace.outcome.values);
  const where =
    place === undefined ? "" : place.frame === 0 ? " of the zero page" : ` of frame ${place.frame}`;
  if (writer === "hole")
    return { lit, writer, sentence: `${value}${where} was written by nobody: it is a hole.` };
  if (writer === "initial")
    return { lit, writer, sentence: `${value}${where} is what the scenario began with.` };
  const { step, copies } = place === undefined ? { copies: [] } : storeBefore(trace, place, writer);
  const when = step === undefined ? "" : ` at step ${step + 1}`;
  const came = copies.map((frame) => `, in frame ${frame} of which this is a copy`).join("");
  const sentence = `${value}${where} was written by ${callTitle(trace.program, writer)}${when}${came}.`;
  return { lit, writer, call: writer, ...(step === undefined ? {} : { step }), sentence };
}

/** The last store of a call to a byte, behind copies; and the frames that were copied. */
function storeBefore(
  trace: Trace,
  { frame, offset, done }: Place,
  call: CallId,
): { readonly step?: number; readonly copies: readonly number[] } {
  const copies: number[] = [];
  let at = frame + Math.floor(offset / PAGE_BYTES);
  const byte = offset % PAGE_BYTES;
  for (let step = done - 1; step >= 0; step--) {
    const { events, world } = trace.steps[step]!;
    for (const event of events.toReversed()) {
      const isIt = event.kind === "store" && event.call === call && event.frame === at;
      if (isIt && event.offset <= byte && byte < event.offset + event.lenBytes)
        return { step, copies };
      if (event.kind !== "copy" && event.kind !== "replace") continue;
      const pages = event.kind === "copy" ? 1 : 1 << (folioOf(world, event.by)?.order ?? 0);
      if (at < event.by || at >= event.by + pages) continue;
      at = event.frame + (at - event.by);
      copies.push(at);
    }
  }
  return { copies };
}
