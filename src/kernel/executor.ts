// Programs on the kernel of this machine.
//
// Interface: Executor, ProgramFailed, the Job that it runs.
// The file system is that of the directory. Every program finds an empty private folder in it and
// leaves an empty one. A process of the executor that ends, hangs or is not clean is replaced; the
// programs of that frame are run once more, each alone, and who does it again has failed.

import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { encode } from "../language/encode.js";
import type { Program } from "../language/program.js";
import type { Outcome } from "../trace/outcome.js";
import { ExecutorProcess, ExecutorUnavailable, buildExecutor } from "./host.js";
import {
  KIND_HELLO,
  KIND_RUN,
  WIRE_VERSION,
  WireError,
  decodeBatch,
  decodeHello,
  encodeBatch,
} from "./wire.js";
import type { Whitebox } from "./whitebox.js";
import type { Attempt, Hello, WireJob } from "./wire.js";

/** One run of one program. */
export interface Job {
  readonly program: Program;
  /** The call-level schedule: thread indices. */
  readonly picks: readonly number[];
  /** In a process of its own. */
  readonly fresh?: boolean;
  /** RLIMIT_FSIZE of the run; implies a process of its own. */
  readonly fileSizeLimitBytes?: number;
  /** Look into the kernel between the calls; needs ExecutorOptions.whitebox. `fresh` is then a new executor. */
  readonly snapshots?: boolean;
}

export interface ExecutorOptions {
  /** Where the private folder is made; its file system is the one tested. Default: os.tmpdir(). */
  readonly directory?: string;
  /** Every program in a process of its own. */
  readonly fresh?: boolean;
  /** A program that has not settled after so long has failed. Default: 10000. */
  readonly timeoutMs?: number;
  /** What looks into the kernel. */
  readonly whitebox?: Whitebox;
  /** Programs may call drop_caches, which concerns the whole machine; needs root. Default: they are refused. */
  readonly dropCaches?: boolean;
}

/** A program of a batch gave no outcome. */
export class ProgramFailed extends Error {
  override readonly name = "ProgramFailed";

  constructor(
    /** Which one of the batch. */
    readonly index: number,
    readonly attempt: Extract<Attempt, { ok: false }>,
  ) {
    super(`program ${index} of the batch ${attempt.failure}: ${attempt.reason}`);
  }
}

/** More time than the programs of a batch can take before the executor's own alarm rings. */
const GRACE_MS = 15000;
/** Bytes of requests that go out in one frame, and the programs in it. */
const FRAME_BYTES_AIM = 4 << 20;
const FRAME_JOBS_AIM = 128;

/** The jobs of one frame. */
interface Part {
  readonly jobs: readonly WireJob[];
  readonly from: number;
  readonly to: number;
  sent?: { readonly worker: ExecutorProcess; readonly sequence: number };
}

/** Runs programs on this machine's kernel, one batch at a time. */
export class Executor {
  readonly #binary: string;
  readonly #parent: string;
  readonly #options: ExecutorOptions;
  #folder = "";
  #process: ExecutorProcess | undefined;
  #hello: Hello | undefined;
  #sequence = 0;
  #restarts = -1;
  #busy: Promise<unknown> = Promise.resolve();
  #ending = "the executor ended";

  private constructor(binary: string, parent: string, options: ExecutorOptions) {
    this.#binary = binary;
    this.#parent = parent;
    this.#options = options;
  }

  /** Builds the executor if needed and starts it.
   *  Throws ExecutorUnavailable, whose message says what to do. */
  static async start(options: ExecutorOptions = {}): Promise<Executor> {
    const binary = await buildExecutor();
    const executor = new Executor(binary, resolve(options.directory ?? tmpdir()), options);
    await executor.#restart();
    return executor;
  }

  /** What the running process said of itself. */
  get hello(): Hello {
    if (this.#hello === undefined) throw new Error("the executor is not running");
    return this.#hello;
  }

  /** How often the process had to be replaced. */
  get restarts(): number {
    return this.#restarts;
  }

  /** The private folder. */
  get folder(): string {
    return this.#folder;
  }

  /** Runs a batch; one outcome for each program. Throws ProgramFailed for the first that failed. */
  async run(batch: readonly Job[]): Promise<Outcome[]> {
    const attempts = await this.attempt(batch);
    return attempts.map((attempt, index) => {
      if (!attempt.ok) throw new ProgramFailed(index, attempt);
      return attempt.outcome;
    });
  }

  /** Runs a batch; an outcome or a reason for each program. Batches wait for each other. */
  async attempt(batch: readonly Job[]): Promise<Attempt[]> {
    const result = this.#busy.then(() => this.#runAll(batch));
    this.#busy = result.catch(() => undefined);
    return result;
  }

  /** Ends the process and removes the private folder. */
  async close(): Promise<void> {
    await this.#busy;
    await this.#stop();
  }

  #wireJob(job: Job): WireJob {
    const { fileSizeLimitBytes: limit, snapshots = false } = job;
    const fresh = job.fresh ?? this.#options.fresh ?? false;
    return {
      words: encode(job.program),
      picks: job.picks,
      fresh: fresh && !snapshots,
      snapshots,
      timeoutMs: this.#options.timeoutMs ?? 10000,
      ...(limit === undefined ? {} : { fileSizeLimitBytes: limit }),
    };
  }

