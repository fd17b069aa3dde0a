// What `explore` prints: herd's form, a witness as swim-lanes, or JSON.
//
// Interface: printExploration, exitOfExploration, shownWitnesses.

import { classesOf, hasLostWake, isBlocked } from "../../compare/goals.js";
import { countsOf, settle, verdict } from "../../compare/judge.js";
import type { Verdict } from "../../compare/judge.js";
import { statesOf } from "../../compare/states.js";
import type { StatesLine } from "../../compare/states.js";
import { printCondition } from "../../language/print-prop.js";
import type { Program } from "../../language/program.js";
import { hashOf } from "../../model/asked.js";
import type { Setup } from "../../model/core.js";
import type { SearchFacts } from "../../model/search.js";
import type { Edge } from "../edge.js";
import { EXIT } from "../exit.js";
import type { ExitCode } from "../exit.js";
import type { ExploreReport, SearchResult, Seen } from "./result.js";
import { waitWitnessLines, waitingLines, waitsJson } from "./waits.js";
import { byPrice, lanesOf, priceText, witnessJson } from "./witness-text.js";
import { jsonLine } from "../../report/json.js";
import { uncountedText } from "../../report/verdict.js";
import { exploreSchema } from "../json.js";
import { plural } from "../report.js";

/** One line of `States`. */
type Line = StatesLine<Seen>;

/** Prints a search. */
export function printExploration(edge: Edge, report: ExploreReport, json: boolean): void {
  const judged = judge(report);
  if (json) edge.out(exploreJson(report, judged));
  else for (const line of textOf(edge, report, judged)) edge.out(line);
}

const outcomesOf = (result: SearchResult) => result.outcomes.map((seen) => seen.outcome);

/** What the outcomes say of the condition. */
const judge = ({ setup, result }: ExploreReport): Verdict =>
  settle(setup.program, countsOf(setup.program, outcomesOf(result)), result.word === "complete");

/** 0 as claimed, 1 violated, 2 where only more schedules could tell. */
export function exitOfExploration(edge: Edge, report: ExploreReport): ExitCode {
  if (edge.signal.aborted) return EXIT.interrupted;
  const { holds } = judge(report);
  if (holds === "unknown") return EXIT.undecided;
  return holds ? EXIT.asClaimed : EXIT.violated;
}

function textOf(edge: Edge, report: ExploreReport, judged: Verdict): string[] {
  const { setup, result } = report;
  const { program } = setup;
  const { name, condition } = program;
  const lines = linesOf(program, result);
  const { red, green, yellow, bold } = edge.colors;
  const { holds, positive, negative, observation } = judged;
  const asked = condition ?? ({ quantifier: "forall", prop: { kind: "true" } } as const);
  const isWhole = result.word === "complete";
  const word = isWhole ? green(result.word) : yellow(result.word);
  return [
    bold(`Test ${name} ${condition?.quantifier ?? "without a condition"}`),
    `Profile ${setup.profile.name}, policy ${setup.policy.name}, tear ${tearOf(setup)}`,
    `States ${lines.length}${besides(lines, result, judged)}`,
    ...(report.summary ? [] : lines.map((line) => `${line.sign}> ${line.shows}${cheapest(line)}`)),
    holds === "unknown" ? yellow("Unknown") : holds ? green("Ok") : red("No"),
    "Witnesses",
    `Positive: ${positive} Negative: ${negative}`,
    `Condition ${printCondition(asked.quantifier, asked.prop, program)}`,
    `Observation ${name} ${observation} ${positive} ${negative}${isWhole ? "" : " so far"}`,
    ...waitingLines(report),
    `Hash=${hashOf(setup)}`,
    `Verdict ${word}: ${result.because}`,
    ...priceNotes(report, lines),
    `Time ${name} ${result.seconds.toFixed(2)}${sizeOf(result)}`,
    ...waitWitnessLines(report),
    ...shownWitnesses(report).flatMap((shown) => ["", ...witnessLines(report, shown)]),
  ];
}

/** Outcomes by what they show. */
const linesOf = (program: Program, { outcomes }: SearchResult): Line[] =>
  statesOf(outcomes, (seen) => countsOf(program, [seen.outcome]));

