// The pipes: a ring of slots, each a stretch of somebody's frame.
//
// Interface: PipeShape, SlotShape, pipeScene.

import {
  PIPE_BUF_FLAG_CAN_MERGE,
  PIPE_BUF_FLAG_GIFT,
  PIPE_BUF_FLAG_PACKET,
} from "../../../assembly/abi/pipe.js";
import type { PipeView, SlotView } from "../../trace/world.js";
import { stripOf, wasText, type Strip } from "./content.js";
import { slotRow, type Box } from "./layout.js";
import { threadName, type SceneInput } from "./moment.js";
import { cellsOf } from "./provenance.js";

/** A pipe's heading and its slots. */
export interface PipeShape {
  readonly pipe: number;
  readonly box: Box;
  readonly name: string;
  /** "2 of 16 slots". */
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
}

/** What a used slot shows. */
export interface UsedSlot {
  readonly frame: number;
  /** "0 + 4096": offset and length in bytes. */
  readonly range: string;
  readonly flags: string;
  readonly strip: Strip;
  /** Its bytes are no longer those that it was filled with. */
  readonly changed: boolean;
  /** "was 0x00": what it was filled with, where that is another value now. */
  readonly was: string;
  readonly label: string;
}

/** All pipes of the moment. */
export function pipeScene(input: SceneInput): PipeShape[] {
  return input.world.pipes.flatMap((pipe) => {
    const box = input.layout.pipes.get(pipe.pipe);
    if (box === undefined) return [];
    const usage = `${pipe.slots.length} of ${pipe.maxUsage} slots`;
    const lock = pipe.lockedBy === undefined ? "" : threadName(input.program, pipe.lockedBy);
    const slots = slotShapes(input, pipe);
    return [{ pipe: pipe.pipe, box, name: pipe.name, usage, lock, slots }];
  });
}

function slotShapes(input: SceneInput, pipe: PipeView): SlotShape[] {
  const shapes: SlotShape[] = [];
  for (let row = 0; input.layout.slots.has(`${pipe.pipe}:${row}`); row++) {
    const key = `${pipe.pipe}:${row}`;
    const box = input.layout.slots.get(key)!;
    const slot = pipe.slots.find((s) => slotRow(s.counter, pipe.maxUsage) === row);
    const title = `slot ${slot?.counter ?? row}`;
    shapes.push({ key, box, title, ...(slot && { used: usedSlot(input, title, slot) }) });
  }
  return shapes;
}

function usedSlot({ program, world, provenance }: SceneInput, title: string, slot: SlotView) {
  const { frame, offset, lenBytes } = slot;
  const part = cellsOf(world, provenance.writers, frame, offset, lenBytes);
  const strip = stripOf(program, { ...part, ...(slot.expected && { expected: slot.expected }) });
  const was = wasText(strip);
  const changed = was !== "";
  const flags = flagsText(slot);
  const holder = frame === 0 ? "the zero page" : `frame ${frame}`;
  const range = `${offset} + ${lenBytes}`;
  const label = `${title}: ${lenBytes} bytes of ${holder} from ${offset}, ${strip.text}`;
  return { frame, range, flags, strip, changed, was, label };
}

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [PIPE_BUF_FLAG_CAN_MERGE, "merge"],
  [PIPE_BUF_FLAG_PACKET, "packet"],
  [PIPE_BUF_FLAG_GIFT, "gift"],
];

function flagsText(slot: SlotView): string {
  const names = FLAG_NAMES.filter(([bit]) => (slot.flags & bit) !== 0).map(([, name]) => name);
  return names.length === 0 ? "no flags" : names.join(", ");
}
