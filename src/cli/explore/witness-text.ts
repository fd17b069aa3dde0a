// A witness as people read it: its price, swim-lanes, a token; and as JSON.
//
// Interface: priceText, byPrice, lanesOf, tokenOf, witnessJson.
// A witness of a wait ends where the task waits; its token's cursor says so (docs/properties.md, P4).

import { lanes } from "../../compare/lanes.js";
import { Core } from "../../model/core.js";
import { traceOfSteps } from "../../model/trace.js";
import { encodeToken } from "../../trace/token.js";
import { resultText } from "../../report/call-text.js";
import { plural } from "../report.js";
import type { Witness } from "../../model/wanted-witnesses.js";
import type { ExploreReport } from "./result.js";

interface Witnessed {
  readonly witness: Witness | undefined;
}

/** "minimal: 1 preemption, 28 steps"; "short" where a cheaper one may exist. */
export function priceText({ witness }: Witnessed): string {
  if (!witness) return "no witness: hashes alone were kept";
  const { minimal, preemptions, schedule } = witness;
  const price = `${plural(preemptions, "preemption")}, ${plural(schedule.length, "step")}`;
  return `${minimal ? "minimal" : "short"}: ${price}`;
}

/** Fewer preemptions first, then fewer steps; what has no witness last. */
export function byPrice(a: Witnessed, b: Witnessed): number {
  if (!a.witness || !b.witness) return (a.witness ? 0 : 1) - (b.witness ? 0 : 1);
  return (
    a.witness.preemptions - b.witness.preemptions ||
    a.witness.schedule.length - b.witness.schedule.length
  );
}

/** Where a witness ends: with the run, or in the middle of it. */
export type End = "over" | "midway";

/** The swim-lanes of a witness, indented, and its token. */
export function lanesOf(report: ExploreReport, witness: Witness, end: End): string[] {
  const trace = traceOfSteps(new Core(), report.setup, witness.schedule, {
    stops: end === "midway",
  });
  const { values } = trace.outcome;
  const rows = lanes(trace, (call, result) => resultText(call, result, values));
  return [...rows.map((line) => `  ${line}`), tokenOf(report, witness, end)];
}

/** The token of a witness. One that ends midway has its cursor there. */
export const tokenOf = ({ text, setup }: ExploreReport, { schedule }: Witness, end: End): string =>
  encodeToken({
    text,
    profile: setup.profile.name,
    policy: setup.policy.name,
    ...(setup.tear ? { tear: true as const } : {}),
    schedule,
    cursor: end === "midway" ? schedule.length : 0,
  });

/** A witness as a field of JSON. */
export const witnessJson = (report: ExploreReport, witness: Witness, end: End) => ({
  minimal: witness.minimal,
  preemptions: witness.preemptions,
  schedule: [...witness.schedule],
  token: tokenOf(report, witness, end),
});
