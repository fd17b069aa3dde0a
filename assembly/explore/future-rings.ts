// What a splice or tee may still do to slots: they become frags, move, or are shared.
//
// Interface: foreseeSend, foreseeFrags, foreseeDrain, foreseeRings. Part of future-calls.ts.
// Not modelled: how many slots.

import { countsFrags, markProtects, sendCopies } from "../config";
import { File, TARGET_INODE, TARGET_SOCKET } from "../layout";
import { copiesSlots, foreseeSocket, readsSlots } from "../net/declare";
import { peerOf } from "../net/socket";
import { isPipe, isSocket } from "../sched/call";
import { countMode } from "../sched/declare-folio";
import {
  MODE_READ,
  OBJECT_CELLS,
  OBJECT_COUNT,
  OBJECT_FRAME,
  OBJECT_LOCK,
  OBJECT_PIPE,
  declareWrite,
} from "../touch";
import { addFlow } from "./flows";
import { hearFrames, queueOf, ringOf } from "./footprint";
import { foreseeMappings } from "./future-memory";

/** Slots become frags. */
export function foreseeSend(from: File, to: File): void {
  if (from.target == TARGET_INODE || isSocket(from)) return;
  declareWrite(OBJECT_PIPE, from.id);
  hearFrames(OBJECT_FRAME, ringOf(from.id), MODE_READ);
  hearFrames(OBJECT_COUNT, ringOf(from.id), countMode());
  foreseeSocket(to, true);
  foreseeFrags(from.id, to);
}
/** Frags point at what the slots of a ring did, or own copies of it. */
export function foreseeFrags(pipe: u32, to: File): void {
  if (countsFrags()) {
    hearFrames(OBJECT_LOCK, ringOf(pipe), MODE_READ);
    if (markProtects()) foreseeMappings();
  }
  if (sendCopies() || readsSlots(to)) hearFrames(OBJECT_CELLS, ringOf(pipe), MODE_READ);
  if (sendCopies() || copiesSlots(to)) return;
  addFlow(ringOf(pipe), queueOf(to.target == TARGET_SOCKET ? peerOf(to.id) : to.id));
}

/** Frags become slots. */
export function foreseeDrain(from: File, to: File): void {
  if (!isPipe(to)) return;
  declareWrite(OBJECT_PIPE, to.id);
  foreseeSocket(from, false);
  addFlow(queueOf(from.id), ringOf(to.id));
}

/** Slots move or are shared. */
export function foreseeRings(from: u32, to: u32): void {
  hearFrames(OBJECT_COUNT, ringOf(from), countMode());
  addFlow(ringOf(from), ringOf(to));
}
