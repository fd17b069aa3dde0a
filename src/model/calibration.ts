// The typed face of the calibration machine: sole importer of its built module.
//
// The machine is the one of tools/bench/spin/machine.pml, step for step: SPIN knows how many states and
// transitions it has, so that the search is seen to be right, and its speed compared.
// Interface: Calibration: its search, act, outcome; scenario makes parameters.

import calibration from "../../build/core/calibration.js";
import type { CalibrationExports } from "../../build/core/calibration-exports.js";
import * as abi from "../../assembly/abi/calibration.js";
import { Search } from "./search.js";

/** Who decides what: tools/bench/spin/machine.pml. */
export const CALIBRATION_POLICIES = [
  "ZEROCOPY",
  "COW",
  "COPY",
  "STEAL",
  "COWRACE",
  "COWFLAG",
] as const;
export type CalibrationPolicy = (typeof CALIBRATION_POLICIES)[number];

/** What the machine is made of; the names are those of the SPIN model. */
export interface CalibrationScenario {
  readonly policy: CalibrationPolicy;
  /** Splicers, writers, pages. */
  readonly K: number;
  readonly W: number;
  readonly N: number;
  /** Pipes that tee fans out to. */
  readonly FAN: number;
  /** 0: pipe readers; 1: sockets; 2: tee. */
  readonly SINK: number;
  /** File readers, pages stored to by mmap, pages punched. */
  readonly FR: number;
  readonly MM: number;
  readonly TR: number;
  readonly RECLAIM: number;
  readonly RETX: number;
  /** Slots of a pipe and of a socket's queue. */
  readonly RING: number;
  readonly SQ: number;
  readonly CELLS: number;
  /** 1: what consumers received is part of the state. */
  readonly LOG: number;
}

export type ScenarioName = "A" | "B" | "C" | "D";

const SCENARIOS: Readonly<Record<ScenarioName, Partial<CalibrationScenario>>> = {
  A: { SINK: 0 },
  B: { SINK: 1 },
  C: { SINK: 2 },
  D: { SINK: 1, RECLAIM: 1, RETX: 1, FR: 1 },
};

/** One of the four scenarios, with what differs from its defaults. */
export function scenario(
  name: ScenarioName,
  policy: CalibrationPolicy,
  given: Partial<CalibrationScenario>,
): CalibrationScenario {
  const N = given.N ?? 2;
  const none = { FR: 0, MM: 0, TR: 0, RECLAIM: 0, RETX: 0 };
  const base = { policy, K: 1, W: 1, N, FAN: 2, SINK: 0, RING: N, SQ: N, CELLS: 1, LOG: 1 };
  return { ...base, ...none, ...SCENARIOS[name], ...given };
}

/** What consumers and file readers received: a row of tags per consumer, then one per file reader. Tag 0 is nothing,
 *  1 the initial content, 2 + j writer j, then mmap, then a hole. */
export type CalibrationOutcome = readonly (readonly number[])[];

let compiled: WebAssembly.Module | undefined;

/** One instance of the machine. */
export class Calibration {
  readonly #core: CalibrationExports;
  readonly search: Search;
  #scenario: CalibrationScenario | undefined;

  constructor() {
    const abort = (_message: number, _file: number, line: number, column: number): never => {
      throw new Error(`the calibration machine trapped (line ${line}, column ${column})`);
    };
    compiled ??= new WebAssembly.Module(calibration);
    const instance = new WebAssembly.Instance(compiled, { env: { abort } });
    this.#core = instance.exports as CalibrationExports;
    this.search = new Search(this.#core);
  }

  /** Brings the machine to the scenario's first state. Throws a RangeError beyond its bounds. */
  reset(given: CalibrationScenario): void {
    const core = this.#core;
    const words = new Uint32Array(core.memory.buffer, core.parametersAt(), abi.PARAMETERS);
    words[abi.PARAMETER_POLICY] = CALIBRATION_POLICIES.indexOf(given.policy);
    for (const [name, at] of PARAMETERS) words[at] = given[name];
    if (!core.configure()) throw new RangeError("the scenario is beyond the calibration machine");
    this.#scenario = given;
  }

  /** The enabled actions, ascending. */
  actions(): number[] {
    const enabled = BigInt.asUintN(64, this.#core.actions());
    return Array.from({ length: 64 }, (_, bit) => bit).filter(
      (bit) => (enabled >> BigInt(bit)) & 1n,
    );
  }

  /** Performs an enabled action. */
  act(action: number): void {
    this.#core.act(action);
  }

  /** What was received in the present state. */
  outcome(): CalibrationOutcome {
    if (!this.#scenario) throw new Error("reset the machine before it is asked");
    const { K, N, FAN, SINK, FR, CELLS, LOG } = this.#scenario;
    if (LOG === 0) return [];
    const lanes = SINK === 2 ? Array.from({ length: FAN }, (_, r) => r + 1) : [...Array(K).keys()];
    const read = this.#tags(this.#core.readLog(), FR * N * CELLS);
    return [
      ...lanes.map((lane) => this.#tags(this.#core.consumerLog(lane), N * CELLS)),
      ...Array.from({ length: FR }, (_, r) => read.slice(r * N * CELLS, (r + 1) * N * CELLS)),
    ];
  }

  #tags(log: bigint, count: number): number[] {
    const bits = this.#core.logTagBits();
    const at = (nth: number): bigint => BigInt.asUintN(64, log) >> BigInt(nth * bits);
    return Array.from({ length: count }, (_, nth) => Number(BigInt.asUintN(bits, at(nth))));
  }

  /** The outcomes of the final states found so far, without repetition, as text. */
  outcomes(): Set<string> {
    const texts = this.search.finals().map((state) => {
      this.search.load(state);
      return JSON.stringify(this.outcome());
    });
    return new Set(texts);
  }
}

const PARAMETERS: readonly (readonly [Exclude<keyof CalibrationScenario, "policy">, number])[] = [
  ["K", abi.PARAMETER_K],
  ["W", abi.PARAMETER_W],
  ["N", abi.PARAMETER_N],
  ["FAN", abi.PARAMETER_FAN],
  ["SINK", abi.PARAMETER_SINK],
  ["FR", abi.PARAMETER_FR],
  ["MM", abi.PARAMETER_MM],
  ["TR", abi.PARAMETER_TR],
  ["RECLAIM", abi.PARAMETER_RECLAIM],
  ["RETX", abi.PARAMETER_RETX],
  ["RING", abi.PARAMETER_RING],
  ["SQ", abi.PARAMETER_SQ],
  ["CELLS", abi.PARAMETER_CELLS],
  ["LOG", abi.PARAMETER_LOG],
];
