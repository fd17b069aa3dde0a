// The frames between host and executor: docs/wire.md, native/wire.h.
//
// Interface: encodeBatch, decodeFrameHead, decodeHello, decodeBatch and the types of what they give.
// Law: nothing here trusts the bytes; a frame that makes no sense throws WireError.

import { filledBytes, zeroedBytes } from "../trace/bytes.js";
import type { CallResult, CallStatus, FinalFile, FinalPipe, Outcome } from "../trace/outcome.js";
import type { Snapshot } from "../trace/snapshot.js";
import { decodeSnapshot } from "./snapshot.js";

export const WIRE_VERSION = 1;
export const MAGIC_REQUEST = 0x51314c53;
export const MAGIC_REPLY = 0x52314c53;
export const FRAME_BYTES = 16;
export const KIND_HELLO = 1;
export const KIND_RUN = 2;
export const KIND_ERROR = 3;
export const REQUEST_BYTES_MAX = 64 << 20;
export const REPLY_BYTES_MAX = 256 << 20;

const BATCH_LEAVING = 1;
const JOB_FRESH = 1;
const JOB_LIMIT = 2;
const JOB_SNAPSHOTS = 4;
const RESULT_OUT = 1;
const RESULT_SIGPIPE = 2;
const KEY_NAME = 1;
const LITERAL = 256;
const JOB_BYTES = 24;
const HELLO_BYTES = 40;
const HAS_URING = 1n;

/** Bytes that are not what docs/wire.md says. */
export class WireError extends Error {
  override readonly name = "WireError";
}

/** One program as it travels. */
export interface WireJob {
  readonly words: Uint32Array;
  readonly picks: readonly number[];
  /** In a process of its own; always so with a limit. */
  readonly fresh: boolean;
  readonly timeoutMs: number;
  /** RLIMIT_FSIZE. */
  readonly fileSizeLimitBytes?: number;
  /** Look into the kernel between the calls; not in a process of its own. */
  readonly snapshots?: boolean;
}

/** What the executor says of itself. */
export interface Hello {
  readonly version: number;
  readonly pid: number;
  readonly uid: number;
  readonly pageSizeBytes: number;
  /** The effective capabilities of the user who makes the calls. */
  readonly capabilities: bigint;
  readonly bufferBytes: number;
  /** io_uring makes requests of this user. */
  readonly hasUring: boolean;
}

/** Why there is no outcome. */
export type Failure = "refused" | "timed-out" | "failed" | "died";

/** What became of one program. */
export type Attempt =
  | {
      readonly ok: true;
      readonly outcome: Outcome;
      /** Where they were asked for: one before the first call, and one after each. */
      readonly snapshots?: readonly Snapshot[];
    }
  | { readonly ok: false; readonly failure: Failure; readonly reason: string };

/** The head of a frame. */
export interface FrameHead {
  readonly kind: number;
  readonly bytes: number;
  readonly sequence: number;
}

const padded = (bytes: number): number => 4 * Math.ceil(bytes / 4);

const jobBytes = (job: WireJob): number =>
  JOB_BYTES + job.words.byteLength + padded(job.picks.length);

/** Encodes a request. Throws RangeError if it is above REQUEST_BYTES_MAX. */
export function encodeBatch(jobs: readonly WireJob[], sequence: number): Uint8Array {
  const bytes = jobs.reduce((sum, job) => sum + jobBytes(job), 8);
  if (bytes > REQUEST_BYTES_MAX) throw new RangeError("the batch is too large for one frame");
  const frame = new Uint8Array(FRAME_BYTES + bytes);
  const view = new DataView(frame.buffer);
  [MAGIC_REQUEST, KIND_RUN, bytes, sequence, jobs.length, 0].forEach((word, i) => {
    view.setUint32(4 * i, word, true);
  });
  let at = FRAME_BYTES + 8;
  for (const job of jobs) at = encodeJob(view, at, job);
  return frame;
}

function encodeJob(view: DataView, start: number, job: WireJob): number {
  const limit = job.fileSizeLimitBytes;
  const flags =
    (job.fresh || limit !== undefined ? JOB_FRESH : 0) |
    (limit !== undefined ? JOB_LIMIT : 0) |
    (job.snapshots === true ? JOB_SNAPSHOTS : 0);
  [job.words.length, job.picks.length, flags, job.timeoutMs].forEach((word, i) => {
    view.setUint32(start + 4 * i, word, true);
  });
  view.setBigUint64(start + 16, BigInt(limit ?? 0), true);
  let at = start + JOB_BYTES;
  for (const word of job.words) {
    view.setUint32(at, word, true);
    at += 4;
  }
  job.picks.forEach((pick, i) => {
    view.setUint8(at + i, pick);
  });
  return at + padded(job.picks.length);
}

/** Decodes the first 16 bytes of a reply. */
export function decodeFrameHead(bytes: Uint8Array): FrameHead {
  const reader = new Reader(bytes);
  if (reader.u32() !== MAGIC_REPLY) throw new WireError("not a reply of the executor");
  const head = { kind: reader.u32(), bytes: reader.u32(), sequence: reader.u32() };
  if (head.bytes > REPLY_BYTES_MAX) throw new WireError("the reply is longer than any can be");
  return head;
}

/** Decodes the body of a hello. */
export function decodeHello(bytes: Uint8Array): Hello {
  if (bytes.length !== HELLO_BYTES) throw new WireError("the executor's hello has another length");
  const reader = new Reader(bytes);
  return {
    version: reader.u32(),
    pid: reader.u32(),
    uid: reader.u32(),
    pageSizeBytes: reader.u32(),
    capabilities: reader.u64(),
    bufferBytes: reader.i64(),
    hasUring: (reader.u64() & HAS_URING) !== 0n,
  };
}

