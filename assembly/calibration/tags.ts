// Content under another numbering of the writers.
//
// Interface: renameTags.

import {
  SINK_SOCKETS,
  cells,
  fileReaders,
  frames,
  lanes,
  logs,
  misses,
  pages,
  queue,
  ring,
  sink,
  tagBits,
} from "./parameters";
import {
  DISK,
  FILE,
  READ_LOG,
  TAGS,
  pipeContent,
  pipeHeld,
  pipeOf,
  setPipe,
  setSink,
  setWord,
  sinkContent,
  sinkLog,
  sinkOf,
  word,
} from "./state";

let map: u64 = 0;

/** Replaces every tag t of the state by half byte t of `tags`. */
export function renameTags(tags: u64): void {
  map = tags;
  for (let c: u32 = 0; c < cells; c++)
    setWord(TAGS + (c << 3), renamed(word(TAGS + (c << 3)), 0, frames + 1, 4));
  if (misses) setWord(DISK, renamed(word(DISK), 0, pages * cells, tagBits));
  if (fileReaders) setWord(FILE, renamed(word(FILE), 0, pages * cells, tagBits));
  if (fileReaders && logs)
    setWord(READ_LOG, renamed(word(READ_LOG), 0, fileReaders * pages * cells, tagBits));
  for (let q: u32 = 0; q < lanes; q++) {
    const pipe = renamed(pipeOf(q), pipeContent, ring * cells, tagBits);
    setPipe(q, renamed(pipe, pipeHeld, cells, tagBits));
    let socket = sinkOf(q);
    if (sink == SINK_SOCKETS) socket = renamed(socket, sinkContent, queue * cells, tagBits);
    setSink(q, logs ? renamed(socket, sinkLog, pages * cells, tagBits) : socket);
  }
}

/** `fields` with the `count` tags from bit `from` on replaced, `width` bits each. */
function renamed(fields: u64, from: u64, count: u32, width: u64): u64 {
  const mask = ((<u64>1) << width) - 1;
  let result = fields;
  let shift = from;
  for (let i: u32 = 0; i < count; i++) {
    const tag = (fields >> shift) & mask;
    result ^= (tag ^ ((map >> (tag << 2)) & 15)) << shift;
    shift += width;
  }
  return result;
}
