// One question from its first state to its last witness, in slices: what the worker does.
//
// Interface: Session, Host. Outcomes first, and how the search ended; then the cheapest witness of each, as the command line
// looks for them; an outcome whose cheapest is not found in time keeps the search's own way. Between two slices the host
// lets messages come through: "stop" ends what is under way, "way" asks for one witness before the others.

import { settle } from "../../compare/judge.js";
import { waitIn, waitText } from "../../compare/waits.js";
import { hashOf } from "../../model/asked.js";
import { Core, TooLarge } from "../../model/core.js";
import type { Setup } from "../../model/core.js";
import { TooLargeToExplore } from "../../model/exploration.js";
import { UnknownName } from "../../model/options.js";
import { parsePolicy } from "../../model/policies.js";
import { parseProfile } from "../../model/profiles.js";
import { CoreTrap } from "../../model/trap.js";
import { WantedWitnesses, shortOf } from "../../model/wanted-witnesses.js";
import type { Witness } from "../../model/wanted-witnesses.js";
import { ENVIRONMENT } from "../../trace/environment.js";
import { Findings } from "./findings.js";
import { BOUNDS } from "./protocol.js";
import type { Answer, Ended, Failed, Question, Reached, WaitFinding } from "./protocol.js";
import { Slices, aWhile } from "./slices.js";
import { openSource } from "./source.js";
import type { Source } from "./source.js";

/** The world outside of a session. */
export interface Host {
  /** Brings the core. */
  readonly ready: () => Promise<void>;
  /** Milliseconds since some moment. */
  readonly now: () => number;
  /** Lets messages come through. */
  readonly breathe: () => Promise<void>;
  readonly post: (answer: Answer) => void;
}

/** Between two messages of progress. */
const TICK_MS = 100;
/** Of each tick, for ways to outcomes that were just found: whoever ends the worker has these. */
const EAGER_MS = 5;
/** For what was found and not yet read, where a search is stopped. */
const FINISH_MS = 30;
/** For ways to the outcomes whose cheapest witness was not found: of thousands nobody wants to see each. */
const WAYS_MS = 2000;

/** One question. */
export class Session {
  readonly #question: Question;
  readonly #host: Host;
  readonly #findings: Findings;
  /** For replays. */
  #scratch: Core | undefined;
  readonly #started: number;
  #waits: readonly WaitFinding[] = [];
  #phase: Reached["phase"];
  #isStopped = false;
  #posted: number;
  /** The outcome whose witness somebody waits for. */
  #wanted: string | undefined;
  /** Serves it, when nothing else is under way. */
  #open: (() => Promise<void>) | undefined;

  constructor(question: Question, host: Host) {
    this.#question = question;
    this.#host = host;
    this.#findings = new Findings(question.program);
    this.#phase = question.sample ? "sample" : "search";
    this.#started = this.#posted = host.now();
  }

  /** Ends what is under way. */
  stop(): void {
    this.#isStopped = true;
  }

  /** The witness of this outcome before all others. */
  want(key: string): void {
    this.#wanted = key;
    void this.#open?.();
  }

