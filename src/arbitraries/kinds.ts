// Which kinds of calls a generated program draws from: what a call's number decides first.
//
// Interface: kindsOf, kindWeights.

import { ACCESS_KINDS, KINDS, MEMORY_KINDS } from "./calls.js";
import type { CallKind } from "./calls.js";
import { DEVICE_KINDS } from "./device-calls.js";
import { DIRECT_KINDS } from "./direct-calls.js";
import type { Limits } from "./constraints.js";
import { FIFO_KINDS } from "./fifo-calls.js";
import { MEMFD_KINDS } from "./memfd-calls.js";
import { MOVE_KINDS } from "./move-calls.js";
import { BORROW_KINDS, SOCKET_KINDS } from "./socket-calls.js";
import { CACHES_KINDS, STORAGE_KINDS } from "./storage-calls.js";
import { VECTOR_KINDS } from "./vector-calls.js";

interface Made {
  readonly kinds: readonly CallKind[];
  readonly weights: readonly number[];
}

const made = new Map<string, Made>();

/** What may be drawn; the calls on files and pipes stand first, and the first kind of all is what 0 decodes to. */
function madeFor(limits: Limits): Made {
  const { sockets, wires, memory, moves, storage, caches, devices, fifos, direct } = limits;
  const { vectors, memfds } = limits;
  const others = [storage, caches, devices, fifos, direct, vectors, memfds];
  const key = [sockets || wires, memory, moves, ...others].join(" ");
  const known = made.get(key);
  if (known !== undefined) return known;
  const kinds = [
    ...KINDS,
    ...(memory ? MEMORY_KINDS : moves ? ACCESS_KINDS : []),
    ...(sockets || wires ? SOCKET_KINDS : []),
    ...(moves ? MOVE_KINDS : []),
    ...((sockets || wires) && moves ? BORROW_KINDS : []),
    ...(storage ? STORAGE_KINDS : []),
    ...(caches ? CACHES_KINDS : []),
    ...(devices ? DEVICE_KINDS : []),
    ...(fifos ? FIFO_KINDS : []),
    ...(direct ? DIRECT_KINDS : []),
    ...(vectors ? VECTOR_KINDS : []),
    ...(memfds ? MEMFD_KINDS : []),
  ];
  const fresh = { kinds, weights: kinds.map((kind) => kind.weight) };
  made.set(key, fresh);
  return fresh;
}

/** The kinds; the first is what 0 decodes to. */
export const kindsOf = (limits: Limits): readonly CallKind[] => madeFor(limits).kinds;

/** Their weights. */
export const kindWeights = (limits: Limits): readonly number[] => madeFor(limits).weights;
