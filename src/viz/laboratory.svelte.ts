// The state of the page: a text, the models, the timelines that were looked at, and the playhead.
//
// Interface: Laboratory, TimelineEntry.
// Data goes one way: text -> program -> runs -> playback. Components read this and call its verbs.

import { hasErrors, type Diagnostic } from "../language/diagnostic.js";
import type { Program } from "../language/program.js";
import { TooLarge } from "../model/core.js";
import { CoreTrap } from "../model/trap.js";
import { UnknownName } from "../model/options.js";
import { outcomeKey } from "../trace/outcome-key.js";
import type { Outcome } from "../trace/outcome.js";
import type { Witness } from "../trace/token.js";
import { Playback } from "./playback.svelte.js";
import { programOf, reader, whenRead } from "./reader.js";
import { choicesAt, Runner, type Choice, type ModelName, type Order, type Run } from "./runner.js";
import { firstDivergence } from "./scene/interest.js";
import { worldAt } from "./scene/timeline.js";

/** An order of threads that was looked at. */
export interface TimelineEntry {
  readonly id: number;
  /** Where it was forked from another, if it was. */
  readonly parent?: number;
  /** Steps that it has in common with its parent. */
  readonly forkedAt: number;
  /** The action of each step of the first model. */
  readonly schedule: readonly number[];
  /** Equal for equal outcomes of the first model. */
  readonly outcomeKey: string;
  readonly snapshot: Outcome["snapshot"];
  /** Copies may tear in it. */
  readonly tear: boolean;
}

/** What went wrong: with the scenario, or with splicelab itself. */
export interface Problem {
  readonly kind: "scenario" | "link" | "defect";
  readonly message: string;
  /** What to report of a defect. */
  readonly trap?: CoreTrap;
}

/** Older ones are forgotten. */
const TIMELINES_MAX = 200;

export class Laboratory {
  readonly #runner = new Runner();
  text = $state("");
  diagnostics: readonly Diagnostic[] = $state.raw([]);
  /** The text that is shown: the last one without errors. */
  shownText = $state("");
  models: readonly ModelName[] = $state.raw([]);
  timelines: readonly TimelineEntry[] = $state.raw([]);
  current = $state(0);
  problem = $state.raw<Problem | undefined>();
  playback: Playback;

  /** Whether the text has errors, so that what is shown is older. */
  readonly isStale = $derived(this.text !== this.shownText);
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

  get trace() {
    return this.playback.run.traces[0]!;
  }

  get program(): Program {
    return this.trace.program;
  }

  /** The text as the editor has it now. Errors leave what is shown as it was. */
  edit(text: string): void {
    this.#read(text, (program) => {
      const { schedule } = this.trace;
      const order = sameShape(program, this.program) ? { steps: schedule } : { picks: [] };
      const tear = this.trace.tear === true;
      const run = this.#runner.run(program, this.models, { ...order, tear });
      this.#startOver(text, run, this.playback.current.done[0]!);
    });
  }

  /** Another scenario; the models stay. */
  open(text: string): void {
    this.#read(text, (program) => {
      this.#startOver(text, this.#runner.run(program, this.models, { picks: [] }), 0);
    });
  }

  /** Reads a text; if it has no errors, what is shown of it is made. */
  #read(text: string, show: (program: Program) => void, otherwise?: () => void): void {
    this.text = text;
    const act = (): void => {
      const { program, diagnostics } = reader().parseProgram(text);
      this.diagnostics = diagnostics;
      if (program === undefined || hasErrors(diagnostics)) otherwise?.();
      else this.#guarded(() => show(program));
    };
    whenRead(act, ({ message }) => {
      this.problem = { kind: "link", message: `A part of the page did not come: ${message}` };
    });
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
    this.#read(text, show, () => {
      this.problem = {
        kind: "scenario",
        message:
          "The scenario of this link has errors: its text is below; what is drawn is another one.",
      };
    });
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
    const kept = this.timelines.filter(
      (t, i, all) => t.id === this.current || i >= all.length - 20,
    );
    const runs = kept.map((entry) => {
      const trace = this.#runner.run(this.program, [from], orderOf(entry)).traces[0]!;
      const steps = this.#runner.moved(trace, lead);
      return this.#runner.run(this.program, [lead], { steps, tear: entry.tear });
    });
    return kept.map(({ id, parent }, i) => {
      const at = kept.findIndex((t) => t.id === parent);
      if (at < 0) return entryOf(runs[i]!, id, 0);
      const [own, its] = [runs[i]!, runs[at]!].map((run) => run.traces[0]!.schedule);
      return entryOf(runs[i]!, id, commonLength(own!, its!), parent);
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
      const { stops, moment } = this.playback;
      const next = stops.find((s) => s > moment);
      if (next !== undefined) this.playback.moment = next;
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
    [this.text, this.shownText, this.models] = [text, text, models];
    this.timelines = [entryOf(run, 0, 0)];
    return run;
  }

  #startOver(text: string, run: Run, done: number): void {
    this.shownText = text;
    this.problem = undefined;
    this.timelines = [entryOf(run, 0, 0)];
    this.current = 0;
    this.playback.show(run, done);
  }

  /** Adds a timeline, unless it is there already, and shows it. */
  #add(order: Order, forkedAt: number, parent: number | undefined): void {
    const run = this.#runner.run(this.program, this.models, order);
    const made = entryOf(run, Math.max(...this.timelines.map((t) => t.id)) + 1, forkedAt, parent);
    const known = this.timelines.find(
      (t) => t.tear === made.tear && t.schedule.join() === made.schedule.join(),
    );
    if (known === undefined) this.timelines = [...this.timelines, made].slice(-TIMELINES_MAX);
    this.current = (known ?? made).id;
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

function problemOf(error: unknown): Problem {
  if (error instanceof TooLarge || error instanceof UnknownName)
    return { kind: "scenario", message: error.message };
  if (error instanceof CoreTrap) return { kind: "defect", message: error.message, trap: error };
  throw error;
}

function entryOf(run: Run, id: number, forkedAt: number, parent?: number): TimelineEntry {
  const { schedule, outcome, tear = false } = run.traces[0]!;
  const key = { outcomeKey: outcomeKey(outcome), snapshot: outcome.snapshot };
  return { id, ...(parent === undefined ? {} : { parent }), forkedAt, schedule, tear, ...key };
}

const orderOf = ({ schedule, tear }: TimelineEntry): Order => ({ steps: schedule, tear });

function commonLength(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((action, i) => action !== b[i]);
  return differs < 0 ? a.length : differs;
}

/** Whether two programs have the same threads with the same number of calls. */
const sameShape = (a: Program, b: Program): boolean =>
  a.threads.map((t) => t.calls.length).join() === b.threads.map((t) => t.calls.length).join();
