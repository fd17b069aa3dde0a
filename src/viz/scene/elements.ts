// The elements of a stage as a list: what can be focused, where it stands and what it is.
//
// Interface: StageElement, elementsOf, firstElement, nextElement, Arrow.
// Arrow keys follow the eye. Left and right go through the runs of a card before they leave it; up and
// down, and whatever leaves a card, go to the nearest card in that direction.

import { runText, type Run, type Strip } from "./content.js";
import { HEADER_HEIGHT, STRIP_HEIGHT, STRIP_TOP, type Box } from "./layout.js";
import type { FolioShape } from "./folios.js";
import type { MappingShape } from "./mappings.js";
import type { FileShape } from "./page-cache.js";
import type { PipeShape, SlotShape } from "./pipe.js";
import type { ReaderShape } from "./readers.js";
import type { SocketShape } from "./sockets.js";
import type { StageScene } from "./stage.js";
import type { Term } from "./terms.js";

/** A card, a row, a heading, or a run of one of their strips. */
export interface StageElement {
  readonly key: string;
  readonly term: Term;
  readonly box: Box;
  /** What it is now. */
  readonly label: string;
  /** More about it: who holds a folio. */
  readonly detail: string;
  /** The card of a run, and the run. */
  readonly card?: string;
  readonly run?: Run;
}

/** Where a key leads. */
export type Arrow = "left" | "right" | "up" | "down";

/** All elements; runs follow their card. */
export const elementsOf = (scene: StageScene): List => once(allOf)(scene);

const allOf = (scene: StageScene): List => [...elementsIn(scene)];

/** The first of them, which costs less than all. */
export const firstElement = (scene: StageScene): StageElement | undefined =>
  elementsIn(scene).next().value;

function* elementsIn(scene: StageScene): Generator<StageElement, undefined> {
  for (const file of scene.files) yield* once(ofFile)(file);
  for (const mapping of scene.mappings) yield* once(ofMapping)(mapping);
  for (const folio of scene.folios) yield* once(ofFolio)(folio);
  for (const pipe of scene.pipes) yield* once(ofPipe)(pipe);
  for (const socket of scene.sockets) yield* once(ofSocket)(socket);
  for (const reader of scene.readers) yield* once(ofReader)(reader);
}

type List = readonly StageElement[];

const found = new WeakMap<object, List>();

/** What looks as before (keep.ts) has the same elements. */
const once =
  <T extends object>(make: (shape: T) => List) =>
  (shape: T): List => {
    const known = found.get(shape);
    if (known !== undefined) return known;
    const made = make(shape);
    found.set(shape, made);
    return made;
  };

function ofFile({ key, box, name, size, lock, pages }: FileShape): List {
  const held = lock === "" ? "" : `${lock} holds i_rwsem.`;
  const head = element(key, "file", heading(box), `${name}: ${size}`, held);
  return [head, ...pages.map((page) => element(page.key, "cache-entry", page.box, page.label))];
}

const ofMapping = ({ key, box, name, what, entries }: MappingShape): List => [
  element(key, "mapping", heading(box), `${name}: ${what}`),
  ...entries.map((entry) => element(entry.key, "pte", entry.box, entry.label)),
];

function ofFolio({ key, box, label, holders, strip }: FolioShape): List {
  const held = holders.map(({ refs, text }) => (refs > 1 ? `${text} (${refs})` : text));
  const detail = held.length === 0 ? "Nobody holds it." : `Held by ${held.join(", ")}.`;
  return withRuns(element(key, "folio", box, label, detail), strip);
}

function ofPipe({ key, box, name, usage, lock, slots }: PipeShape): List {
  const held = lock === "" ? "" : `${lock} holds the mutex.`;
  return [
    element(key, "pipe", heading(box), `${name}: ${usage}`, held),
    ...slots.flatMap(once(ofSlot)),
  ];
}

function ofSlot({ key, box, label, used }: SlotShape): List {
  const term = used?.frame === 0 ? "zero-page" : "slot";
  return withRuns(element(key, term, box, label), used?.strip);
}

const ofSocket = ({ key, box, name, usage, sent, frags }: SocketShape): List => [
  element(key, "socket", heading(box), `${name}: ${usage}`, sent.join(", ")),
  ...frags.flatMap((frag) =>
    withRuns(element(frag.key, "frag", frag.box, frag.label), frag.used?.strip),
  ),
];

const ofReader = ({ key, box, label, strip }: ReaderShape): List =>
  withRuns(element(key, "reader", box, label), strip, 0);

const element = (key: string, term: Term, box: Box, label: string, detail = ""): StageElement => ({
  key,
  term,
  box,
  label,
  detail,
});

const heading = (box: Box): Box => ({ ...box, height: HEADER_HEIGHT });

function withRuns(card: StageElement, strip: Strip | undefined, inset = 10): StageElement[] {
  const width = card.box.width - 2 * inset;
  const runs = (strip?.runs ?? []).map((run, i): StageElement => {
    const box = {
      x: card.box.x + inset + run.from * width,
      y: card.box.y + STRIP_TOP,
      width: run.size * width,
      height: STRIP_HEIGHT,
    };
    const label = `${runText(run)}, written by ${run.who}`;
    return { ...element(`${card.key}/${i}`, "run", box, label), card: card.key, run };
  });
  return [card, ...runs];
}

/** Where an arrow leads from an element; undefined where nothing lies that way. */
export function nextElement(
  elements: readonly StageElement[],
  key: string,
  arrow: Arrow,
): StageElement | undefined {
  const index = elements.findIndex((each) => each.key === key);
  const here = elements[index];
  if (here === undefined) return elements[0];
  const card = here.card ?? here.key;
  const beside = elements[arrow === "left" ? index - 1 : index + 1];
  const isSideways = arrow === "left" || arrow === "right";
  if (isSideways && beside !== undefined && (beside.card ?? beside.key) === card) return beside;
  const from = elements.find((each) => each.key === card)!;
  const others = elements.filter((each) => each.card === undefined && each.key !== card);
  return nearest(others, from.box, arrow);
}

function nearest(
  others: readonly StageElement[],
  from: Box,
  arrow: Arrow,
): StageElement | undefined {
  let [best, least] = [undefined as StageElement | undefined, Infinity];
  for (const other of others) {
    const away = distance(from, other.box, arrow);
    if (away >= least) continue;
    [best, least] = [other, away];
  }
  return best;
}

/** How far a box is in a direction; what lies to the side counts more. */
function distance(from: Box, to: Box, arrow: Arrow): number {
  const dx = to.x + to.width / 2 - (from.x + from.width / 2);
  const dy = to.y + to.height / 2 - (from.y + from.height / 2);
  const isSideways = arrow === "left" || arrow === "right";
  const ahead = (isSideways ? dx : dy) * (arrow === "left" || arrow === "up" ? -1 : 1);
  if (ahead <= 1) return Infinity;
  const gap = isSideways
    ? Math.max(0, Math.max(from.y, to.y) - Math.min(from.y + from.height, to.y + to.height))
    : Math.max(0, Math.max(from.x, to.x) - Math.min(from.x + from.width, to.x + to.width));
  return ahead + 4 * gap + 0.2 * Math.abs(isSideways ? dy : dx);
}
