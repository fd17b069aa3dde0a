// Which kinds of calls a generated program draws from: what a call's number decides first.
//
// Interface: kindsOf, kindWeights.

import { KINDS, MEMORY_KINDS } from "./calls.js";
import type { CallKind } from "./calls.js";
import type { Limits } from "./constraints.js";
import { SOCKET_KINDS } from "./socket-calls.js";

/** What may be drawn beside the calls on files and pipes; the first kind of all is what 0 decodes to. */
function made(sockets: boolean, memory: boolean): { kinds: CallKind[]; weights: number[] } {
  const kinds = [...KINDS, ...(memory ? MEMORY_KINDS : []), ...(sockets ? SOCKET_KINDS : [])];
  return { kinds, weights: kinds.map((kind) => kind.weight) };
}
const MADE = [false, true].map((sockets) => [false, true].map((memory) => made(sockets, memory)));
const madeFor = ({ sockets, wires, memory }: Limits) =>
  MADE[sockets || wires ? 1 : 0]![memory ? 1 : 0]!;

/** The kinds; the first is what 0 decodes to. */
export const kindsOf = (limits: Limits): readonly CallKind[] => madeFor(limits).kinds;

/** Their weights. */
export const kindWeights = (limits: Limits): readonly number[] => madeFor(limits).weights;
