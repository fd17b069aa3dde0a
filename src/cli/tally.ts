// What random programs do, counted call by call: whether they reach what they should.
//
// Interface: Tally, TallyCounts.

import { ERRNO_NAMES } from "../compare/errno-names.js";
import { callsOf, contentBytes, segmentsOf } from "../language/program.js";
import type { Call, Program } from "../language/program.js";
import { SYSCALL_NAMES, syscallRow } from "../language/syscalls.js";
import type { SyscallName } from "../language/syscalls.js";
import type { CallResult, Outcome } from "../trace/outcome.js";
import { columns } from "./report.js";

/** What one system call did. */
interface Row {
  calls: number;
  returned: number;
  blocked: number;
  short: number;
  /** Errno → calls. */
  readonly errnos: Record<number, number>;
}

/** Plain data: it travels between processes, and two of them add up. */
export interface TallyCounts {
  programs: number;
  /** Programs in which a consumer got bytes that had changed in the pipe. */
  modified: number;
  readonly rows: Partial<Record<SyscallName, Row>>;
}

function percent(part: number, whole: number): string {
  if (whole === 0) return "-";
  const percents = (100 * part) / whole;
  return part > 0 && percents < 0.1 ? "< 0.1 %" : `${percents.toFixed(1)} %`;
}

/** Counts results of calls. */
export class Tally {
  readonly counts: TallyCounts = { programs: 0, modified: 0, rows: {} };

  /** Adds one observed run. `allowed`: the model's outcomes, which know about the snapshot. */
  add(program: Program, observed: Outcome, allowed: readonly Outcome[]): void {
    this.counts.programs++;
    if (allowed.some((outcome) => outcome.snapshot === false)) this.counts.modified++;
    for (const call of callsOf(program)) this.#addCall(call, observed.results[call.id]);
  }

  /** Adds what another tally has counted. */
  merge(other: TallyCounts): void {
    this.counts.programs += other.programs;
    this.counts.modified += other.modified;
    for (const name of SYSCALL_NAMES) {
      const from = other.rows[name];
      if (from === undefined) continue;
      const row = this.#row(name);
      row.calls += from.calls;
      row.returned += from.returned;
      row.blocked += from.blocked;
      row.short += from.short;
      for (const [errno, calls] of Object.entries(from.errnos))
        row.errnos[Number(errno)] = (row.errnos[Number(errno)] ?? 0) + calls;
    }
  }

  /** A table, one line per call. */
  lines(): string[] {
    const { programs, modified, rows } = this.counts;
    const table = SYSCALL_NAMES.flatMap((name) => {
      const row = rows[name];
      return row === undefined ? [] : [cells(name, row)];
    });
    return [
      ...columns([["call", "started", "succeed", "block", "fall short", "errno"], ...table]),
      `a folio changed between splice and its consumer in ${percent(modified, programs)} of the programs`,
    ];
  }

  #row(name: SyscallName): Row {
    return (this.counts.rows[name] ??= { calls: 0, returned: 0, blocked: 0, short: 0, errnos: {} });
  }

  #addCall(call: Call, result: CallResult | undefined): void {
    if (result === undefined || result.status === "not-started") return;
    const row = this.#row(call.syscall);
    row.calls++;
    if (result.status === "blocked") row.blocked++;
    else if (result.ret < 0) row.errnos[result.errno] = (row.errnos[result.errno] ?? 0) + 1;
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
    const segments = segmentsOf(operand);
    if (segments !== undefined) return BigInt(contentBytes(segments.flat()));
  }
  return undefined;
}

function cells(name: SyscallName, row: Row): string[] {
  const errnos = Object.entries(row.errnos)
    .map(([errno, calls]) => [Number(errno), calls] as const)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .map(([errno, calls]) => `${ERRNO_NAMES.get(errno) ?? errno} ${percent(calls, row.calls)}`);
  return [
    name,
    `${row.calls}`,
    percent(row.returned, row.calls),
    percent(row.blocked, row.calls),
    percent(row.short, row.calls),
    errnos.join(", "),
  ];
}
