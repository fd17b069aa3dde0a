// Mappings: the page table entries of each, and what they let a store do.
//
// Interface: MappingShape, TableEntryShape, mappingScene, mappingName.

import { callsOf, type CallId, type Program } from "../../language/program.js";
import type { MappingView } from "../../trace/world.js";
import type { Box, Row } from "./layout.js";
import type { SceneInput } from "./moment.js";

/** A mapping's heading. */
export interface MappingShape {
  readonly key: string;
  readonly call: CallId;
  readonly box: Box;
  readonly name: string;
  /** "shared, of f", "private, anonymous". */
  readonly what: string;
  readonly entries: readonly TableEntryShape[];
}

/** A page of the mapping. */
export interface TableEntryShape {
  readonly key: string;
  readonly box: Box;
  readonly title: string;
  /** The frame that the entry points at, 0 where it is empty. */
  readonly frame: number;
  readonly text: string;
  /** "writable", "read-only". */
  readonly note: string;
  readonly label: string;
}

/** The mappings and their page table entries. */
export function mappingScene({ program, world, layout }: SceneInput): MappingShape[] {
  return world.mappings.flatMap((mapping) => {
    const box = layout.mappings.get(mapping.call);
    if (box === undefined) return [];
    const { call, shared, inode } = mapping;
    const file = world.inodes.find((each) => each.inode === inode)?.name;
    const of = inode === undefined ? "anonymous" : `of ${file ?? `inode ${inode}`}`;
    const name = mappingName(program, call);
    const rows = layout.tables.get(call) ?? [];
    const entries = rows.map((row) => entry(mapping, name, row));
    const what = `${shared ? "shared" : "private"}, ${of}`;
    return [{ key: `mapping ${call}`, call, box, name, what, entries }];
  });
}

/** What the scenario calls a mapping: the register of the call that made it. */
export function mappingName(program: Program, call: CallId): string {
  const maker = callsOf(program)[call];
  return maker?.register ?? maker?.label ?? `mapping ${call}`;
}

function entry({ call, mapped, inode }: MappingView, name: string, row: Row): TableEntryShape {
  const found = mapped.find(({ page }) => page === row.from);
  const title = `page ${row.from}`;
  const base = { key: `pte ${call}:${row.from}`, box: row.box, title, frame: found?.frame ?? 0 };
  if (found === undefined)
    return { ...base, text: "empty", note: "", label: `${title} of ${name}: empty` };
  const copied = found.isCopy && inode !== undefined ? "a private copy, " : "";
  const note = found.writable ? "writable" : "read-only";
  const text = `frame ${found.frame}`;
  return { ...base, text, note, label: `${title} of ${name}: ${text}, ${copied}${note}` };
}
