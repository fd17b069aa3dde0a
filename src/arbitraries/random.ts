// Random programs from a seed, without fast-check: fast, and each one found again by its number.
//
// Interface: randomProgram, randomPrograms.

import { MAIL_KINDS, weightsOf } from "./calls.js";
import { limitsOf } from "./constraints.js";
import type { ProgramConstraints } from "./constraints.js";
import { decodeProgram } from "./decode.js";
import type { Sample } from "./decode.js";
import { intervalOf, NUMBER_MAX } from "./digits.js";

/** Calls of a random program: 8 in the middle. */
const CALLS_MIN = 4;
const CALLS_MAX = 12;
/** How many programs of a hundred have, whatever else they have, the three calls of the mail's race. */
const AIMED_PERCENT = 30;
const ANYTHING = [0, NUMBER_MAX] as const;
/** How many schedules of a hundred are not the order in which the calls were decoded. */
const SHUFFLED_PERCENT = 20;

/** The program with this number of the sequence that `seed` starts: the same one every time. */
export function randomProgram(
  seed: number,
  index = 0,
  constraints: ProgramConstraints = {},
): Sample {
  const limits = limitsOf({ callsMax: CALLS_MAX, ...constraints });
  const random = generator(seed, index);
  const number = (): number => (random() & 0xffff) * 2 ** 32 + random();
  const callsMin = Math.min(CALLS_MIN, limits.callsMax);
  const calls = callsMin + (random() % (limits.callsMax - callsMin + 1));
  const head = number();
  const numbers: number[] = [];
  const aimed = random() % 100 < AIMED_PERCENT ? MAIL_KINDS.length : 0;
  while (numbers.length < calls) {
    const kind = MAIL_KINDS[numbers.length];
    const [from, to] = kind === undefined ? ANYTHING : intervalOf(weightsOf(limits), kind);
    const free = numbers.length >= aimed;
    numbers.push(free ? number() : from + Math.floor((number() / NUMBER_MAX) * (to - from - 1)));
  }
  const sample = decodeProgram(head, numbers, limits);
  if (random() % 100 >= SHUFFLED_PERCENT) return sample;
  return { program: sample.program, picks: shuffle([...sample.picks], random) };
}

/** The programs of the sequence that `seed` starts, from `index` on, without end. */
export function* randomPrograms(
  seed: number,
  index = 0,
  constraints: ProgramConstraints = {},
): Generator<Sample, never, void> {
  for (let at = index; ; at++) yield randomProgram(seed, at, constraints);
}

function shuffle(picks: number[], random: () => number): number[] {
  for (let i = picks.length - 1; i > 0; i--) {
    const j = random() % (i + 1);
    [picks[i], picks[j]] = [picks[j]!, picks[i]!];
  }
  return picks;
}

/** Unsigned 32-bit numbers: the sfc32 generator, started from seed and index. */
function generator(seed: number, index: number): () => number {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = index | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}