  async #runAll(jobs: readonly Job[]): Promise<Attempt[]> {
    if (jobs.some(({ fresh, snapshots }) => fresh && snapshots)) await this.#stop();
    const attempts: Attempt[] = [];
    let part = this.#part(jobs, 0);
    while (part.jobs.length > 0) {
      // The next frame is on its way before the answer to this one is read.
      let next = this.#part(jobs, part.to);
      const done = await this.#exchange(part, next);
      if (done !== undefined) attempts.push(...done);
      else for (const job of part.jobs) attempts.push(await this.#alone(job));
      if (attempts.length !== next.from) next = this.#part(jobs, attempts.length);
      part = next;
    }
    return attempts;
  }

  /** As many jobs from `from` on as go into one frame; none is left out at its end. */
  #part(jobs: readonly Job[], from: number): Part {
    const wire: WireJob[] = [];
    let bytes = 0;
    while (from + wire.length < jobs.length && wire.length < FRAME_JOBS_AIM) {
      const job = this.#wireJob(jobs[from + wire.length]!);
      bytes += job.words.byteLength + job.picks.length;
      if (wire.length > 0 && bytes > FRAME_BYTES_AIM) break;
      wire.push(job);
    }
    return { jobs: wire, from, to: from + wire.length };
  }

  /** A job of a frame that got no answer, once more, in a process of its own. */
  async #alone(job: WireJob): Promise<Attempt> {
    const fresh = job.snapshots !== true; // The white box is open to the executor itself, which is a new one.
    const done = await this.#exchange({ jobs: [{ ...job, fresh }], from: 0, to: 1 });
    if (done?.[0] !== undefined) return done[0];
    return { ok: false, failure: "died", reason: this.#ending };
  }

  /** One frame out and its answer; undefined if none came. Then the process is a new one. */
  async #exchange(part: Part, next?: Part): Promise<Attempt[] | undefined> {
    const timeoutMs = part.jobs.reduce((sum, job) => sum + job.timeoutMs, GRACE_MS);
    const worker = this.#process ?? (await this.#restart());
    try {
      const sequence = this.#send(worker, part);
      if (next !== undefined && next.jobs.length > 0) this.#send(worker, next);
      const frame = await worker.receive(Math.min(timeoutMs, 2 ** 31 - 1));
      if (frame?.head.kind === KIND_RUN && frame.head.sequence === sequence) {
        const { attempts, leaving } = decodeBatch(frame.body);
        if (leaving) await this.#stop();
        return attempts;
      }
    } catch (error) {
      if (!(error instanceof WireError)) {
        await this.#stop();
        throw error;
      }
    }
    await this.#stop();
    this.#ending = worker.ending;
    return undefined;
  }

  /** Sends a part to a process, once. Returns the number of its frame. */
  #send(worker: ExecutorProcess, part: Part): number {
    if (part.sent?.worker === worker) return part.sent.sequence;
    const sequence = ++this.#sequence;
    worker.send(encodeBatch(part.jobs, sequence));
    part.sent = { worker, sequence };
    return sequence;
  }

  async #stop(): Promise<void> {
    await this.#process?.end();
    this.#process = undefined;
    process.off("exit", this.#removeFolder);
    this.#removeFolder();
  }

  readonly #removeFolder = (): void => {
    if (this.#folder !== "") fs.rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = "";
  };

  async #restart(): Promise<ExecutorProcess> {
    try {
      this.#folder = fs.mkdtempSync(join(this.#parent, "splicelab-"));
    } catch (error) {
      throw new ExecutorUnavailable(
        `No folder can be made in ${this.#parent}: ${(error as Error).message}`,
      );
    }
    process.on("exit", this.#removeFolder);
    const { whitebox, dropCaches = false } = this.#options;
    const loader = whitebox === undefined ? [] : [whitebox.loader, whitebox.object];
    const worker = new ExecutorProcess([...loader, this.#binary], this.#folder, dropCaches);
    this.#process = worker;
    this.#restarts++;
    const frame = await worker.receive(GRACE_MS);
    if (frame?.head.kind === KIND_HELLO) {
      this.#hello = decodeHello(frame.body);
      if (this.#hello.version === WIRE_VERSION) return worker;
    }
    await this.#stop();
    throw new ExecutorUnavailable(`The executor does not start: ${worker.ending}.`);
  }
}
