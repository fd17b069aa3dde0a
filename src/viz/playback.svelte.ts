// Where the playhead is, and how it moves.
//
// Interface: Playback, SPEEDS. Runs are read-only; only which one is shown, the playhead, the grain, the
// speed and whether it plays are state.

import type { Grain, Run } from "./runner.js";
import { interestsAt } from "./scene/interest.js";
import type { Moment } from "./scene/timeline.js";

/** How many times as fast. */
export const SPEEDS = [0.5, 1, 2, 4] as const;

/** The playhead over a run. */
export class Playback {
  run: Run = $state.raw(undefined as never);

  /** Index into the timeline's moments. */
  moment = $state(0);
  grain = $state<Grain>("call");
  speed = $state<number>(1);
  playing = $state(false);
  /** Whether the playhead came here by a jump: what a step moves glides, what a jump changes is there at once. */
  jumped = $state(false);

  /** The moments at which the playhead may rest. */
  readonly stops = $derived.by(() => {
    const all = this.moments.map((_, i) => i);
    return this.grain === "step" ? all : all.filter((i) => this.#at(i).endsCall);
  });
  /** The moments worth a look, with why. */
  readonly interests = $derived(interestsAt(this.run.timeline, this.run.traces));
  /** How many stops lie before the playhead, the one it rests on included; the start is 0. */
  readonly stop = $derived(countUpTo(this.stops, this.moment) - 1);
  readonly current: Moment = $derived.by(() => this.#at(this.moment));
  /** The moment that the caption counts from. */
  readonly before: Moment = $derived.by(() => this.#at(this.#stopBefore()));
  readonly atStart = $derived(this.moment === 0);
  readonly atEnd = $derived.by(() => this.moment === this.moments.length - 1);

  constructor(run: Run) {
    this.run = run;
  }

  get moments(): readonly Moment[] {
    return this.run.timeline.moments;
  }

  /** Shows another run, at the first moment at which its first side has done so many steps. */
  show(run: Run, done: number): void {
    this.run = run;
    this.playing = false;
    this.jumped = true;
    const at = run.timeline.moments.findIndex((m) => m.done[0]! >= done);
    this.moment = at < 0 ? run.timeline.moments.length - 1 : at;
    if (!this.#at(this.moment).endsCall) this.grain = "step";
  }

  #at(moment: number): Moment {
    const found = this.moments[moment];
    if (found === undefined) throw new RangeError(`there is no moment ${moment}`);
    return found;
  }

  #stopBefore(): number {
    return this.stops[countUpTo(this.stops, this.moment - 1) - 1] ?? 0;
  }

  /** Forward to the next stop; at the end it stays and stops playing. */
  step(): void {
    const next = this.stops[countUpTo(this.stops, this.moment)];
    if (next === undefined) this.playing = false;
    else this.#glideTo(next);
  }

  /** Back to the stop before. */
  back(): void {
    this.playing = false;
    this.#glideTo(this.#stopBefore());
  }

  #glideTo(moment: number): void {
    this.jumped = false;
    this.moment = moment;
  }

  /** To the next moment that is worth a look, or to the one before; it stays if there is none. */
  leap(by: 1 | -1): void {
    this.playing = false;
    for (let at = this.moment + by; at >= 0 && at < this.moments.length; at += by)
      if (this.interests[at]!.size > 0) {
        this.goTo(at);
        return;
      }
  }

  /** To a moment; where it is none of the stops, every step becomes one. */
  goTo(moment: number): void {
    this.playing = false;
    this.jumped = true;
    if (!this.#at(moment).endsCall) this.grain = "step";
    this.moment = moment;
  }

  /** To the stop that is nearest to a moment. */
  seek(moment: number): void {
    this.playing = false;
    this.jumped = true;
    const wanted = Math.min(moment, this.moments.length - 1);
    const above = Math.min(countUpTo(this.stops, wanted), this.stops.length - 1);
    const [low, high] = [this.stops[Math.max(0, above - 1)]!, this.stops[above]!];
    this.moment = Math.abs(wanted - low) <= Math.abs(high - wanted) ? low : high;
  }

  /** Plays from here, or from the start when it is at the end; or pauses. */
  toggle(): void {
    if (!this.playing && this.atEnd) this.seek(0);
    this.playing = !this.playing;
  }

  /** Changes the grain; the playhead stays where the new grain has a stop. */
  setGrain(grain: Grain): void {
    this.grain = grain;
    this.moment = this.stops[countUpTo(this.stops, this.moment) - 1] ?? 0;
  }
}

/** How many of some ascending numbers are at most `limit`. */
function countUpTo(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
