// The state of the page: a text, the models, the timelines that were looked at, and the playhead.
//
// Interface: Laboratory.
// Data goes one way: text -> program -> runs -> playback. Components read this and call its verbs.

import type { Diagnostic } from "../language/diagnostic.js";
import { TEXT_MAX } from "../language/limits.js";
import type { Program } from "../language/program.js";
import type { Trace } from "../trace/trace.js";
import type { Witness } from "../trace/token.js";
import { Playback } from "./playback.svelte.js";
import { problemOf, type Problem } from "./problem.js";
import { programOf } from "./reader.js";
import { choicesAt, Runner, type Choice, type ModelName, type Order, type Run } from "./runner.js";
import { firstDivergence } from "./scene/interest.js";
import { worldAt } from "./scene/timeline.js";
import {
  commonLength,
  entryOf,
  movedAlong,
  orderOf,
  withEntry,
  type TimelineEntry,
} from "./timelines.js";
import { Written, type Reading } from "./written.svelte.js";

/** UTF-16 units of a text, and folios in all moments of its run together, that are read and run between two keys. */
const QUICK = { text: 4_000, kept: 5_000 };

export class Laboratory {
  readonly #runner = new Runner();
  readonly #written = new Written();
  models: readonly ModelName[] = $state.raw([]);
  timelines: readonly TimelineEntry[] = $state.raw([]);
  current = $state(0);
  problem = $state.raw<Problem | undefined>();
  playback: Playback;

  readonly divergence = $derived.by(() => {
    const { traces, timeline } = this.playback.run;
    return firstDivergence(timeline, traces);
  });
  /** Who may go next at the playhead. */
  readonly choices: readonly Choice[] = $derived.by(() =>
    this.playback.playing
      ? []
      : choicesAt(worldAt(this.trace, this.playback.current.done[0]!), this.program),
  );

