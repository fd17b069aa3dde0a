// What `explore` prints about waiting: unbounded waits (P4), lost wake-ups and deadlocks (P10).
//
// Interface: waitingLines, waitWitnessLines, waitsJson.

import { waitText } from "../../compare/waits.js";
import { callsOf } from "../../language/program.js";
import { letsWait } from "../../model/policies.js";
import { callText } from "../../report/call-text.js";
import { plural } from "../report.js";
import { hasLostWake, isDeadlock } from "../../compare/goals.js";
import type { ExploreReport, SeenWait } from "./result.js";
import { byPrice, lanesOf, priceText, witnessJson } from "./witness-text.js";

/** One line for each kind of waiting that was found. */
export function waitingLines(report: ExploreReport): string[] {
  const { outcomes } = report.result;
  const lost = outcomes.filter(hasLostWake);
  const stuck = outcomes.filter(isDeadlock);
  const lines: string[] = [];
  if (lost.length > 0)
    lines.push(
      `Lost wake-up in ${plural(lost.length, "outcome")}: a call sleeps although what it waits for is there`,
    );
  if (stuck.length > 0)
    lines.push(
      `Deadlock in ${plural(stuck.length, "outcome")}: a call is blocked and nobody can go on`,
    );
  return [...lines, ...unboundedLines(report)];
}

/** A policy under which nobody waits for slots is not asked. */
function unboundedLines({ setup, result }: ExploreReport): string[] {
  if (!letsWait(setup.policy)) return [];
  if (result.waits.length === 0)
    return result.word === "complete"
      ? [`No unbounded wait: nobody who changes a file waits for a pipe or a socket  (${P4})`]
      : [];
  return inOrder(result.waits).map(
    (seen) => `Unbounded wait: ${textOf(setup, seen)}  [${priceText(seen)}]  (${P4})`,
  );
}

/** Where the word is defined. */
const P4 = "P4 in docs/properties.md";

const inOrder = (waits: readonly SeenWait[]): SeenWait[] => [...waits].sort(byPrice);

const textOf = ({ program }: ExploreReport["setup"], { task, wait }: SeenWait): string =>
  wait ? waitText(wait) : `${program.threads[task]!.name} waits for a folio that is held outside`;

/** The witnesses of the waits that are to be shown: the cheapest, or all. */
export function waitWitnessLines(report: ExploreReport): string[] {
  const shown = { none: 0, deciding: 1, all: Infinity }[report.witnesses];
  return inOrder(report.result.waits)
    .slice(0, shown)
    .flatMap((seen) => {
      if (seen.witness === undefined) return [];
      const title = `Witness of the wait: ${textOf(report.setup, seen)} (${priceText(seen)})`;
      return ["", title, ...lanesOf(report, seen.witness, "midway")];
    });
}

/** The waits as a field of JSON. */
export const waitsJson = (report: ExploreReport) =>
  inOrder(report.result.waits).map(({ task, wait, witness }) => {
    const { program } = report.setup;
    return {
      thread: program.threads[task]!.name,
      ...(wait === undefined ? {} : { call: callText(program, callsOf(program)[wait.call]!) }),
      ...(wait === undefined ? {} : { holders: [...wait.holders] }),
      ...(witness === undefined ? {} : { witness: witnessJson(report, witness, "midway") }),
    };
  });
