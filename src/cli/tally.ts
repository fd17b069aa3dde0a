// What random programs do, counted call by call: whether they reach what they should.
//
// Interface: Tally.

import { ERRNO_NAMES } from "../compare/errno-names.js";
import { callsOf, contentBytes } from "../language/program.js";
import type { Call, Program } from "../language/program.js";
import { SYSCALL_NAMES, syscallRow } from "../language/syscalls.js";
import type { SyscallName } from "../language/syscalls.js";
import type { CallResult, Outcome } from "../trace/outcome.js";
import { columns } from "./report.js";

interface Row {
  calls: number;
  returned: number;
  blocked: number;
  short: number;
  readonly errnos: Map<number, number>;
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;

/** Counts results of calls. */
export class Tally {
  readonly #rows = new Map<SyscallName, Row>();
  #programs = 0;
  #modified = 0;

  /** Adds one observed run. `allowed`: the model's outcomes, which know about the snapshot. */
  add(program: Program, observed: Outcome, allowed: readonly Outcome[]): void {
    this.#programs++;
    if (allowed.some((outcome) => outcome.snapshot === false)) this.#modified++;
    for (const call of callsOf(program)) this.#addCall(call, observed.results[call.id]);
  }

  /** Share of programs in which a consumer got bytes that had changed in the pipe, 0 to 1. */
  get modifiedShare(): number {
    return this.#programs === 0 ? 0 : this.#modified / this.#programs;
  }

  /** A table, one line per call. */
  lines(): string[] {
    const rows = SYSCALL_NAMES.flatMap((name) => {
      const row = this.#rows.get(name);
      return row === undefined ? [] : [cells(name, row)];
    });
    return [
      ...columns([["call", "started", "succeed", "block", "fall short", "errno"], ...rows]),
      `a folio changed between splice and its consumer in ${percent(this.#modified, this.#programs)} of the programs`,
    ];
  }

  #addCall(call: Call, result: CallResult | undefined): void {
    if (result === undefined || result.status === "not-started") return;
    const row = this.#rows.get(call.syscall) ?? {
      calls: 0,
      returned: 0,
      blocked: 0,
      short: 0,
      errnos: new Map<number, number>(),
    };
    this.#rows.set(call.syscall, row);
    row.calls++;
    if (result.status === "blocked") row.blocked++;
    else if (result.ret < 0) row.errnos.set(result.errno, (row.errnos.get(result.errno) ?? 0) + 1);
    else {
      row.returned++;
      const wanted = wantedBytes(call);
      if (wanted !== undefined && BigInt(result.ret) < wanted) row.short++;
    }
  }
}

/** The bytes that a call asks for, where it asks for an amount. */
function wantedBytes(call: Call): bigint | undefined {
  for (const [i, param] of syscallRow(call.syscall).params.entries()) {
    const operand = call.operands[i];
    if (param.kind === "count" && operand?.kind === "int") return operand.value;
    if (operand?.kind === "data") return BigInt(contentBytes(operand.content));
  }
  return undefined;
}

function cells(name: SyscallName, row: Row): string[] {
  const errnos = [...row.errnos]
    .sort((a, b) => b[1] - a[1])
    .map(([errno, count]) => `${ERRNO_NAMES.get(errno) ?? errno} ${percent(count, row.calls)}`);
  return [
    name,
    `${row.calls}`,
    percent(row.returned, row.calls),
    percent(row.blocked, row.calls),
    percent(row.short, row.calls),
    errnos.join(", "),
  ];
}
