// Chains of requests: when io_uring starts each.
//
// Interface: waitsOf, chainsEntered, isRefused; isSend, isZerocopySend: what a request may send.
// A chain starts when the io_uring_enter() that hands it over has returned. Drained, it also waits until all that the
// thread's ring was given earlier has completed, and what is given later waits for it.
// Mirrors: io_uring/io_uring.c:io_drain_req(), io_queue_deferred().

import { SPLICE_F_ALL } from "../../assembly/abi/pipe.js";
import { MSG_ZEROCOPY } from "../../assembly/abi/socket.js";
import { IOSQE_IO_DRAIN } from "../../assembly/abi/uring.js";
import type { Call, CallId, Thread } from "./program.js";
import { syscallRow } from "./syscalls.js";

/** The chains that a call hands over, as indices of threads, in their order. */
export const chainsEntered = ({ operands }: Call): number[] =>
  operands.flatMap((operand) => (operand.kind === "chain" ? [operand.thread] : []));

/** Whether a call sends bytes or memory with flags. */
export const isSend = ({ syscall }: Call): boolean => syscall === "send" || syscall === "sendmsg";

/** Whether it does so without a copy. */
export function isZerocopySend(call: Call): boolean {
  const flags = call.operands.at(-1);
  return isSend(call) && flags?.kind === "int" && (flags.value & BigInt(MSG_ZEROCOPY)) !== 0n;
}

/** Whether a request has flags that io_uring refuses at once, and with it the whole chain. */
function hasBadFlags({ syscall, operands }: Call): boolean {
  const flags = operands[syscallRow(syscall).params.findIndex(({ name }) => name === "flags")];
  return flags?.kind === "int" && (flags.value & ~BigInt(SPLICE_F_ALL)) !== 0n;
}

/** Whether io_uring refuses a chain when it is handed over: no request of it is made. */
export const isRefused = ({ calls }: Thread): boolean => calls.some(hasBadFlags);

/** What the first request of each chain waits for; one that is never handed over waits for itself. */
export function waitsOf(threads: readonly Thread[]): ReadonlyMap<CallId, readonly CallId[]> {
  const waits = new Map<CallId, readonly CallId[]>();
  for (const { chain, calls } of threads) {
    const [first] = calls;
    if (chain !== undefined && first !== undefined) waits.set(first.id, [first.id]);
  }
  if (waits.size === 0) return waits;
  for (const thread of threads)
    for (const [id, on] of waitsOfRing(thread, threads)) waits.set(id, on);
  return waits;
}

/** The waits of the chains that a thread hands to its ring. */
function waitsOfRing(thread: Thread, threads: readonly Thread[]): [CallId, CallId[]][] {
  const waits: [CallId, CallId[]][] = [];
  const given: CallId[] = [];
  let drained: CallId[] = [];
  for (const call of thread.calls)
    for (const index of chainsEntered(call)) {
      const chain = threads[index]!;
      const [first, last] = [chain.calls[0], chain.calls.at(-1)];
      if (first === undefined || last === undefined) continue;
      const drains = (chain.chain! & IOSQE_IO_DRAIN) !== 0;
      const others = isRefused(chain) ? [] : drains ? given : drained;
      waits.push([first.id, [call.id, ...others]]);
      given.push(last.id);
      if (drains) drained = [...given];
    }
  return waits;
}