/** What Positive and Negative count, where they are not as many together as the lines. */
function besides(lines: readonly Line[], { outcomes }: SearchResult, judged: Verdict): string {
  const fewer =
    lines.length === outcomes.length
      ? []
      : [
          `of ${plural(outcomes.length, "outcome")}: some differ only in what the scenario does not name; Positive and Negative count outcomes`,
        ];
  const notes = [...fewer, ...uncountedText(judged)];
  return notes.length === 0 ? "" : ` (${notes.join("; ")})`;
}

const cheapestOf = ({ members }: Line): Seen => [...members].sort(byPrice)[0]!;

/** The cheapest witness of a line in brackets, if one is known. */
function cheapest(line: Line): string {
  const best = cheapestOf(line);
  const drawn = line.members.reduce((sum, seen) => sum + (seen.drawn ?? 0), 0);
  const words = [
    ...(best.witness === undefined ? [] : [priceText(best)]),
    ...(drawn > 0 ? [`drawn ${plural(drawn, "time")}`] : []),
  ];
  return words.length === 0 ? "" : `  [${words.join(", ")}]`;
}

/** What the prices do not say. */
function priceNotes(report: ExploreReport, lines: readonly Line[]): string[] {
  const { witnesses, summary, result } = report;
  const best = summary ? [] : lines.map(cheapestOf);
  const notes: string[] = [];
  if ([...best, ...result.waits].some(({ witness }) => witness?.minimal === false))
    notes.push(
      "Short: the search came by this schedule; cheaper ones may exist (--witness-transitions, --memory)",
    );
  if (witnesses === "deciding" && best.some(({ witness }) => witness === undefined))
    notes.push("Without a price: no witness was looked for (--witness all looks for every one)");
  return notes;
}

const tearOf = ({ tear }: Setup) => (tear ? "on" : "off");

function sizeOf({ facts }: SearchResult): string {
  if (facts === undefined) return "";
  const { states, transitions, depth } = facts;
  return `  (${plural(states, "state")}, ${plural(transitions, "transition")}, depth ${depth})`;
}

/** An outcome and how its witness is announced. */
interface Shown {
  readonly title: string;
  readonly seen: Seen;
}

/** What decides the condition, deadlocks and lost wake-ups, one of each; or what else was asked for. */
export function shownWitnesses({ setup, result, witnesses }: ExploreReport): readonly Shown[] {
  if (witnesses === "none") return [];
  if (witnesses === "all") return result.outcomes.map((seen) => ({ title: "Witness of ", seen }));
  const shown: Shown[] = [];
  for (const { title, members } of classesOf(setup.program, result.outcomes))
    if (!shown.some(({ seen }) => members.includes(seen)))
      shown.push({ title, seen: [...members].sort(byPrice)[0]! });
  return shown;
}

function witnessLines(report: ExploreReport, { title, seen }: Shown): string[] {
  const { witness } = seen;
  if (!witness) return [];
  const what = seen.shows || "the only outcome";
  return [`${title}${what} (${priceText(seen)})`, ...lanesOf(report, witness, "over")];
}

function exploreJson(report: ExploreReport, judged: Verdict): string {
  const { setup, result } = report;
  const { program } = setup;
  const { holds, positive, negative, observation } = judged;
  return jsonLine(exploreSchema, {
    kind: "explore",
    scenario: program.name,
    profile: setup.profile.name,
    policy: setup.policy.name,
    tear: tearOf(setup),
    verdict: result.word,
    because: result.because,
    condition: program.condition === undefined ? null : holds,
    observation,
    positive,
    negative,
    hash: hashOf(setup),
    seconds: result.seconds,
    ...(result.facts === undefined ? {} : { search: searchJson(result.facts, result.statesAbout) }),
    ...(result.shard === undefined ? {} : { shard: result.shard }),
    outcomes: result.outcomes.map((seen) => ({
      key: seen.key,
      shows: seen.shows,
      holds: verdict(program, [seen.outcome]).positive > 0,
      blocked: isBlocked(seen),
      ...(seen.witness === undefined ? {} : { witness: witnessJson(report, seen.witness, "over") }),
      ...(hasLostWake(seen) ? { lostWake: true as const } : {}),
      ...(seen.drawn === undefined ? {} : { drawn: seen.drawn }),
    })),
    waits: waitsJson(report),
  });
}

const searchJson = (
  { states, frontier, transitions, depth, finals, bytes }: SearchFacts,
  about: number | undefined,
) => ({
  states,
  frontier,
  transitions,
  depth,
  finals,
  bytes,
  ...(about === undefined ? {} : { statesAbout: Math.round(about) }),
});
