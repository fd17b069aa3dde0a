// Where the playhead is, and how it moves.
//
// Interface: Playback. The traces and the axis are read-only; only the playhead, the grain and whether
// it plays are state.

import type { Trace } from "../trace/trace.js";
import { alignTraces, type Moment, type Timeline } from "./scene/timeline.js";

/** How far one press goes: to the end of the call, or one step. */
export type Grain = "call" | "step";

/** The playhead over two traces of one scenario. */
export class Playback {
  readonly traces: readonly [Trace, Trace];
  readonly timeline: Timeline;

  /** Index into the timeline's moments. */
  moment = $state(0);
  grain = $state<Grain>("call");
  playing = $state(false);

  /** The moments at which the playhead may rest. */
  readonly stops = $derived.by(() => {
    const all = this.timeline.moments.map((_, i) => i);
    return this.grain === "step" ? all : all.filter((i) => this.#at(i).endsRound);
  });
  /** How many stops lie before the playhead, the one it rests on included; the start is 0. */
  readonly stop = $derived(this.stops.filter((s) => s <= this.moment).length - 1);
  readonly current: Moment = $derived.by(() => this.#at(this.moment));
  /** The moment that the caption counts from. */
  readonly before: Moment = $derived.by(() => this.#at(this.#stopBefore()));
  readonly atStart = $derived(this.moment === 0);
  readonly atEnd = $derived.by(() => this.moment === this.timeline.moments.length - 1);

  constructor(traces: readonly [Trace, Trace]) {
    this.traces = traces;
    this.timeline = alignTraces(...traces);
  }

  #at(moment: number): Moment {
    const found = this.timeline.moments[moment];
    if (found === undefined) throw new RangeError(`there is no moment ${moment}`);
    return found;
  }

  #stopBefore(): number {
    return this.stops.findLast((s) => s < this.moment) ?? 0;
  }

  /** Forward to the next stop; at the end it stays and stops playing. */
  step(): void {
    const next = this.stops.find((s) => s > this.moment);
    if (next === undefined) this.playing = false;
    else this.moment = next;
  }

  /** Back to the stop before. */
  back(): void {
    this.playing = false;
    this.moment = this.#stopBefore();
  }

  /** To the stop that is nearest to a moment. */
  seek(moment: number): void {
    this.playing = false;
    const wanted = Math.min(moment, this.timeline.moments.length - 1);
    const away = (stop: number): number => Math.abs(stop - wanted);
    this.moment = this.stops.reduce((best, s) => (away(s) < away(best) ? s : best), 0);
  }

  /** Plays from here, or from the start when it is at the end; or pauses. */
  toggle(): void {
    if (!this.playing && this.atEnd) this.moment = 0;
    this.playing = !this.playing;
  }

  /** Changes the grain; the playhead stays where the new grain has a stop. */
  setGrain(grain: Grain): void {
    this.grain = grain;
    this.moment = this.stops.findLast((s) => s <= this.moment) ?? 0;
  }
}
