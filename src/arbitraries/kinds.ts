// Which kinds of calls a generated program draws from: what a call's number decides first.
//
// Interface: kindsOf, kindWeights.

import { KINDS } from "./calls.js";
import type { CallKind } from "./calls.js";
import type { Limits } from "./constraints.js";
import { SOCKET_KINDS } from "./socket-calls.js";

const WITH_SOCKETS = [...KINDS, ...SOCKET_KINDS];
const weightsOf = (kinds: readonly CallKind[]): number[] => kinds.map((kind) => kind.weight);
const WEIGHTS = weightsOf(KINDS);
const WEIGHTS_WITH_SOCKETS = weightsOf(WITH_SOCKETS);

/** The kinds; the first is what 0 decodes to. */
export const kindsOf = ({ sockets, wires }: Limits): readonly CallKind[] =>
  sockets || wires ? WITH_SOCKETS : KINDS;

/** Their weights. */
export const kindWeights = ({ sockets, wires }: Limits): readonly number[] =>
  sockets || wires ? WEIGHTS_WITH_SOCKETS : WEIGHTS;
