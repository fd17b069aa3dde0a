// A corpus on this machine's kernel: whether each scenario shows there what the model says of it.
//
// Interface: checkCorpus.
// A case passes if everything that was seen is allowed. Where the condition's verdict is another one than the model's over
// the same orders of calls, something else than their order decides it (a timer, what io_uring does beside), which nobody
// can tell a kernel to do: the case says so. What a kernel cannot tell (`snapshot`) is not asked.

import { verdict } from "../compare/judge.js";
import { callSchedules } from "../kernel/schedules.js";
import type { Program } from "../language/program.js";
import type { Outcome } from "../trace/outcome.js";
import { noteOf, openKernel, whyNotHere } from "./backends.js";
import type { KernelHere, KernelUse } from "./backends.js";
import { CrossChecker } from "./cross-check.js";
import type { Checked } from "./cross-check.js";
import type { Edge } from "./edge.js";
import { EXIT } from "./exit.js";
import type { ExitCode } from "./exit.js";
import { jsonLine } from "../report/json.js";
import { kernelTestSchema } from "./json.js";
import { plural } from "./report.js";
import { loadProgram } from "./scenario.js";
import { verdictOf } from "./verdict.js";

/** Orders of starting calls that are tried at most. */
const SCHEDULES_MAX = 100;

interface CaseResult {
  readonly status: "passed" | "failed" | "skipped";
  /** What is wrong, why it was skipped, or which results are not as the author wrote. */
  readonly lines: readonly string[];
  /** "Sometimes": what the condition's proposition is on the kernel; absent where that cannot be told. */
  readonly observation?: string;
  /** The core trapped: nobody can tell what the model says. */
  readonly trapped?: true;
}

/** Runs the scenarios on a kernel and prints a line for each. */
export async function checkCorpus(
  edge: Edge,
  scenarios: readonly string[],
  use: KernelUse,
  json: boolean,
): Promise<ExitCode> {
  const kernel = await openKernel(use);
  edge.err(noteOf(kernel));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let trapped = false;
  try {
    const checker = new CrossChecker(kernel);
    for (const file of scenarios) {
      if (edge.signal.aborted) break;
      const { program } = await loadProgram(edge, file);
      const result = await caseOn(checker, program, kernel);
      counts[result.status]++;
      trapped ||= result.trapped === true;
      tell(edge, file, kernel.found, result, json);
    }
  } finally {
    await kernel.executor.close();
  }
  const { passed, failed, skipped } = counts;
  edge.err(
    `${kernel.found}: ${plural(passed, "case")} passed, ${failed} failed, ${skipped} skipped`,
  );
  if (edge.signal.aborted) return EXIT.interrupted;
  if (trapped) return EXIT.couldNotRun;
  if (failed > 0) return kernel.binding ? EXIT.violated : EXIT.undecided;
  return EXIT.asClaimed;
}

async function caseOn(
  checker: CrossChecker,
  program: Program,
  kernel: KernelHere,
): Promise<CaseResult> {
  const reason = whyNotHere(program, kernel);
  if (reason !== undefined)
    return { status: "skipped", lines: [`${reason.why}: ${reason.remedy}`] };
  const orders = callSchedules(program, SCHEDULES_MAX);
  const checked = await checker.check(orders.map((picks) => ({ program, picks })));
  const wrong = [...new Set(checked.flatMap(complaint))];
  if (wrong.length > 0) {
    const trapped = checked.some(({ kind }) => kind === "trapped");
    return { status: "failed", lines: wrong, ...(trapped ? { trapped } : {}) };
  }
  const seen = checked.filter((each) => each.kind === "equal");
  const unexpected = seen.map(({ observed }) => verdictOf(program, observed).unexpected);
  // The model allows the same, so what the author expected is wrong here: the .expected file tells of it.
  const notes = [...new Set(unexpected.flat())];
  const here = verdict(
    program,
    seen.map(({ observed }) => observed),
  );
  if (here.unknown > 0) return { status: "passed", lines: notes };
  const model = verdict(
    program,
    seen.flatMap(({ allowed }) => allowed.map(withoutSnapshot)),
  );
  const { observation } = here;
  if (observation === model.observation) return { status: "passed", lines: notes, observation };
  const unseen = `all that was seen is allowed, but not all that is allowed was seen: the condition's proposition is ${observation} true here, ${model.observation} in the model; \`explore\` shows what decides it`;
  return { status: "passed", lines: [...notes, unseen], observation };
}

function complaint(checked: Checked): string[] {
  if (checked.kind === "equal") return [];
  if (checked.kind === "diverged") return checked.divergence.message.split("\n");
  return [`${checked.kind}: ${checked.reason}`];
}

/** As a kernel would show it. */
const withoutSnapshot = ({ results, files, pipes }: Outcome): Outcome => ({
  results,
  files,
  pipes,
});

function tell(
  edge: Edge,
  file: string,
  profile: string,
  { status, lines, observation }: CaseResult,
  json: boolean,
): void {
  if (json) {
    const shown = { file, profile, status, lines: [...lines] };
    const told = observation === undefined ? shown : { ...shown, observation };
    edge.out(jsonLine(kernelTestSchema, { kind: "kernel-test", ...told }));
    return;
  }
  const { green, red, yellow } = edge.colors;
  const color = { passed: green, failed: red, skipped: yellow }[status];
  const word = { passed: "ok     ", failed: "FAILED ", skipped: "skipped" }[status];
  const end = observation === undefined ? "" : `  ${observation}`;
  edge.out(`${color(word)} ${file} (${profile})${end}`);
  for (const line of lines) edge.out(`        ${line}`);
}
