// All orders in which the calls of a program can be started, or some of them.
//
// Interface: callSchedules, the first; spreadSchedules, some that are evenly spaced among all.
// Not known beforehand: which calls block, and so whether a call that waits for one that blocks can
// start. The executor skips a pick that cannot start; two lists may then be one run.

import { chainsEntered } from "../language/chains.js";
import { callsOf } from "../language/program.js";
import type { Call, CallId, Program } from "../language/program.js";

/** A program's calls in the middle of an order. */
class Front {
  readonly #program: Program;
  /** Of each thread: calls that have started. */
  readonly next: number[];
  readonly #started = new Set<CallId>();

  constructor(program: Program) {
    this.#program = program;
    this.next = program.threads.map(() => 0);
  }

  /** What a pick of the thread starts; requests start by themselves. */
  #callOf(thread: number): Call | undefined {
    const { chain, calls } = this.#program.threads[thread]!;
    return chain === undefined ? calls[this.next[thread]!] : undefined;
  }

  /** The threads whose next call can start, ascending. */
  able(): number[] {
    const canStart = (thread: number): boolean =>
      this.#callOf(thread)?.after.every((id) => this.#started.has(id)) ?? false;
    return this.next.map((_, thread) => thread).filter(canStart);
  }

  start(thread: number): void {
    for (const id of this.#startedBy(this.#callOf(thread)!)) this.#started.add(id);
    this.next[thread]!++;
  }

  takeBack(thread: number): void {
    this.next[thread]!--;
    for (const id of this.#startedBy(this.#callOf(thread)!)) this.#started.delete(id);
  }

  /** A call, and the requests that it hands over. */
  #startedBy(call: Call): CallId[] {
    const { threads } = this.#program;
    const requests = chainsEntered(call).flatMap((chain) => threads[chain]!.calls);
    return [call, ...requests].map(({ id }) => id);
  }

  /** Calls that each thread has before it. */
  left(): number[] {
    return this.#program.threads.map(({ chain, calls }, thread) =>
      chain === undefined ? calls.length - this.next[thread]! : 0,
    );
  }
}

/** Call-level interleavings as lists of thread indices, at most `limit` of them: those that prefer
 *  threads in their order come first. A call appears after the calls that it waits for; calls that
 *  wait for each other in a circle do not appear. Ask for one more than wanted to learn whether
 *  there are more. */
export function callSchedules(program: Program, limit: number): number[][] {
  const found: number[][] = [];
  const front = new Front(program);
  const picks: number[] = [];

  const visit = (): void => {
    const able = front.able();
    if (able.length === 0) found.push([...picks]);
    for (const thread of able) {
      if (found.length >= limit) return;
      front.start(thread);
      picks.push(thread);
      visit();
      picks.pop();
      front.takeBack(thread);
    }
  };
  if (limit > 0) visit();
  return found;
}

/** Some orders, and how many there are. */
export interface Spread {
  readonly orders: readonly (readonly number[])[];
  /** Undefined: more than `orders`, and too many to be counted. */
  readonly total: bigint | undefined;
}

/** `limit` of a program's orders, or all if there are no more: the first, the last, and evenly spaced between them in
 *  the order of callSchedules. Where they cannot be counted they lie as if no call waited for another. */
export function spreadSchedules(program: Program, limit: number): Spread {
  const some = callSchedules(program, limit + 1);
  if (some.length <= limit) return { orders: some, total: BigInt(some.length) };
  const counter = new Counter(program);
  const total = counter.orders();
  const steps = BigInt(Math.max(1, limit - 1));
  const orders = Array.from({ length: limit }, (_, nth) =>
    counter.order((BigInt(nth) * (total - 1n)) / steps),
  );
  const distinct = new Map(orders.map((order) => [order.join(), order]));
  return { orders: [...distinct.values()], total: counter.exact ? total : undefined };
}

/** Fronts that are counted at most: a fraction of a second. */
const FRONTS_MAX = 20_000;

/** Counts the orders behind a front. */
class Counter {
  readonly #front: Front;
  readonly #waits: boolean;
  readonly #known = new Map<string, bigint>();

  constructor(program: Program) {
    this.#front = new Front(program);
    this.#waits = callsOf(program).some(({ after }) => after.length > 0);
    this.orders();
  }

  /** Whether orders() is what callSchedules would find. */
  get exact(): boolean {
    return this.#known.size < FRONTS_MAX;
  }

  /** Orders from the present front on. */
  orders(): bigint {
    if (!this.#waits || !this.exact) return multinomial(this.#front.left());
    const key = this.#front.next.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const able = this.#front.able();
    const sum =
      able.length === 0 ? 1n : able.reduce((all, thread) => all + this.#behind(thread), 0n);
    this.#known.set(key, sum);
    return sum;
  }

  #behind(thread: number): bigint {
    this.#front.start(thread);
    const count = this.orders();
    this.#front.takeBack(thread);
    return count;
  }

  /** The order with this index, from 0 on. */
  order(index: bigint): number[] {
    const front = this.#front;
    const picks: number[] = [];
    let rank = index;
    let among = this.orders();
    for (let able = front.able(); able.length > 0; able = front.able()) {
      const shares = able.map((thread) => this.#behind(thread));
      const sum = shares.reduce((a, b) => a + b, 0n);
      rank = (rank * sum) / among;
      let nth = 0;
      for (; rank >= shares[nth]!; nth++) rank -= shares[nth]!;
      among = shares[nth]!;
      front.start(able[nth]!);
      picks.push(able[nth]!);
    }
    for (const thread of [...picks].reverse()) front.takeBack(thread);
    return picks;
  }
}

/** Orders of so many calls of each thread, where none waits. */
function multinomial(counts: readonly number[]): bigint {
  let result = 1n;
  let all = 0n;
  for (const count of counts)
    for (let nth = 1n; nth <= BigInt(count); nth++) result = (result * ++all) / nth;
  return result;
}
