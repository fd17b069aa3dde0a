// Kernels beside the model as a table: a row for each call in the order of the run, a column for each kernel.
//
// Interface: tableOf, Table, Row, Cell, MomentCell.
// The model has the profile of each kernel, so it may say something for each; one word stands for all that agree.

import { callDifferences } from "../../compare/conform.js";
import { fdName } from "../../compare/descriptors.js";
import { folioAt } from "../../compare/frames.js";
import { mappedIn, momentDifferences, triedToDrop } from "../../compare/whitebox.js";
import { folioRows } from "../../compare/whitebox-rows.js";
import type { FolioRow } from "../../compare/whitebox-rows.js";
import { callsOf } from "../../language/program.js";
import type { Call, Program } from "../../language/program.js";
import { callText, resultText, threadName } from "../../report/call-text.js";
import type { CallResult } from "../../trace/outcome.js";
import type { World } from "../../trace/world.js";
import type { Beside } from "./beside.js";
import { ringsOf, type Ring } from "./rings.js";

/** A column: what to call it, and its run. */
export interface Column {
  readonly id: string;
  /** "ext4". */
  readonly name: string;
  /** Undefined where this order was not run. */
  readonly beside: Beside | undefined;
}

/** A folio at one moment, the kernel's counts beside the model's. */
export interface FolioCell extends FolioRow {
  /** Page table entries in the model; undefined where it has no such folio. */
  readonly mappedModel?: number;
  readonly differs: boolean;
}

/** The structures after a call. */
export interface MomentCell {
  readonly folios: readonly FolioCell[];
  readonly rings: readonly Ring[];
  /** What the model does not have so, in sentences. */
  readonly differs: readonly string[];
}

/** What one kernel gave. */
export interface Cell {
  readonly column: string;
  /** "4096  0xf0 * 4096"; undefined where this order was not run. */
  readonly text?: string;
  /** What the model has, where that is something else. */
  readonly model?: string;
  readonly moment?: MomentCell;
}

/** One call. */
export interface Row {
  readonly call: number;
  readonly thread: string;
  readonly text: string;
  /** What the model says, and for which columns where it does not say the same for all. */
  readonly model: readonly { readonly text: string; readonly names: readonly string[] }[];
  readonly cells: readonly Cell[];
}

/** The rows of an order. */
export function tableOf(program: Program, columns: readonly Column[]): Row[] {
  const first = columns.find(({ beside }) => beside?.kernel.outcome)?.beside?.kernel.outcome;
  if (first === undefined) return [];
  const rank = ({ startedAt, call }: CallResult): number =>
    startedAt === undefined || startedAt < 0 ? first.results.length + call : startedAt;
  const order = [...first.results].sort((a, b) => rank(a) - rank(b)).map(({ call }) => call);
  const calls = callsOf(program);
  return order.map((id) => rowOf(program, calls[id]!, columns));
}

function rowOf(program: Program, call: Call, columns: readonly Column[]): Row {
  const cells = columns.map((column) => cellOf(program, call, column));
  const said = new Map<string, string[]>();
  for (const { name, beside } of columns) {
    const result = beside?.model?.results[call.id];
    if (result === undefined) continue;
    const text = gave(call, result, beside?.model?.values);
    said.set(text, [...(said.get(text) ?? []), name]);
  }
  return {
    call: call.id,
    thread: threadName(program, call),
    text: callText(program, call),
    model: [...said].map(([text, names]) => ({ text, names: said.size === 1 ? [] : names })),
    cells,
  };
}

/** "4096  0x1f * 4096" as the command line writes it, without the sign. */
const gave = (call: Call, result: CallResult, values?: readonly number[]): string =>
  resultText(call, result, values).replace(/^= /, "");

function cellOf(program: Program, call: Call, { id, beside }: Column): Cell {
  const seen = beside?.kernel.outcome?.results[call.id];
  if (beside === undefined || seen === undefined) return { column: id };
  const model = beside.model?.results[call.id];
  const values = beside.model?.values;
  const isOther = model !== undefined && callDifferences(program, seen, model, values).length > 0;
  const moment = momentOf(program, beside, seen);
  return {
    column: id,
    text: gave(call, seen),
    ...(isOther ? { model: gave(call, model, values) } : {}),
    ...(moment === undefined ? {} : { moment }),
  };
}

/** The moment after a call was started, if the white box saw one. */
function momentOf(program: Program, beside: Beside, seen: CallResult): MomentCell | undefined {
  const at = seen.startedAt ?? -1;
  const { outcome, snapshots } = beside.kernel;
  const snapshot = at < 0 ? undefined : snapshots?.[at + 1];
  const modelAt = beside.model?.results[seen.call]?.startedAt ?? at;
  const world = beside.worlds?.[modelAt + 1];
  if (outcome === undefined || snapshot === undefined || world === undefined) return undefined;
  const nameOf = (fd: number): string => fdName(program, outcome, fd, at + 1);
  const tried = triedToDrop(program, outcome, at + 1);
  return {
    folios: folioRows(snapshot, world, tried, nameOf)
      .map((row) => folioCell(row, world))
      .sort((a, b) => (a.frame ?? Infinity) - (b.frame ?? Infinity)),
    rings: ringsOf(snapshot, world, nameOf),
    differs: momentDifferences("", snapshot, world, tried).map(
      ({ place, field, observed, allowed }) => {
        const where = place.replace(/^, /, "");
        return `${where}, ${field}: the kernel has ${observed}, the model ${allowed}`;
      },
    ),
  };
}

function folioCell(row: FolioRow, world: World): FolioCell {
  const folio = row.frame === undefined ? undefined : folioAt(world, row.frame);
  return {
    ...row,
    ...(folio === undefined ? {} : { mappedModel: mappedIn(world, folio) }),
    differs: !row.allowed.includes(row.refs),
  };
}
