// One case of `npm run fuzz`, found again by its seed and number: a random program runs through the core along a random
// schedule, another one with changed operands too, and its text, its token and a reply of the executor are damaged and read; now
// and then so is a request, by the executor.
//
// Interface: Fuzzer, Counts, addCounts.
// A case fails if the core traps, breaks a law or keeps a reference (a law: references are their holders'), or if a reader
// throws anything but its own error, or an executor does not answer.

import { caseOf } from "../../src/cli/random-case.js";
import { randomProgram } from "../../src/arbitraries/random.js";
import { decodeBatch, WireError } from "../../src/kernel/wire.js";
import { formatText } from "../../src/language/format.js";
import { parseProgram } from "../../src/language/parse-program.js";
import { printProgram } from "../../src/language/print.js";
import { callsOf } from "../../src/language/program.js";
import type { Program } from "../../src/language/program.js";
import { Core } from "../../src/model/core.js";
import { decodeToken, encodeToken, TokenError } from "../../src/trace/token.js";
import { EVERYTHING, SETTINGS, describeCase, setupOf } from "../../test/helpers/cases.js";
import { brokenLaw, brokenLawAtEnd } from "../../test/helpers/laws.js";
import { damageBytes, damageText } from "../../test/helpers/damage.js";
import { numbersBelow } from "../../test/helpers/numbers.js";
import type { Below } from "../../test/helpers/numbers.js";
import { changeOperands } from "../../test/helpers/operands.js";
import { damagedRequest } from "../../test/helpers/requests.js";
import type { Requests } from "../../test/helpers/requests.js";

/** What was tried; of it, what its reader took in spite of the damage. */
export interface Counts {
  programs: number;
  changed: number;
  texts: number;
  textsTaken: number;
  tokens: number;
  tokensTaken: number;
  messages: number;
  messagesTaken: number;
  requests: number;
  requestsTaken: number;
}

/** Nothing yet, or the sum of some. */
export const addCounts = (all: readonly Counts[]): Counts => {
  const sum: Counts = {
    ...{ programs: 0, changed: 0, texts: 0, textsTaken: 0, tokens: 0, tokensTaken: 0 },
    ...{ messages: 0, messagesTaken: 0, requests: 0, requestsTaken: 0 },
  };
  for (const counts of all)
    for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key];
  return sum;
};

const SCHEDULE_BYTES = 96;
/** Every so manyth program may have wires, which no kernel has. */
const WIRES_EVERY = 12;
/** Of every so manyth case the laws are checked after each step and the text is formatted; of the others at the end, and not. */
const CLOSELY_EVERY = 8;
/** So many cases damage one token. */
const TOKEN_EVERY = 4;

/** So many cases send one request: it takes as long as some hundred of them. */
const REQUEST_EVERY = 64;
const REQUEST_JOBS = 3;

/** Runs cases. `replies`: bodies of batches that an executor answered, `requests`: executors; without them none are tried.
 *  `programsOnly`: nothing is damaged. */
export class Fuzzer {
  readonly counts = addCounts([]);
  readonly #core = new Core();
  #token = "";

  constructor(
    readonly seed: number,
    readonly replies: readonly Uint8Array[],
    readonly requests?: Requests,
    readonly programsOnly = false,
  ) {}

  /** Throws where the case fails, with all that shows it again. */
  async run(index: number): Promise<void> {
    const below = numbersBelow(this.seed ^ Math.imul(index + 1, 0x9e3779b1));
    const program = this.#program(index);
    const closely = index % CLOSELY_EVERY === 0;
    this.#runProgram(program, below, closely);
    this.counts.programs++;
    if (this.programsOnly) return;
    this.#runChanged(index, closely);
    const text = printProgram(program);
    this.#readText(damageText(text, below), closely);
    const witness = { profile: "6.18/ext4", policy: "linux", schedule: [0, 1, 0], cursor: 1 };
    if (this.#token === "" || index % TOKEN_EVERY === 0)
      this.#token = encodeToken({ text, ...witness });
    this.#readToken(damageText(this.#token, below));
    const reply = this.replies[below(this.replies.length)];
    if (reply !== undefined) this.#readReply(damageBytes(reply, below));
    if (index % REQUEST_EVERY === 0) await this.#sendRequest(index, below);
  }

  #program(index: number): Program {
    const wires = index % WIRES_EVERY === 0;
    if (!wires) return caseOf(this.seed, index).program;
    return randomProgram(this.seed, index, { wires, sockets: true }).program;
  }

  #runProgram(program: Program, below: Below, closely: boolean): void {
    const setup = setupOf(program, SETTINGS[below(SETTINGS.length)]!);
    const schedule = Uint8Array.from({ length: SCHEDULE_BYTES }, () => below(256));
    const check = closely ? brokenLaw : brokenLawAtEnd;
    const failure = check(this.#core, setup, schedule);
    if (failure !== undefined) throw new Error(describeCase(setup, schedule, failure));
  }

  /** With numbers of its own. */
  #runChanged(index: number, closely: boolean): void {
    const below = numbersBelow(this.seed ^ Math.imul(index + 1, 0x85ebca6b));
    const wires = index % WIRES_EVERY === 0;
    const { program } = randomProgram(this.seed, index, { ...EVERYTHING, wires });
    this.#runProgram(changeOperands(program, below), below, closely);
    this.counts.changed++;
  }

  #readText(text: string, closely: boolean): void {
    this.counts.texts++;
    const { program, diagnostics } = parseProgram(text);
    for (const { from, to } of diagnostics)
      if (from > to || to > text.length) throw new Error(`a diagnostic lies outside of\n${text}`);
    if (program === undefined) return;
    this.counts.textsTaken++;
    const printed = printProgram(program);
    if (printProgram(parseProgram(printed).program!) !== printed)
      throw new Error(`this is printed otherwise when it is read again:\n${text}`);
    if (!closely) return;
    const formatted = formatText(text).text;
    if (formatted !== undefined && formatText(formatted).text !== formatted)
      throw new Error(`this is formatted otherwise when it is formatted again:\n${text}`);
  }

  #readToken(token: string): void {
    this.counts.tokens++;
    if (taken(() => decodeToken(token), TokenError)) this.counts.tokensTaken++;
  }

  /** A length of fallocate that is damaged could fill the disk: such programs are left out. */
  async #sendRequest(index: number, below: Below): Promise<void> {
    if (this.requests === undefined) return;
    const cases = Array.from({ length: REQUEST_JOBS }, (_, i) => caseOf(this.seed, index + i));
    const calm = cases.filter(({ program }) =>
      callsOf(program).every(({ syscall }) => syscall !== "fallocate"),
    );
    if (calm.length === 0) return;
    this.counts.requests++;
    const attempts = await this.requests.send(damagedRequest(calm, below));
    if (attempts?.every(({ ok }) => ok) === true) this.counts.requestsTaken++;
  }

  #readReply(bytes: Uint8Array): void {
    this.counts.messages++;
    if (taken(() => decodeBatch(bytes), WireError)) this.counts.messagesTaken++;
  }
}

/** Whether a reader takes what it is given; it may refuse with its own error only. */
function taken(read: () => unknown, refusal: new (message: string) => Error): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof refusal) return false;
    throw error;
  }
}
