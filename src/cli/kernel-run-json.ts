// All orders of a scenario on this kernel as one object of JSON, for the page and for whoever compares again.
//
// Interface: kernelRunLine.

import type { Program } from "../language/program.js";
import { jsonLine } from "../report/json.js";
import { orderSeen } from "../report/kernel-data.js";
import { kernelRunSchema, scenarioHash } from "../report/kernel-run.js";
import type { OrderSeen } from "../report/kernel-run.js";
import type { KernelHere } from "./backends.js";
import { sightOf } from "./cross-check.js";
import type { Case, Checked } from "./cross-check.js";

/** A scenario that was compared. */
interface Compared {
  readonly text: string;
  readonly program: Program;
  readonly kernel: KernelHere;
  /** "2026-11-26". */
  readonly date: string;
  /** Every order was run. */
  readonly complete: boolean;
  readonly cases: readonly Case[];
  readonly checked: readonly Checked[];
}

/** The line. */
export function kernelRunLine(compared: Compared): string {
  const { text, program, kernel, date, complete, cases, checked } = compared;
  const { host, found, profile, environment, whitebox } = kernel;
  return jsonLine(kernelRunSchema, {
    kind: "kernel-run",
    scenario: program.name,
    text,
    hash: scenarioHash(program),
    kernel: {
      release: host.release,
      machine: host.machine,
      fileSystem: host.fileSystem.name,
    },
    date,
    found,
    profile: profile.name,
    environment: { ...environment },
    whitebox,
    complete,
    orders: cases.map((each, i) => orderOf(each, checked[i]!)),
  });
}

const VERDICTS = {
  equal: "allowed",
  diverged: "diverged",
  unmodelled: "unmodelled",
  trapped: "trapped",
  failed: "failed",
} as const;

function orderOf({ program, picks }: Case, checked: Checked): OrderSeen {
  const outcome = checked.kind === "failed" ? undefined : checked.observed;
  const because = becauseOf(checked);
  return {
    ...orderSeen(program, { picks, outcome, snapshots: sightOf(checked)?.snapshots }),
    verdict: VERDICTS[checked.kind],
    ...(because.length === 0 ? {} : { because }),
  };
}

function becauseOf(checked: Checked): string[] {
  if (checked.kind === "equal") return [];
  return checked.kind === "diverged" ? checked.divergence.message.split("\n") : [checked.reason];
}
