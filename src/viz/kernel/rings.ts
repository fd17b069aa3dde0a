// The rings that the white box saw at one moment, in words.
//
// Interface: ringsOf, Ring.

import type { PipeSeen, SlotSeen, Snapshot } from "../../trace/snapshot.js";
import type { World } from "../../trace/world.js";
import { flagsText } from "../scene/pipe.js";

/** A pipe's ring. */
export interface Ring {
  /** "p: 2 of 16 slots used, head 2, tail 0". */
  readonly title: string;
  /** "slot 0: 0 + 4096, no flags". */
  readonly slots: readonly string[];
}

/** Slots of a ring that are told one by one. */
const SLOTS_MAX = 16;

/** The rings, each once. `nameOf`: what to call a descriptor whose pipe has no name. */
export function ringsOf({ pipes }: Snapshot, world: World, nameOf: (fd: number) => string): Ring[] {
  const ids = new Set<bigint>();
  const each = pipes.filter(({ id }) => !ids.has(id) && ids.add(id));
  return each.map((pipe) => ringOf(pipe, pipeName(world, pipe.fd) ?? nameOf(pipe.fd)));
}

function ringOf({ head, tail, maxUsage, slots }: PipeSeen, name: string): Ring {
  const told = slots.slice(0, SLOTS_MAX).map(slotText);
  const more = slots.length - told.length;
  return {
    title: `${name}: ${head - tail} of ${maxUsage} slots used, head ${head}, tail ${tail}`,
    slots: more > 0 ? [...told, `and ${more} more`] : told,
  };
}

const slotText = (slot: SlotSeen): string =>
  `slot ${slot.counter}: ${slot.offset} + ${slot.lenBytes}, ${flagsText(slot)}`;

function pipeName({ files, pipes }: World, fd: number): string | undefined {
  const target = files.find(({ fds }) => fds.includes(fd))?.target;
  const number = target !== undefined && "pipe" in target ? target.pipe : undefined;
  return pipes.find(({ pipe }) => pipe === number)?.name;
}
