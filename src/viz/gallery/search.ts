// The gallery's order: scenarios by folder, under headings in plain words; and what a search leaves of them.
//
// Interface: Group, HEADINGS, groupsOf, search.

import type { Entry } from "./entries.js";

/** The scenarios of one folder. */
export interface Group {
  readonly heading: string;
  readonly entries: readonly Entry[];
}

/** What the folders are about, in the order in which they are shown. */
export const HEADINGS: Readonly<Record<string, string>> = {
  "": "Stories of a page that travels",
  splice: "splice: pages between files and pipes",
  tee: "tee: one page in two pipes",
  vmsplice: "vmsplice: memory and pipes",
  sendfile: "sendfile: from a file into anything",
  copy: "copy_file_range and clones",
  pipe: "Pipes: slots, capacity, packets",
  fifo: "FIFOs",
  socket: "Sockets",
  close: "Closing an end while somebody waits",
  poll: "poll: what is ready",
  offset: "File positions and offsets",
  truncate: "Files that grow and shrink",
  punch: "Punched holes",
  range: "Ranges zeroed, collapsed, inserted",
  folio: "Large folios",
  mmap: "Mapped files",
  fork: "fork and private memory",
  memfd: "memfds and seals",
  names: "Files that lose their name",
  storage: "Write-back and the disk",
  direct: "O_DIRECT beside the page cache",
  vector: "Segments: readv, writev and their kin",
  fault: "Memory that is not mapped",
  device: "/dev/null and /dev/zero",
  errno: "Errors, and which one comes first",
  spin: "Large state spaces",
};

/** The scenarios that tell the others' story stand first. */
const FIRST: readonly string[] = ["mail-ordered", "mail-race", "mail"];

function rankOf({ name }: Entry): number {
  const rank = FIRST.indexOf(name);
  return rank < 0 ? FIRST.length : rank;
}

/** Scenarios by folder; a folder without a heading is shown by its name, at the end. */
export function groupsOf(entries: readonly Entry[]): readonly Group[] {
  const folders = new Set([...Object.keys(HEADINGS), ...entries.map(({ folder }) => folder)]);
  return [...folders]
    .map((folder) => ({
      heading: HEADINGS[folder] ?? folder,
      entries: entries
        .filter((each) => each.folder === folder)
        .sort((a, b) => rankOf(a) - rankOf(b)),
    }))
    .filter((group) => group.entries.length > 0);
}

/** The groups with what has every word of the query in its name, claim, calls, heading or verdict. */
export function search(groups: readonly Group[], query: string): readonly Group[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return groups;
  return groups
    .map(({ heading, entries }) => ({
      heading,
      entries: entries.filter((entry) => {
        const hay = haystack(entry, heading);
        return words.every((word) => hay.includes(word));
      }),
    }))
    .filter(({ entries }) => entries.length > 0);
}

const known = new WeakMap<Entry, string>();

/** All words of a scenario that are searched, in small letters. */
function haystack(entry: Entry, heading: string): string {
  const found = known.get(entry);
  if (found !== undefined) return found;
  const { name, claim, calls } = entry;
  const made = [name, claim, calls.join(" "), heading].join("\n").toLowerCase();
  known.set(entry, made);
  return made;
}
