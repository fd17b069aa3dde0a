// A part of `kernel --random`: one executor and one model, which compare ranges of programs.
//
// Interface: Shard, LocalShard, RemoteShard, serveShard, RangeReport.
// What a range gives depends on seed and range only, and not on who does it: reports add up to the same
// for any number of shards. A remote shard is a process of its own; it gets a ShardTask, then ranges,
// and answers each with a report or says why it cannot.

import { caseOf } from "./random-case.js";
import type { Part } from "./random-case.js";
import { openKernel } from "./backends.js";
import type { KernelUse } from "./backends.js";
import { CrossChecker, sightOf } from "./cross-check.js";
import { CannotRun } from "./exit.js";
import type { Peer } from "./peer.js";
import { Tally } from "./tally.js";
import type { TallyCounts } from "./tally.js";

/** What every range of a run has in common. */
export interface ShardTask {
  readonly seed: number;
  /** What every program may have. */
  readonly parts: readonly Part[];
  readonly use: KernelUse;
}

/** Programs `first` to `first + count - 1` of the sequence. */
export interface Range {
  readonly first: number;
  readonly count: number;
}

/** What a range gave: plain data. */
export interface RangeReport {
  readonly unmodelled: number;
  /** Moments that the white box saw and that were compared. */
  readonly moments: number;
  readonly failed: readonly { readonly index: number; readonly reason: string }[];
  readonly trapped: readonly { readonly index: number; readonly reason: string }[];
  readonly diverged: readonly { readonly index: number; readonly message: string }[];
  readonly tally: TallyCounts;
}

/** Does one range after the other. */
export interface Shard {
  readonly check: (range: Range) => Promise<RangeReport>;
  readonly close: () => Promise<void>;
}

/** The shard of this process, on a checker that somebody else closes. */
export class LocalShard implements Shard {
  constructor(
    readonly checker: CrossChecker,
    readonly seed: number,
    readonly parts: readonly Part[],
  ) {}

  async check({ first, count }: Range): Promise<RangeReport> {
    const { seed, parts } = this;
    const cases = Array.from({ length: count }, (_, i) =>
      this.checker.fit(caseOf(seed, first + i, parts)),
    );
    const failed: { index: number; reason: string }[] = [];
    const trapped: { index: number; reason: string }[] = [];
    const diverged: { index: number; message: string }[] = [];
    const tally = new Tally();
    let unmodelled = 0;
    let moments = 0;
    for (const [i, checked] of (await this.checker.check(cases)).entries()) {
      const index = first + i;
      if (checked.kind === "equal") tally.add(cases[i]!.program, checked.observed, checked.allowed);
      if (checked.kind === "unmodelled") unmodelled++;
      moments += sightOf(checked)?.snapshots.length ?? 0;
      if (checked.kind === "failed") failed.push({ index, reason: checked.reason });
      if (checked.kind === "trapped") trapped.push({ index, reason: checked.reason });
      if (checked.kind === "diverged")
        diverged.push({ index, message: checked.divergence.message });
    }
    return { unmodelled, moments, failed, trapped, diverged, tally: tally.counts };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

type Answer =
  | { readonly report: RangeReport }
  | { readonly cannot: { readonly message: string; readonly remedy?: string } };

/** A shard in another process. */
export class RemoteShard implements Shard {
  readonly #peer: Peer;

  constructor(peer: Peer, task: ShardTask) {
    this.#peer = peer;
    peer.send(task);
  }

  async check(range: Range): Promise<RangeReport> {
    this.#peer.send(range);
    const answer = (await this.#peer.next()) as Answer | undefined;
    if (answer === undefined)
      throw new CannotRun("a worker process has ended", "try again with --workers 1");
    if ("report" in answer) return answer.report;
    throw new CannotRun(answer.cannot.message, answer.cannot.remedy);
  }

  close(): Promise<void> {
    return this.#peer.end();
  }
}

/** The other end of a RemoteShard: works until its parent has had enough or is gone. */
export async function serveShard(parent: Peer): Promise<void> {
  const task = (await parent.next()) as ShardTask | undefined;
  if (task === undefined) return;
  try {
    const kernel = await openKernel(task.use);
    try {
      const shard = new LocalShard(new CrossChecker(kernel), task.seed, task.parts);
      for (let range = await parent.next(); range !== undefined; range = await parent.next())
        parent.send({ report: await shard.check(range as Range) } satisfies Answer);
    } finally {
      await kernel.executor.close();
    }
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    const { message, remedy } = error;
    const cannot = remedy === undefined ? { message } : { message, remedy };
    parent.send({ cannot } satisfies Answer);
    await parent.next();
  }
  await parent.end();
}