  /** Answers the question; whatever goes wrong is an answer, too. */
  async run(): Promise<void> {
    await this.#safely(async () => {
      await this.#host.ready();
      const setup = setupOf(this.#question);
      await this.#run(openSource(this.#question, setup, this.#findings, this.#host.now), setup);
    });
  }

  async #safely(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#open = undefined;
      this.#host.post({ kind: "failed", failed: failureOf(error) });
    }
  }

  async #run(source: Source, setup: Setup): Promise<void> {
    const { post, now } = this.#host;
    for (let more = true; more && !this.#isStopped;) {
      more = source.step();
      await this.#rest(source, setup);
    }
    if (this.#isStopped) aWhile(now, () => source.read(), FINISH_MS);
    const found = source.waits();
    this.#waits = found.map(({ task, schedule }) =>
      this.#waitFinding(setup, task, this.#shortOf(setup, schedule)),
    );
    this.#tell(source);
    post({ kind: "ended", ended: this.#ended(source, setup) });
    this.#phase = "witnesses";
    if (!this.#isStopped) await this.#minimal(source, setup);
    const until = now() + WAYS_MS;
    while (!this.#isStopped && now() < until && this.#eager(source, setup))
      await this.#rest(source, setup);
    await this.#rest(source, setup);
    this.#tell(source);
    this.#open = () => this.#safely(() => this.#rest(source, setup));
    post({ kind: this.#findings.all.some(({ witness }) => !witness) ? "settled" : "idle" });
  }

  /** After a slice: news for the page, and its messages. */
  async #rest(source: Source, setup: Setup): Promise<void> {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    if (wanted !== undefined && this.#findings.at(wanted)?.witness === undefined)
      this.#way(source, setup, wanted);
    if (wanted !== undefined || this.#host.now() - this.#posted >= TICK_MS) {
      this.#eager(source, setup);
      this.#tell(source);
    }
    await this.#host.breathe();
  }

  /** Ways to outcomes that have no witness, for some time; whether there are more. */
  #eager(source: Source, setup: Setup): boolean {
    const open = this.#findings.all.filter(({ witness }) => witness === undefined);
    return (
      open.length > 0 &&
      aWhile(
        this.#host.now,
        () => {
          this.#way(source, setup, open.shift()!.key);
          return open.length > 0;
        },
        EAGER_MS,
      )
    );
  }

  /** The search's own way to an outcome as its witness. */
  #way(source: Source, setup: Setup, key: string): void {
    if (this.#findings.at(key) === undefined) return;
    this.#findings.witness(key, this.#shortOf(setup, source.wayTo(key)));
  }

  /** The search for the cheapest witness of each; what the first search did not use of the memory is its own. */
  async #minimal(source: Source, setup: Setup): Promise<void> {
    const open = new Set(this.#findings.all.map(({ key }) => key));
    const tasks = this.#waits.map(({ task }) => task);
    const wanted = { goals: [...open].map((key) => [key]), waits: tasks };
    const memoryBytes = BOUNDS.memoryBytes - source.progress().bytes;
    const search = new WantedWitnesses(new Core(), setup, wanted, memoryBytes);
    const { now } = this.#host;
    const slices = new Slices(now);
    let left: number = BOUNDS.witnessTransitions;
    for (let more = true, found = true; more || found;) {
      more &&= !this.#isStopped && left > 0;
      if (more)
        more = slices.run((amount) => {
          left -= amount;
          return search.run(amount) && search.missing() > 0;
        }, left);
      found = aWhile(now, () => this.#harvest(search, open));
      await this.#rest(source, setup);
    }
    this.#waits = tasks.map((task, nth) => {
      const witness = search.wait(task) ?? this.#waits[nth]!.witness!;
      return this.#waitFinding(setup, task, witness);
    });
  }

  /** Takes over one witness; whether there was any. */
  #harvest(search: WantedWitnesses, open: Set<string>): boolean {
    for (const key of open) {
      const witness = search.outcome(key);
      if (!witness) continue;
      this.#findings.witness(key, witness);
      return open.delete(key);
    }
    return false;
  }

  #shortOf(setup: Setup, schedule: readonly number[]): Witness {
    return shortOf((this.#scratch ??= new Core()), setup, schedule);
  }

  #waitFinding(setup: Setup, task: number, witness: Witness): WaitFinding {
    const core = (this.#scratch ??= new Core());
    core.reset(setup);
    for (const action of witness.schedule) core.step(action);
    const wait = waitIn(setup.program, core.world(), task);
    return { task, text: wait === undefined ? "" : waitText(wait), witness };
  }

  #reached(source: Source): Reached {
    return {
      phase: this.#phase,
      ...source.progress(),
      minimal: this.#findings.minimal,
      outcomes: this.#findings.all.length,
      seconds: (this.#host.now() - this.#started) / 1000,
    };
  }

  #tell(source: Source): void {
    const { program } = this.#question;
    this.#posted = this.#host.now();
    this.#host.post({
      kind: "progress",
      reached: this.#reached(source),
      verdict: settle(program, this.#findings.counts, false),
      findings: this.#findings.takeNews(),
      waits: this.#waits,
    });
  }

  #ended(source: Source, setup: Setup): Ended {
    const how = source.ending(this.#isStopped);
    const { counts } = this.#findings;
    return {
      how,
      verdict: settle(this.#question.program, counts, how.word === "complete"),
      reached: this.#reached(source),
      hash: hashOf(setup),
    };
  }
}

/** Throws UnknownName. */
const setupOf = ({ program, model, tear }: Question): Setup => ({
  program,
  profile: parseProfile(model.profile),
  policy: parsePolicy(model.policy),
  environment: ENVIRONMENT,
  tear,
});

function failureOf(error: unknown): Failed {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof TooLargeToExplore) return { failure: "too large to search", message };
  if (error instanceof TooLarge) return { failure: "too large", message };
  if (error instanceof UnknownName) return { failure: "unknown name", message };
  if (!(error instanceof CoreTrap)) return { failure: "broken", message };
  return { failure: "trap", message, schedule: error.schedule };
}
