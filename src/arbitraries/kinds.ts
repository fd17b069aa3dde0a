// Which kinds of calls a generated program draws from: what a call's number decides first.
//
// Interface: kindsOf, kindWeights.

import { KINDS, MEMORY_KINDS } from "./calls.js";
import type { CallKind } from "./calls.js";
import { DEVICE_KINDS } from "./device-calls.js";
import type { Limits } from "./constraints.js";
import { SOCKET_KINDS } from "./socket-calls.js";
import { STORAGE_KINDS } from "./storage-calls.js";

interface Made {
  readonly kinds: readonly CallKind[];
  readonly weights: readonly number[];
}

/** What may be drawn beside the calls on files and pipes, each under its bit. */
const GROUPS: readonly (readonly CallKind[])[] = [
  MEMORY_KINDS,
  SOCKET_KINDS,
  STORAGE_KINDS,
  DEVICE_KINDS,
];

/** The kinds of the groups in a word; the first kind of all is what 0 decodes to. */
function made(word: number): Made {
  const kinds = [...KINDS, ...GROUPS.flatMap((group, bit) => ((word >> bit) & 1 ? group : []))];
  return { kinds, weights: kinds.map((kind) => kind.weight) };
}
const MADE = Array.from({ length: 1 << GROUPS.length }, (_, word) => made(word));
const madeFor = ({ memory, sockets, wires, storage, devices }: Limits): Made =>
  MADE[(memory ? 1 : 0) | (sockets || wires ? 2 : 0) | (storage ? 4 : 0) | (devices ? 8 : 0)]!;

/** The kinds; the first is what 0 decodes to. */
export const kindsOf = (limits: Limits): readonly CallKind[] => madeFor(limits).kinds;

/** Their weights. */
export const kindWeights = (limits: Limits): readonly number[] => madeFor(limits).weights;
