// A text that is equal for equal outcomes: sets of outcomes can be made, compared and merged.
//
// Interface: outcomeKey.

import { compress } from "../language/program.js";
import type { Outcome } from "./outcome.js";

/** A text that is equal for equal outcomes, to make sets of them. Rounds of the schedule are no part
 *  of it; `snapshot` is, where it is known. */
export function outcomeKey(outcome: Outcome): string {
  const calls = outcome.results.map((result) => {
    if (result.status !== "returned")
      return `${result.status}${result.lostWake ? " over what is there" : ""}${result.sigpipe ? "!" : ""}`;
    const { ret, errno, out, data, sigpipe } = result;
    return `${ret}/${errno}/${out ?? ""}/${runsKey(data)}${sigpipe ? "!" : ""}`;
  });
  const files = outcome.files.map((f) => `${f.name ?? `#${f.fd}`}=${runsKey(f.bytes)}`);
  const pipes = outcome.pipes.map((p) => `${p.fd}=${runsKey(p.bytes)}`);
  const wires = (outcome.wires ?? [])
    .map((w) => `|${runsKey(w.first)}/${runsKey(w.last)}`)
    .join("");
  const snapshot = SNAPSHOTS.get(outcome.snapshot);
  return `${calls.join(";")}|${files.join(";")}|${pipes.join(";")}${wires}${snapshot}`;
}

const SNAPSHOTS = new Map<Outcome["snapshot"], string>([
  [undefined, ""],
  [true, "|whole"],
  [false, "|broken"],
  ["either", "|either"],
]);

const runsKey = (bytes: Uint8Array): string =>
  compress(bytes)
    .map((run) => `${run.byte}*${run.lenBytes}`)
    .join(",");
