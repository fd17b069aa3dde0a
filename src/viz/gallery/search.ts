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
  io_uring: "io_uring: linked requests",
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
  samba: "Samba's paths",
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

/**
 * The groups with what has every word of the query in its name, claim, calls or heading. What has it as a whole word
 * stands before what begins with it, and that before what has it inside of a word; where that is equal, the name and the
 * calls come first. The worst of several words counts; groups stand by their best.
 */
export function search(groups: readonly Group[], query: string): readonly Group[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return groups;
  const ranked = groups.map(({ heading, entries }) => {
    const found = entries
      .map((entry) => ({ entry, rank: rankIn(fieldsOf(entry, heading), words) }))
      .filter(({ rank }) => rank < NOWHERE)
      .sort((a, b) => a.rank - b.rank);
    return { heading, entries: found.map(({ entry }) => entry), best: found[0]?.rank ?? NOWHERE };
  });
  return ranked
    .filter(({ entries }) => entries.length > 0)
    .sort((a, b) => a.best - b.best)
    .map(({ heading, entries }) => ({ heading, entries }));
}

const known = new WeakMap<Entry, readonly string[]>();

/** What of a scenario is searched, in small letters: its name and calls, then the rest. */
function fieldsOf(entry: Entry, heading: string): readonly string[] {
  const found = known.get(entry);
  if (found !== undefined) return found;
  const { name, claim, calls } = entry;
  const made = [[name, ...calls].join(" "), `${claim} ${heading}`].map((each) =>
    each.toLowerCase(),
  );
  known.set(entry, made);
  return made;
}

/** The rank of what does not have a word. */
const NOWHERE = 6;

/** How well some fields have the word that they have worst; 0 is best. */
const rankIn = (fields: readonly string[], words: readonly string[]): number =>
  Math.max(
    ...words.map((word) =>
      Math.min(...fields.map((field, i) => 2 * depthIn(field, word) + i), NOWHERE),
    ),
  );

/** 0 where a field has a word by itself, 1 where at the beginning of one, 2 where inside of one, 3 where not. */
function depthIn(field: string, word: string): number {
  let depth = 3;
  for (let at = field.indexOf(word); at >= 0 && depth > 0; at = field.indexOf(word, at + 1)) {
    const begins = !isLetter(field[at - 1]);
    const ends = !isLetter(field[at + word.length]);
    depth = Math.min(depth, begins ? (ends ? 0 : 1) : 2);
  }
  return depth;
}

const isLetter = (character: string | undefined): boolean =>
  character !== undefined && /\w/.test(character);
