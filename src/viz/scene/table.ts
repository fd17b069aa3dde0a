// All that the picture holds at a moment, as tables: for those who read it or have it read to them.
//
// Interface: Table, tablesOf.

import { callsOf } from "../../language/program.js";
import type { Trace } from "../../trace/trace.js";
import type { TaskView } from "../../trace/world.js";
import { callTitle } from "./call-text.js";
import { runText, type Strip } from "./content.js";
import { threadName } from "./moment.js";
import type { FragShape } from "./sockets.js";
import type { StageScene } from "./stage.js";
import { worldAt } from "./timeline.js";

/** A table; the first column names its row. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/** A row, by the key of what it tells. */
export interface TableRow {
  readonly key: string;
  readonly cells: readonly string[];
}

/** The tables of a moment; those that would never have a row are left out. */
export function tablesOf(trace: Trace, scene: StageScene, done: number): Table[] {
  const all = [
    threads(trace, done),
    pages(scene),
    pageTables(scene),
    folios(scene),
    slots(scene),
    frags(scene),
    readers(scene),
  ];
  return all.filter(({ rows }) => rows.length > 0);
}

const row = (key: string, ...cells: string[]): TableRow => ({ key, cells });

/** Values with who wrote them. */
const bytes = (strip: Strip | undefined): string =>
  (strip?.runs ?? []).map((run) => `${runText(run)} by ${run.who}`).join("; ");

const frameText = (frame: number): string => (frame === 0 ? "the zero page" : `frame ${frame}`);

function threads(trace: Trace, done: number): Table {
  const calls = callsOf(trace.program);
  const rows = worldAt(trace, done).tasks.map((task) => {
    const call = task.call === undefined ? undefined : calls[task.call];
    const title = call === undefined ? "" : callTitle(trace.program, call);
    const step = task.state === "in-call" || task.state === "asleep" ? task.phase : "";
    return row(
      `task ${task.task}`,
      threadName(trace.program, task.task),
      stateOf(task),
      title,
      step,
    );
  });
  return { caption: "threads", columns: ["thread", "state", "call", "next step"], rows };
}

const STATES: Readonly<Record<TaskView["state"], string>> = {
  ready: "between calls",
  "in-call": "in the call",
  asleep: "asleep",
  done: "done",
};

function stateOf({ state, enabled, waitsFor }: TaskView): string {
  if (waitsFor !== undefined)
    return `waits until nobody outside the page cache holds frame ${waitsFor}`;
  return enabled || state === "done" || state === "asleep"
    ? STATES[state]
    : `${STATES[state]}, waits`;
}

function pages({ files }: StageScene): Table {
  const rows = files.flatMap(({ key, name, size, lock, pages: cached }) => {
    const head = [name, size, ...(lock === "" ? [] : [`i_rwsem: ${lock}`])].join(", ");
    if (cached.length === 0) return [row(key, head, "none", "")];
    return cached.map((page) => row(page.key, head, page.title, page.text));
  });
  return { caption: "page cache", columns: ["file", "page", "holds"], rows };
}

function pageTables({ mappings }: StageScene): Table {
  const rows = mappings.flatMap(({ key, name, what, entries }) => {
    const head = `${name}, ${what}`;
    if (entries.length === 0) return [row(key, head, "none", "", "")];
    return entries.map(({ key: at, title, text, note }) => row(at, head, title, text, note));
  });
  return { caption: "page tables", columns: ["mapping", "page", "points at", "stores"], rows };
}

function folios({ folios: all }: StageScene): Table {
  const rows = all.map(({ key, title, strip, refs, holders, note, marked, outside, lock }) => {
    const held = holders.map(({ refs: n, text }) => (n > 1 ? `${text} (${n})` : text)).join(", ");
    const mark = marked ? [outside > 0 ? `marked, ${outside} outside` : "marked"] : [];
    const locked = lock === "" ? [] : [`locked by ${lock}`];
    return row(key, title, bytes(strip), `${refs}`, held, [note, ...mark, ...locked].join(", "));
  });
  const columns = ["folio", "content", "references", "held by", "flags"];
  return { caption: "folios", columns, rows };
}

function slots({ pipes }: StageScene): Table {
  const rows = pipes.flatMap(({ key, name, usage, lock, slots: ring }) => {
    const head = [name, usage, ...(lock === "" ? [] : [`mutex: ${lock}`])].join(", ");
    const used = ring.flatMap(({ key: at, title, used: slot }) =>
      slot === undefined
        ? []
        : [row(at, head, title, frameText(slot.frame), slot.range, bytes(slot.strip), slot.flags)],
    );
    return used.length > 0 ? used : [row(key, head, "no slot in use", "", "", "", "")];
  });
  const columns = ["pipe", "slot", "points at", "offset + length", "shows", "flags"];
  return { caption: "pipes", columns, rows };
}

function frags({ sockets }: StageScene): Table {
  const rows = sockets.flatMap(({ key, name, usage, lock, sent, frags: queue }) => {
    const head = [name, usage, ...sent, ...(lock === "" ? [] : [`locked by ${lock}`])].join(", ");
    const used = queue.filter(({ filled }) => filled).map((frag) => fragRow(head, frag));
    return used.length > 0 ? used : [row(key, head, "no frag", "", "", "", "")];
  });
  const columns = ["socket", "frag", "points at", "offset + length", "shows", "state"];
  return { caption: "sockets", columns, rows };
}

function fragRow(head: string, { key, title, used, bound }: FragShape): TableRow {
  const ends = bound ? "the message ends" : "";
  if (used === undefined) return row(key, head, title, "", "", "", ends);
  const states = [used.state, ends].filter((state) => state !== "").join(", ");
  return row(key, head, title, frameText(used.frame), used.range, bytes(used.strip), states);
}

function readers({ readers: all }: StageScene): Table {
  const rows = all.map(({ key, thread, title, state, strip, verdict }) =>
    row(key, `${thread}: ${title}`, state, bytes(strip), verdict),
  );
  return {
    caption: "what the readers got",
    columns: ["call", "state", "got", "against the splice"],
    rows,
  };
}
