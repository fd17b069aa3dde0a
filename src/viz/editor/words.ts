// The words of the language that begin something: what each is for, and how it is usually written.
//
// Interface: WordRow, WORDS, SOCKET_WORDS, BEGINNINGS, wordDoc; spelled.

import { KIND_WORDS, SOCKET_KINDS } from "../../language/socket-kinds.js";

/** A word of the language. */
export interface WordRow {
  readonly word: string;
  /** One line for people. */
  readonly doc: string;
  /** What completion writes, `${…}` being filled in by hand; the word alone if absent. */
  readonly snippet?: string;
}

/** What may begin a part of a scenario. */
export const BEGINNINGS: readonly WordRow[] = [
  {
    word: "litmus",
    doc: "the scenario's name, and its claim in words",
    snippet: 'litmus ${name}\n"${What is claimed.}"',
  },
  {
    word: "file",
    doc: "a file, open for reading and writing before the first call",
    snippet: "file ${f} = ${0x1f * 4096}",
  },
  {
    word: "pipe",
    doc: "a pipe; its ends are `p.r` and `p.w`",
    snippet: "pipe ${p}",
  },
  {
    word: "socket",
    doc: "a connected pair of UNIX stream sockets; its ends are `s.a` and `s.b`",
    snippet: "socket ${s}",
  },
  {
    word: "wire",
    doc: "a socket with a network card behind it; on the model only",
    snippet: "wire ${w}",
  },
  {
    word: "background",
    doc: "what the kernel may do at any time: `writeback` or `reclaim`",
    snippet: "background ${writeback}",
  },
  {
    word: "thread",
    doc: "calls that are made one after the other",
    snippet: "thread ${a} {\n  ${}\n}",
  },
  {
    word: "chain",
    doc: "linked requests, which io_uring makes one after the other",
    snippet: "chain ${c} {\n  ${}\n}",
  },
  {
    word: "forall",
    doc: "claims that the condition holds of every outcome",
    snippet: "forall (${condition})",
  },
  {
    word: "exists",
    doc: "claims that the condition holds of at least one outcome",
    snippet: "exists (${condition})",
  },
  {
    word: "~exists",
    doc: "claims that the condition holds of no outcome",
    snippet: "~exists (${condition})",
  },
  {
    word: "filter",
    doc: "leaves out the outcomes for which its condition does not hold",
    snippet: "filter (${condition})",
  },
  {
    word: "locations",
    doc: "what is shown of each outcome beside the places of the condition",
    snippet: "locations [${places}]",
  },
];

/** Every other word with a meaning of its own. */
export const WORDS = {
  after: {
    word: "after",
    doc: "the call may start only when the labelled call has returned",
    snippet: "after ${thread:label}",
  },
  size: {
    word: "size",
    doc: "how large the pipe is, as F_SETPIPE_SZ sets it",
    snippet: "size ${4096}",
  },
  loopback: { word: "loopback", doc: "the receiver is on this machine, and shares the frags" },
  queue: { word: "queue", doc: "how many frags the wire holds", snippet: "queue ${2}" },
  retransmit: {
    word: "retransmit",
    doc: "the card may send a frag once more before the acknowledgement",
  },
  folio: {
    word: "folio order",
    doc: "the content is written in steps of 4096 << n bytes, from which large folios are made",
    snippet: "folio order ${2}",
  },
  hole: { word: "hole", doc: "bytes that were never written", snippet: "hole ${4096}" },
  hex: { word: "hex", doc: "bytes as hex digits", snippet: 'hex "${00 ff}"' },
  fault: { word: "fault", doc: "memory that is not mapped", snippet: "fault ${1}" },
  snapshot: {
    word: "snapshot",
    doc: "every consumer got the bytes that its slots held when they took their reference",
  },
  not: { word: "not", doc: "the condition does not hold" },
  true: { word: "true", doc: "holds always" },
  NULL: { word: "NULL", doc: "no pointer: the file position counts, or the kernel chooses" },
  writeback: { word: "writeback", doc: "dirty pages may be written to the disk at any time" },
  reclaim: {
    word: "reclaim",
    doc: "clean pages that nobody holds may leave the page cache at any time",
  },
} as const satisfies Readonly<Record<string, WordRow>>;

/** The kinds of sockets that have a word. */
export const SOCKET_WORDS: readonly WordRow[] = KIND_WORDS.map((word) => ({
  word,
  doc: SOCKET_KINDS[word].doc,
}));

/** What a word of the language is for; undefined for any other word. */
export function wordDoc(word: string): string | undefined {
  const row = [...BEGINNINGS, ...SOCKET_WORDS].find((each) => each.word === word);
  if (row !== undefined) return row.doc;
  return Object.hasOwn(WORDS, word) ? WORDS[word as keyof typeof WORDS].doc : undefined;
}

/** A constant's value, as people know it. */
export const spelled = (value: number): string =>
  value < 10 ? `${value}` : `0x${value.toString(16)}`;
