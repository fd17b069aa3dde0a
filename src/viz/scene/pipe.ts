// The pipes: a ring of slots, each a stretch of somebody's frame.
//
// Interface: PipeShape, SlotShape, UsedPart, pipeScene, usedPart, flagsText.

import {
  PIPE_BUF_FLAG_CAN_MERGE,
  PIPE_BUF_FLAG_GIFT,
  PIPE_BUF_FLAG_PACKET,
} from "../../../assembly/abi/pipe.js";
import type { FragView, PipeView, SlotView } from "../../trace/world.js";
import { stripOf, wasText, type Strip } from "./content.js";
import { slotRow, type Box } from "./layout.js";
import { threadName, type SceneInput } from "./moment.js";
import { cellsOf, expectedOf } from "./provenance.js";

/** A pipe's heading and its slots. */
export interface PipeShape {
  readonly key: string;
  readonly pipe: number;
  readonly box: Box;
  readonly name: string;
  /** "2 of 16 slots", and which ends are closed. */
  readonly usage: string;
  /** The thread that holds the mutex. */
  readonly lock: string;
  readonly slots: readonly SlotShape[];
}

/** A row of the ring: a used slot, or a free one. */
export interface SlotShape {
  readonly key: string;
  readonly box: Box;
  readonly title: string;
  readonly used?: UsedSlot;
  readonly label: string;
}

/** A stretch of a frame that a slot or a frag shows. */
export interface UsedPart {
  readonly frame: number;
  readonly offset: number;
  /** "0 + 4096": offset and length in bytes. */
  readonly range: string;
  readonly strip: Strip;
  /** Its bytes are no longer those that it was filled with. */
  readonly changed: boolean;
  /** "was 0x00": what it was filled with, where that is another value now. */
  readonly was: string;
}

/** What a used slot shows. */
export interface UsedSlot extends UsedPart {
  readonly counter: number;
  readonly flags: string;
}

/** All pipes of the moment. */
export function pipeScene(input: SceneInput): PipeShape[] {
  return input.world.pipes.flatMap((pipe) => {
    const box = input.layout.pipes.get(pipe.pipe);
    if (box === undefined) return [];
    const lock = pipe.lockedBy === undefined ? "" : threadName(input.program, pipe.lockedBy);
    const slots = slotShapes(input, pipe);
    const base = { key: `pipe ${pipe.pipe}`, pipe: pipe.pipe, box, name: pipe.name };
    return [{ ...base, usage: usageOf(pipe), lock, slots }];
  });
}

function usageOf({ slots, maxUsage, readers, writers }: PipeView): string {
  const closed = [...(readers === 0 ? ["no reader"] : []), ...(writers === 0 ? ["no writer"] : [])];
  return [`${slots.length} of ${maxUsage} slots`, ...closed].join(", ");
}

function slotShapes(input: SceneInput, pipe: PipeView): SlotShape[] {
  const rows = input.layout.rows.pipes.get(pipe.pipe) ?? 1;
  const used = new Map(pipe.slots.map((slot) => [slotRow(slot.counter, rows), slot]));
  return Array.from({ length: rows }, (_, row) => {
    const key = `slot ${pipe.pipe}:${row}`;
    const box = input.layout.slots.get(`${pipe.pipe}:${row}`)!;
    const slot = used.get(row);
    const title = `slot ${slot?.counter ?? nextCounter(pipe, row, rows)}`;
    if (slot === undefined) return { key, box, title, label: `${title}: free` };
    const shown = usedSlot(input, slot);
    return { key, box, title, used: shown, label: partLabel(title, slot, shown.strip) };
  });
}

/** The counter that the slot of a row will have when it is filled next. */
const nextCounter = ({ head }: PipeView, row: number, rows: number): number =>
  head + ((((row - head) % rows) + rows) % rows);

function usedSlot(input: SceneInput, slot: SlotView): UsedSlot {
  return { ...usedPart(input, slot), counter: slot.counter, flags: flagsText(slot) };
}

/** What a slot or a frag shows of its frame. */
export function usedPart(
  { program, world, provenance, values }: SceneInput,
  { frame, offset, lenBytes, expected }: SlotView | FragView,
): UsedPart {
  const part = cellsOf(world, provenance.writers, frame, offset, lenBytes);
  const was = expected && { expected: expectedOf(expected, offset, lenBytes, world.gridBytes) };
  const strip = stripOf(program, { ...part, ...was }, values);
  const text = wasText(strip);
  const range = `${offset} + ${lenBytes}`;
  return { frame, offset, range, strip, changed: text !== "", was: text };
}

/** A slot or frag in words. */
export function partLabel(title: string, part: SlotView | FragView, strip: Strip): string {
  const holder = part.frame === 0 ? "the zero page" : `frame ${part.frame}`;
  return `${title}: ${part.lenBytes} bytes of ${holder} from ${part.offset}, ${strip.text}`;
}

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [PIPE_BUF_FLAG_CAN_MERGE, "merge"],
  [PIPE_BUF_FLAG_PACKET, "packet"],
  [PIPE_BUF_FLAG_GIFT, "gift"],
];

/** Flags of a slot in words. */
export function flagsText({ flags }: { readonly flags: number }): string {
  const names = FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  return names.length === 0 ? "no flags" : names.join(", ");
}
