// Calls on ranges of files in the rough run: what they do to sizes and pages.
//
// Interface: cut (ftruncate), allocate (fallocate), copy (copy_file_range), clone (FICLONE, FICLONERANGE). Each gives the return value, -1 for an error.

import { FALLOC_FL_INSERT_RANGE, FALLOC_FL_ZERO_RANGE } from "../../../assembly/abi/mman.js";

interface Ranged {
  readonly pages: { version: number }[];
  size: number;
}
interface Opened<F> {
  readonly file?: F;
  readonly flags: number;
  pos: number;
}

const isWritable = ({ flags }: Opened<Ranged>): boolean => (flags & 3) !== 0;

export function cut(at: Opened<Ranged>, length: number): number {
  const { file } = at;
  if (!file || !isWritable(at) || length < 0) return -1;
  const last = file.pages[Math.floor(length / 4096)];
  if (length < file.size && length % 4096 && last) last.version++;
  file.pages.length = Math.min(file.pages.length, Math.ceil(length / 4096));
  file.size = length;
  return 0;
}

export function allocate(at: Opened<Ranged>, mode: number, offset: number, len: number): number {
  const { file } = at;
  if (!file || !isWritable(at) || offset < 0 || len <= 0) return -1;
  if (mode === 0 || mode === FALLOC_FL_ZERO_RANGE) file.size = Math.max(file.size, offset + len);
  if (mode === FALLOC_FL_INSERT_RANGE) file.size += len;
  return 0;
}

/** `v`: the arguments of the call, in their order; `modify` counts what is written. */
export function copy<F extends Ranged>(
  input: Opened<F>,
  output: Opened<F> | undefined,
  v: readonly (number | undefined)[],
  modify: (file: F, from: number, to: number) => void,
): number {
  if (!input.file || !output?.file || !isWritable(output) || v[5] !== 0) return -1;
  const from = v[1] ?? input.pos;
  const to = v[3] ?? output.pos;
  const n = Math.max(0, Math.min(v[4]!, input.file.size - from));
  if (input.file === output.file && Math.abs(from - to) < n) return -1;
  if (n > 0) modify(output.file, to, to + n);
  if (v[1] === undefined) input.pos += n;
  if (v[3] === undefined) output.pos += n;
  return n;
}

/** The same; the output comes first, and only whole pages are shared, or the last of the source. */
export function clone<F extends Ranged>(
  output: Opened<F>,
  input: Opened<F> | undefined,
  v: readonly (number | undefined)[],
  modify: (file: F, from: number, to: number) => void,
): number {
  if (!input?.file || !output.file || !isWritable(output)) return -1;
  const [from, len, to] = [v[3] ?? 0, v[4] ?? 0, v[5] ?? 0];
  const n = len || input.file.size - from;
  const cut = n % 4096 !== 0 && (from + n !== input.file.size || to + n < output.file.size);
  if (from < 0 || to < 0 || n < 0 || from % 4096 || to % 4096 || cut) return -1;
  if (from + n > input.file.size) return -1;
  if (input.file === output.file && n > 0 && Math.abs(from - to) < n) return -1;
  if (n > 0) modify(output.file, to, to + n);
  return 0;
}