/** Decodes the body of a reply to a batch. `leaving`: the executor has ended after it. */
export function decodeBatch(bytes: Uint8Array): { attempts: Attempt[]; leaving: boolean } {
  const reader = new Reader(bytes);
  const count = reader.u32();
  const leaving = (reader.u32() & BATCH_LEAVING) !== 0;
  const attempts: Attempt[] = [];
  for (let i = 0; i < count; i++) attempts.push(decodeOutcome(reader));
  if (reader.left !== 0) throw new WireError("bytes are left after the last outcome");
  return { attempts, leaving };
}

const FAILURES: readonly (Failure | undefined)[] = [
  undefined,
  "refused",
  "timed-out",
  "failed",
  "died",
];

function decodeOutcome(reader: Reader): Attempt {
  const verdict = reader.u32();
  const messageBytes = reader.u32();
  const calls = reader.u32();
  const files = reader.u32();
  const pipes = reader.u32();
  const bytes = reader.u32();
  const end = reader.left - bytes;
  if (verdict !== 0) {
    const failure = FAILURES[verdict];
    if (failure === undefined) throw new WireError("unknown verdict");
    const reason = String.fromCharCode(...reader.bytes(messageBytes));
    return { ok: false, failure, reason };
  }
  const results = times(calls, (call) => decodeResult(reader, call));
  const outcome: Outcome = {
    results,
    files: times(files, () => decodeFile(reader)),
    pipes: times(pipes, () => decodePipe(reader)),
  };
  const attempt = { ok: true, outcome } as const;
  if (reader.left === end) return attempt;
  const snapshots = times(reader.u32(), () => decodeOne(reader));
  if (reader.left !== end) throw new WireError("an outcome is not as long as it says");
  return { ...attempt, snapshots };
}

function decodeOne(reader: Reader): Snapshot {
  try {
    return decodeSnapshot(reader.bytes(reader.u32()));
  } catch (error) {
    if (error instanceof RangeError) throw new WireError(error.message);
    throw error;
  }
}

/** What `make` gives, one after the other; a false count ends in WireError, not in a huge array. */
function times<T>(count: number, make: (index: number) => T): T[] {
  const all: T[] = [];
  while (all.length < count) all.push(make(all.length));
  return all;
}

const STATUSES: readonly CallStatus[] = ["not-started", "blocked", "returned"];

function decodeResult(reader: Reader, call: number): CallResult {
  const status = STATUSES[reader.u32()];
  if (status === undefined) throw new WireError("unknown status");
  const errno = reader.i32();
  const ret = reader.i64();
  const out = reader.i64();
  const flags = reader.u32();
  const startedAt = reader.i32();
  const returnedAt = reader.i32();
  reader.u32();
  const data = decodeContent(reader).bytes;
  const sigpipe = (flags & RESULT_SIGPIPE) !== 0;
  const result = { call, status, ret, errno, data, sigpipe, startedAt, returnedAt };
  return (flags & RESULT_OUT) !== 0 ? Object.assign(result, { out }) : result;
}

function decodeFile(reader: Reader): FinalFile {
  const { key, kind, bytes } = decodeContent(reader);
  return kind === KEY_NAME ? { name: key, bytes } : { fd: key, bytes };
}

function decodePipe(reader: Reader): FinalPipe {
  const { key, bytes } = decodeContent(reader);
  return { fd: key, bytes };
}

const NOTHING = new Uint8Array(0);

function decodeContent(reader: Reader): { key: number; kind: number; bytes: Uint8Array } {
  const key = reader.u32();
  const kind = reader.u32();
  const size = reader.u32();
  const chunks = reader.u32();
  const parts: [what: number, len: number, literal: Uint8Array][] = [];
  let total = 0;
  for (let i = 0; i < chunks; i++) {
    const what = reader.u32();
    const len = reader.u32();
    parts.push([what, len, what === LITERAL ? reader.bytes(len) : NOTHING]);
    total += len;
  }
  if (total !== size || size > REPLY_BYTES_MAX)
    throw new WireError("the chunks are not as long as their content");
  const [what, , literal] = parts[0] ?? [0];
  if (parts.length <= 1 && literal === NOTHING)
    return { key, kind, bytes: filledBytes(what, size) };
  const bytes = zeroedBytes(size);
  let at = 0;
  for (const [what, len, literal] of parts) {
    if (what === LITERAL) bytes.set(literal, at);
    else if (what !== 0) bytes.fill(what, at, at + len);
    at += len;
  }
  return { key, kind, bytes };
}

/** Reads little-endian numbers off the front of bytes. */
class Reader {
  readonly #view: DataView;
  #at = 0;

  constructor(readonly source: Uint8Array) {
    this.#view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  }

  get left(): number {
    return this.source.length - this.#at;
  }

  #take(bytes: number): number {
    if (bytes > this.left) throw new WireError("the reply ends in the middle of a record");
    const at = this.#at;
    this.#at += bytes;
    return at;
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  /** A signed 64-bit number; exact within 2^53, as all that a kernel returns here is. */
  i64(): number {
    const at = this.#take(8);
    return this.#view.getInt32(at + 4, true) * 2 ** 32 + this.#view.getUint32(at, true);
  }

  /** `count` bytes and their padding; a view, not a copy. */
  bytes(count: number): Uint8Array {
    const at = this.#take(padded(count));
    return this.source.subarray(at, at + count);
  }
}
