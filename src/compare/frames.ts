// What frames hold at one moment of a run.
//
// Interface: addressOf, cellAt, bytesAt, folioAt, takenIn.

import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import type { Trace } from "../trace/trace.js";
import type { FolioView, World } from "../trace/world.js";

/** A byte's place in memory, counted through the frames. */
export const addressOf = (at: { readonly frame: number; readonly offset: number }): number =>
  at.frame * PAGE_SIZE + at.offset;

/** The folio that a frame belongs to. */
export const folioAt = (world: World, frame: number): FolioView | undefined =>
  world.folios.find((f) => f.frame <= frame && frame < f.frame + (1 << f.order));

/** The byte at an address; undefined where no folio is. */
export function cellAt(world: World, address: number): number | undefined {
  const folio = folioAt(world, Math.floor(address / PAGE_SIZE));
  return folio?.cells[Math.floor((address - folio.frame * PAGE_SIZE) / world.gridBytes)];
}

/** The bytes of a stretch of a frame; frame 0 is the zero page. */
export function bytesAt(
  world: World,
  at: { readonly frame: number; readonly offset: number; readonly lenBytes: number },
): Uint8Array {
  const from = addressOf(at);
  return Uint8Array.from({ length: at.lenBytes }, (_, i) => cellAt(world, from + i) ?? 0);
}

/** What a step, from 0, transmitted or received of a frag; undefined where it took none. It may have freed the page. */
export function takenIn({ start, steps }: Trace, step: number): Uint8Array | undefined {
  const event = steps[step]!.events.find(({ kind }) => kind === "frag-consume");
  if (event?.kind !== "frag-consume") return undefined;
  return bytesAt(step === 0 ? start : steps[step - 1]!.world, event);
}