  /** Throws what the runner throws: the first scenario has to be a good one. */
  constructor(text: string, models: readonly ModelName[], order: Order, program?: Program) {
    this.playback = new Playback(this.#begin(text, models, order, program ?? programOf(text)));
  }

  /** The text as the editor has it now. */
  get text(): string {
    return this.#written.text;
  }

  /** What is wrong with the text. */
  get diagnostics(): readonly Diagnostic[] {
    return this.#written.diagnostics;
  }

  /** The text that is shown: the last one without errors. */
  get shownText(): string {
    return this.#written.shown;
  }

  /** Whether the text has errors, so that what is shown is older. */
  get isStale(): boolean {
    return this.#written.isStale;
  }

  get trace() {
    return this.playback.run.traces[0]!;
  }

  get program(): Program {
    return this.trace.program;
  }

  /** The text was changed in the editor. Errors leave what is shown as it was; what takes long waits for a pause. */
  edit(text: string): void {
    const reading = this.#reading((program) => {
      const { schedule } = this.trace;
      const order = sameShape(program, this.program) ? { steps: schedule } : { picks: [] };
      const tear = this.trace.tear === true;
      const run = this.#runner.run(program, this.models, { ...order, tear });
      this.#startOver(text, run, this.playback.current.done[0]!);
    });
    if (isQuick(text, this.trace)) this.#written.read(text, reading);
    else this.#written.readSoon(text, reading);
  }

  /** Another scenario; the models stay. */
  open(text: string): void {
    const reading = this.#reading((program) => {
      this.#startOver(text, this.#runner.run(program, this.models, { picks: [] }), 0);
    });
    this.#written.read(text, reading);
  }

  /** What becomes of a text that is read. */
  #reading(show: Reading["show"], otherwise?: Reading["otherwise"]): Reading {
    return {
      show: (program) => this.#guarded(() => show(program)),
      ...(otherwise && { otherwise }),
      failed: ({ message }) => {
        this.problem = { kind: "link", message: `A part of the page did not come: ${message}` };
      },
    };
  }

  /** All that a link carries. A scenario with errors is shown as text only. */
  openWitness(witness: Witness): void {
    const { text, profile, policy, beside, schedule, cursor, tear } = witness;
    const models = [{ profile, policy }, ...(beside ? [beside] : [])];
    const show = (program: Program): void => {
      const order = schedule.length === 0 ? { picks: [] } : { steps: schedule };
      const run = this.#runner.run(program, models, { ...order, tear: tear === true });
      this.models = models;
      this.#startOver(text, run, cursor);
    };
    const otherwise = (): void => {
      const message =
        "The scenario of this link has errors: its text is below; what is drawn is another one.";
      this.problem = { kind: "scenario", message };
    };
    this.#written.read(text, this.#reading(show, otherwise));
  }

  /** What a link to this moment carries. */
  witness(): Witness {
    const { profile, policy, schedule, tear } = this.trace;
    const [, beside] = this.models;
    const cursor = this.playback.current.done[0]!;
    const own = { text: this.shownText, profile, policy, schedule, cursor };
    return { ...own, ...(beside && { beside }), ...(tear && { tear }) };
  }

  /** One or two models; the order of the threads stays as it is. */
  setModels(models: readonly ModelName[]): void {
    this.#guarded(() => {
      const [lead] = models;
      const before = this.models[0]!;
      const isSame = lead!.profile === before.profile && lead!.policy === before.policy;
      const moved = isSame ? this.timelines : this.#moved(before, lead!);
      const shown = moved.find((t) => t.id === this.current)!;
      const run = this.#runner.run(this.program, models, orderOf(shown));
      const done = isSame ? this.playback.current.done[0]! : this.#sharePlayed(run);
      [this.models, this.timelines] = [models, moved];
      this.playback.show(run, done);
    });
  }

  /** The timelines as another leading model goes through them. */
  #moved(from: ModelName, lead: ModelName): TimelineEntry[] {
    return movedAlong(this.timelines, this.current, (entry) => {
      const trace = this.#runner.run(this.program, [from], orderOf(entry)).traces[0]!;
      const steps = this.#runner.moved(trace, lead);
      return this.#runner.run(this.program, [lead], { steps, tear: entry.tear });
    });
  }

  /** Lets an action go next at the playhead: a new timeline, the old one stays. */
  choose(action: number): void {
    const { trace } = this;
    const done = this.playback.current.done[0]!;
    const { grain } = this.playback;
    this.#guarded(() => {
      const steps = this.#runner.forked(trace, done, action, grain);
      this.#add({ steps, tear: trace.tear === true }, done, this.current);
      this.playback.step();
    });
  }

  /** Shows a schedule from its start: the witness of an outcome. */
  play(schedule: readonly number[], tear = false): void {
    this.#guarded(() => {
      this.#add({ steps: schedule, tear }, 0, undefined);
      this.playback.grain = "call";
      this.playback.moment = 0;
      this.playback.playing = true;
    });
  }

  /** Goes to a timeline, at the moment where it leaves the one that is shown. */
  goTo(id: number): void {
    const entry = this.timelines.find((t) => t.id === id);
    if (entry === undefined || id === this.current) return;
    this.#guarded(() => {
      const common = commonLength(this.trace.schedule, entry.schedule);
      const run = this.#runner.run(this.program, this.models, orderOf(entry));
      this.current = id;
      this.playback.show(run, common);
    });
  }

  #begin(text: string, models: readonly ModelName[], order: Order, program: Program): Run {
    const run = this.#runner.run(program, models, order);
    this.#written.begin(text);
    this.models = models;
    this.timelines = [entryOf(run, 0, 0)];
    return run;
  }

  #startOver(text: string, run: Run, done: number): void {
    this.#written.shown = text;
    this.problem = undefined;
    this.timelines = [entryOf(run, 0, 0)];
    this.current = 0;
    this.playback.show(run, done);
  }

  /** Adds a timeline, unless it is there already, and shows it. */
  #add(order: Order, forkedAt: number, parent: number | undefined): void {
    const run = this.#runner.run(this.program, this.models, order);
    const added = withEntry(this.timelines, run, forkedAt, parent);
    [this.timelines, this.current] = [added.entries, added.id];
    this.playback.show(run, forkedAt);
  }

  /** The place in another run that is as far along as the playhead is now. */
  #sharePlayed(run: Run): number {
    const { moment, moments } = this.playback;
    return Math.round((moment / Math.max(1, moments.length - 1)) * run.traces[0]!.steps.length);
  }

  /** What went wrong is shown; the page lives on. */
  #guarded<T>(act: () => T, otherwise?: T): T {
    try {
      return act();
    } catch (error) {
      this.problem = problemOf(error);
      return otherwise as T;
    }
  }
}

/** Whether reading a text, and a run like the one before, go unnoticed between two keys. What is too long is not read. */
const isQuick = (text: string, { steps }: Trace): boolean =>
  text.length > TEXT_MAX ||
  (text.length <= QUICK.text &&
    steps.length * (steps.at(-1)?.world.folios.length ?? 0) <= QUICK.kept);

/** Whether two programs have the same threads with the same number of calls. */
const sameShape = (a: Program, b: Program): boolean =>
  a.threads.map((t) => t.calls.length).join() === b.threads.map((t) => t.calls.length).join();
