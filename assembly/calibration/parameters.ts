// Parameters of the calibration machine, and the widths in bits that follow from them.
//
// Frames are numbered from 1; a frame's number takes `frameBits`, a cell's content `tagBits`, the content of
// a page `pageBits`. Widths are chosen so that a state is few words and packs to fewer.
// Interface: parametersAt, configure; the parameters and widths as globals.
// Not modelled: more than 4 pages, slots or file readers, 2 cells, 8 lanes, 15 frames; configure says no.

import {
  PARAMETERS,
  PARAMETER_CELLS,
  PARAMETER_FAN,
  PARAMETER_FR,
  PARAMETER_K,
  PARAMETER_LOG,
  PARAMETER_MM,
  PARAMETER_N,
  PARAMETER_POLICY,
  PARAMETER_RECLAIM,
  PARAMETER_RETX,
  PARAMETER_RING,
  PARAMETER_SINK,
  PARAMETER_SQ,
  PARAMETER_TR,
  PARAMETER_W,
  POLICY_COPY,
  POLICY_COW,
  POLICY_COWFLAG,
  POLICY_COWRACE,
  POLICY_STEAL,
} from "../abi/calibration";

export const SINK_READERS: u32 = 0;
export const SINK_SOCKETS: u32 = 1;
export const SINK_TEE: u32 = 2;
/** Pages, and slots of a queue. */
const PAGES_MAX: u32 = 4;
const CELLS_MAX: u32 = 2;
const LANES_MAX: u32 = 8;
/** Frame numbers are half bytes, and 0 is none. */
const FRAMES_MAX: u32 = 15;
/** Tags are half bytes. */
const TAG_MAX: u32 = 15;

const block: usize = memory.data(PARAMETERS * 4, 8);

// The parameters.
export let policy: u32 = 0;
export let splicers: u32 = 0;
export let writers: u32 = 0;
export let pages: u32 = 0;
export let fan: u32 = 0;
export let sink: u32 = 0;
export let fileReaders: u32 = 0;
export let mapped: u32 = 0;
export let punched: u32 = 0;
export let reclaims: bool = false;
export let retransmits: bool = false;
export let ring: u32 = 0;
export let queue: u32 = 0;
export let cells: u32 = 0;
export let logs: bool = false;

// What the policy means.
/** A writer may break sharing. */
export let breaks: bool = false;
/** splice waits for the page lock. */
export let waits: bool = false;
/** A page may be missing from the cache. */
export let misses: bool = false;
export let copies: bool = false;
export let steals: bool = false;
export let flags: bool = false;

// Counts and widths.
/** Pipes; each is a lane, with the splicer or consumer of the same number. */
export let lanes: u32 = 0;
export let frames: u32 = 0;
export let frameBits: u64 = 0;
export let tagBits: u64 = 0;
export let pageBits: u64 = 0;
/** Bits of a writer's page, and of all of its locals. */
export let stepBits: u64 = 0;
export let writerBits: u64 = 0;
export let frameMask: u64 = 0;
export let pageMask: u64 = 0;

/** Where the host puts PARAMETERS words of 32 bits. */
export function parametersAt(): usize {
  return block;
}
function parameter(index: i32): u32 {
  return load<u32>(block + (index << 2));
}
/** Bits that hold every number up to `most`. */
export function bitsFor(most: u32): u64 {
  return 32 - clz(most);
}

/** Takes the parameters from the block; false where they are beyond the bounds. */
export function readParameters(): bool {
  policy = parameter(PARAMETER_POLICY);
  splicers = parameter(PARAMETER_K);
  writers = parameter(PARAMETER_W);
  pages = parameter(PARAMETER_N);
  fan = parameter(PARAMETER_FAN);
  sink = parameter(PARAMETER_SINK);
  fileReaders = parameter(PARAMETER_FR);
  mapped = parameter(PARAMETER_MM);
  punched = parameter(PARAMETER_TR);
  reclaims = parameter(PARAMETER_RECLAIM) != 0;
  retransmits = parameter(PARAMETER_RETX) != 0;
  ring = parameter(PARAMETER_RING);
  queue = parameter(PARAMETER_SQ);
  cells = parameter(PARAMETER_CELLS);
  logs = parameter(PARAMETER_LOG) != 0;
  decide();
  return widths();
}

function decide(): void {
  breaks = policy == POLICY_COW || policy == POLICY_COWRACE || policy == POLICY_COWFLAG;
  waits = policy == POLICY_COW || policy == POLICY_STEAL || policy == POLICY_COWFLAG;
  copies = policy == POLICY_COPY;
  steals = policy == POLICY_STEAL;
  flags = policy == POLICY_COWFLAG;
  misses = steals || reclaims || punched > 0;
}

function widths(): bool {
  lanes = sink == SINK_TEE ? 1 + fan : splicers;
  frames = pages + lanes * pages;
  const tagMax: u32 = punched ? 3 + writers : mapped ? 2 + writers : 1 + writers;
  frameBits = bitsFor(frames);
  tagBits = bitsFor(tagMax);
  pageBits = tagBits * cells;
  stepBits = bitsFor(pages);
  writerBits = stepBits + 2 + (cells > 1 ? 2 : 0);
  frameMask = ((<u64>1) << frameBits) - 1;
  pageMask = ((<u64>1) << pageBits) - 1;
  if (pages < 1 || pages > PAGES_MAX || ring > PAGES_MAX || queue > PAGES_MAX) return false;
  if (cells < 1 || cells > CELLS_MAX || fileReaders > PAGES_MAX || writers > LANES_MAX)
    return false;
  if (ring < 1 || queue < 1 || lanes > LANES_MAX || lanes < 1 || frames > FRAMES_MAX) return false;
  if (sink == SINK_SOCKETS && ring < pages) return false;
  return tagMax <= TAG_MAX && mapped <= pages && punched <= pages;
}
