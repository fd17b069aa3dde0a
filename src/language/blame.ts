// What makes the states of a program large, for people: what cuts its data finely, makes files long and pipes wide.
//
// Interface: blame.

import { PAGE_SIZE, PIPE_DEF_BUFFERS } from "../../assembly/abi/pipe.js";
import { boundariesOf, measure, sharesOf } from "./grid.js";
import { callText } from "./print.js";
import { contentBytes } from "./program.js";
import type { Program } from "./program.js";

/** Causes that are named; of more the number is told. */
const NAMED_MAX = 2;
/** Characters of one at most. */
const TEXT_MAX = 80;
/** What every pipe can hold: files of so much are no cause, either. */
const USUAL_BYTES = PIPE_DEF_BUFFERS * PAGE_SIZE;

/** A call or a declaration as its author wrote it, and its amount of something. */
interface Cause {
  readonly text: string;
  readonly amount: number;
}

/** "pages are cut into cells of 1 byte by `pread(f, 5, 1)`; a file can have 400,001 bytes because of `…`"; "" if nothing is
 *  unusual. */
export function blame(program: Program): string {
  const { gridBytes, fileBytesMax } = measure(program);
  const shares = sharesOf(program).map((each) => ({ ...each, text: callText(program, each.call) }));
  const files = program.files.map(({ name, content }) => ({ text: `file ${name}`, content }));
  const cuts = [
    ...files.map(({ text, content }) => ({ text, amount: boundariesOf(content) })),
    ...shares.map(({ text, cuts: amount }) => ({ text, amount })),
  ];
  const lengths = [
    ...files.map(({ text, content }) => ({ text, amount: contentBytes(content) })),
    ...shares.map(({ text, bytes: amount }) => ({ text, amount })),
  ];
  const capacities = [
    ...program.pipes.map(({ name, sizeBytes = 0 }) => ({
      text: `pipe ${name}`,
      amount: sizeBytes,
    })),
    ...shares.map(({ text, capacityBytes: amount }) => ({ text, amount })),
  ].filter(({ amount }) => amount > USUAL_BYTES);
  const finest = cuts.filter(({ amount }) => (amount & -amount) === gridBytes);
  return [
    gridBytes < PAGE_SIZE && `pages are cut into cells of ${bytesText(gridBytes)}${by(finest)}`,
    fileBytesMax > USUAL_BYTES &&
      `a file can have ${bytesText(fileBytesMax)}${by(largest(lengths))}`,
    capacities.length > 0 && `a pipe can have more than ${bytesText(USUAL_BYTES)}${by(capacities)}`,
  ]
    .filter((part) => part !== false)
    .join("; ");
}

const bytesText = (bytes: number): string =>
  bytes === 1 ? "1 byte" : `${bytes.toLocaleString("en")} bytes`;

const cut = (text: string): string =>
  text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;

/** The causes with the largest amount. */
function largest(causes: readonly Cause[]): Cause[] {
  const most = Math.max(...causes.map(({ amount }) => amount));
  return causes.filter(({ amount }) => amount === most);
}

/** " because of `a` and 2 others"; "" for none: it is the condition's, or the sum of many. */
function by(causes: readonly Cause[]): string {
  const texts = [...new Set(causes.map(({ text }) => text))];
  if (texts.length === 0) return "";
  const named = texts.slice(0, NAMED_MAX).map((text) => `\`${cut(text)}\``);
  const more = texts.length - named.length;
  return ` because of ${more > 0 ? `${named.join(", ")} and ${more} more` : named.join(" and ")}`;
}
