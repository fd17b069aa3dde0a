// The reference model: the calls, steps, blocking and policies of docs/steps.md once more, small and
// plain, to be compared step by step with the core. Here: line 1 of every call, and the steps.

import * as e from "../../assembly/abi/errno.js";
import * as abi from "../../assembly/abi/fcntl.js";
import { PAGE_SIZE, PIPE_DEF_BUFFERS, SPLICE_F_ALL } from "../../assembly/abi/pipe.js";
import { callsOf, contentBytes, declaredFd, expand } from "../../src/language/program.js";
import type { Call, Operand, Program } from "../../src/language/program.js";
import type { CallResult, FinalFile, FinalPipe, Outcome } from "../../src/trace/outcome.js";
import { packFds, readFdOf, writeFdOf } from "../../src/trace/outcome.js";
import { FILE_LINES, canRead, canWrite, concat, decides, error, first, folioFor } from "./files.js";
import { frames, hasReaders, hasWriters, install, int, itemAt, last, load, long } from "./files.js";
import { newFile, openFiles, pageOf, spanIn, truncateNext } from "./files.js";
import type { Body, File, Frame, Inode, Lines, Lock, Next, Options } from "./files.js";
import type { Result, World } from "./files.js";
import { PIPE_LINES, isEmpty, isFull, pollEvents, slotsFor, slotsMax } from "./pipes.js";
/** One moment of a run. */
export type State = Readonly<World>;
/** No buffer in user space is as long as USER_BYTES. */
const [MAX_RW_COUNT, USER_BYTES, OFFSET_MAX] = [0x7ffff000n, 1n << 41n, (1n << 63n) - 1n];
/** Stands for a bad descriptor, so that all checks can be written in one list. */
const NO_FILE: File = { flags: 3, pos: 0, previousPos: -1, locked: false };
/** The number that an operand stands for; undefined for NULL. */
function valueOf(s: World, x: Operand): bigint | undefined {
  if (x.kind === "int" || x.kind === "pointer") return x.value;
  if (x.kind === "file" || x.kind === "pipe") return BigInt(declaredFd(s.program, x));
  if (x.kind === "data") return BigInt(contentBytes(x.content));
  if (x.kind === "name") return BigInt(x.name);
  if (x.kind !== "result" && x.kind !== "made-pipe") return undefined;
  const { ret = -1, out } = s.results.get(x.call) ?? {};
  if (x.kind === "result" || out === undefined) return BigInt(x.kind === "result" ? ret : -1);
  return BigInt(x.end === "r" ? readFdOf(out) : writeFdOf(out));
}
/** A call that starts; tee's operands stand where splice has them. */
function newFrame(s: World, { id, syscall: name, operands }: Call): Frame {
  const bytes = expand(operands.flatMap((x) => (x.kind === "data" ? x.content : [])));
  const [a, b, ...others] = operands.map((x) => valueOf(s, x));
  const args = name === "tee" ? [a, undefined, b, undefined, ...others] : [a, b, ...others];
  const fds = name === "open" ? [] : name === "splice" || name === "tee" ? [a, args[2]] : [a];
  const held = fds.map((fd) => s.fds.get(Number(BigInt.asIntN(32, fd ?? -1n))) ?? NO_FILE);
  return {
    ...{ id, name, args, line: name, bytes, held, batch: [], slept: false, freed: false },
    ...{ pos: 0, rest: 0, done: 0, limit: 0, flags: 0, fd: 0 },
  };
}
/** The errno of the first check that applies. */
const refusal = (...checks: readonly [applies: boolean, errno: number][]): Result | undefined =>
  checks.filter(([applies]) => applies).map(([, errno]) => error(errno))[0];
const count = (f: Frame, i: number): bigint => BigInt.asUintN(64, f.args[i] ?? 0n);
const clip = (bytes: bigint): number => Number(bytes > MAX_RW_COUNT ? MAX_RW_COUNT : bytes);
/** read, write, pread and pwrite, for files and pipes. */
const transfer: Body = (f) => {
  const isPositioned = f.name.startsWith("p");
  const verb = f.name.endsWith("read") ? "read" : "write";
  const [file, offset, bytes] = [first(f), isPositioned ? long(f, 2) : 0n, count(f, 1)];
  const refused = refusal(
    [offset < 0n, e.EINVAL],
    [file === NO_FILE, e.EBADF],
    [isPositioned && file.pipe !== undefined, e.ESPIPE],
    [!(verb === "read" ? canRead(file) : canWrite(file)), e.EBADF],
    [bytes >= USER_BYTES, e.EFAULT],
    [offset + bytes > OFFSET_MAX, e.EINVAL],
  );
  const line = file.pipe ? `pipe ${verb} 2` : `${verb} ${isPositioned ? 3 : 2}`;
  const go = bytes === 0n ? { ret: 0 } : { line, pos: Number(offset), rest: clip(bytes) };
  return refused ?? go;
};
/** splice and tee, B.1 and B.5: splice looks at the length before all else. */
const splice: Body = (f) => {
  const [len, flags, isTee] = [long(f, 4), int(f, 5), f.name === "tee"];
  const [source, sink, given] = [first(f), last(f), f.args[1] ?? f.args[3]];
  const pos = BigInt.asIntN(64, given ?? BigInt(source.pipe ? sink.pos : source.pos));
  const isPair = source.pipe !== undefined && sink.pipe !== undefined;
  const badFlags = (flags & ~SPLICE_F_ALL) !== 0;
  if (len === 0n && !(isTee && badFlags))
    return given === undefined ? { ret: 0 } : { ret: 0, out: Number(pos) };
  const refused = refusal(
    [badFlags, e.EINVAL],
    [source === NO_FILE || sink === NO_FILE, e.EBADF],
    [source.pipe !== undefined && f.args[1] !== undefined, e.ESPIPE],
    [sink.pipe !== undefined && f.args[3] !== undefined, e.ESPIPE],
    [!canRead(source) || !canWrite(sink), e.EBADF],
    [source.pipe === sink.pipe || (isTee && !isPair), e.EINVAL],
    [!sink.pipe && (sink.flags & abi.O_APPEND) !== 0, e.EINVAL],
    [!isPair && (len < 0n || pos < 0n || pos + len > OFFSET_MAX), e.EINVAL],
  );
  const line = isPair ? "pair 2" : source.pipe ? "to file 2" : "to pipe 2";
  return refused ?? { line, pos: Number(pos), rest: clip(count(f, 4)), flags };
};
/** open: what this step cannot answer goes on with the lines of ftruncate. */
const open: Body = (f, s) => {
  const [name, flags] = [int(f, 0), int(f, 1)];
  const has = (bits: number): boolean => (flags & bits) === bits;
  const isTmpfile = has(abi.O_TMPFILE);
  const writes = (flags & abi.O_ACCMODE) !== abi.O_RDONLY;
  const existing = isTmpfile ? undefined : s.names.get(name);
  const isFolder = name < 0 && !isTmpfile;
  if (isFolder && !writes && !has(abi.O_CREAT) && !has(abi.O_TRUNC)) s.unmodelled = "the folder";
  const refused = refusal(
    [isTmpfile && (has(abi.O_CREAT) || !writes), e.EINVAL],
    [(isFolder || existing !== undefined) && has(abi.O_CREAT | abi.O_EXCL), e.EEXIST],
    [isFolder, e.EISDIR],
    [!isTmpfile && !existing && !has(abi.O_CREAT), e.ENOENT],
  );
  if (refused) return refused;
  const inode: Inode = existing ?? { size: 0, pages: new Map(), locked: false };
  if (!isTmpfile) s.names.set(name, inode);
  const file = newFile(flags, { inode });
  if (!existing || !has(abi.O_TRUNC)) return { ret: install(s, file) };
  return { line: "truncate 2", held: [file], limit: 0, fd: install(s) };
};
/** poll: a negative descriptor is never ready, a closed one is POLLNVAL. */
const poll: Body = (f, s) => {
  const [fd, flags, timeout] = [int(f, 0), int(f, 1) & 0xffff, int(f, 2)];
  const isBad = first(f) === NO_FILE;
  if (first(f).pipe) first(f).pipe!.polled = true;
  const out = isBad ? (fd < 0 ? 0 : abi.POLLNVAL) : pollEvents(s, first(f), flags);
  if (out !== 0 || timeout === 0) return { ret: out === 0 ? 0 : 1, out };
  if (timeout > 0 || isBad) s.unmodelled = "poll waits for a time, or for nothing";
  return { line: "poll 2", flags };
};
/** A new pipe and its two descriptors, as pipe2 stores them. */
function makePipe(s: World, flags: number): number {
  const capacity = Math.min(PIPE_DEF_BUFFERS, slotsMax(s));
  const pipe = { slots: [], capacity, locked: false, polled: false, rdWait: [], wrWait: [] };
  const [readFlags, written] = [flags & abi.O_NONBLOCK, flags & (abi.O_NONBLOCK | abi.O_DIRECT)];
  const readFd = install(s, newFile(abi.O_RDONLY | readFlags, { pipe }));
  return packFds(readFd, install(s, newFile(abi.O_WRONLY | written, { pipe })));
}
/** A call that looks at its descriptor before all else. */
const withFile =
  (go: (file: File, f: Frame, s: World) => Next): Body =>
  (f, s) =>
    first(f) === NO_FILE ? error(e.EBADF) : go(first(f), f, s);
const LINES: Lines = {
  ...{ open, poll, splice, tee: splice, ...FILE_LINES, ...PIPE_LINES },
  ...{ read: transfer, write: transfer, pread: transfer, pwrite: transfer },
  close: withFile((_, f, s) => ({ ret: s.fds.delete(int(f, 0)) ? 0 : -1 })),
  dup: withFile((file, _, s) => ({ ret: install(s, file) })),
  lseek: withFile(({ pipe }, f, s) => {
    const isKnown = int(f, 2) >= 0 && int(f, 2) <= 4;
    if (isKnown && int(f, 2) > abi.SEEK_END) s.unmodelled = "SEEK_DATA or SEEK_HOLE";
    return refusal([!isKnown, e.EINVAL], [pipe !== undefined, e.ESPIPE]) ?? "lseek 2";
  }),
  ftruncate(f) {
    const [file, length] = [first(f), long(f, 1)];
    const isFile = file.inode !== undefined && canWrite(file);
    const bad = refusal([length < 0n, e.EINVAL], [file === NO_FILE, e.EBADF], [!isFile, e.EINVAL]);
    return bad ?? { line: "truncate 2", limit: Number(length) };
  },
  pipe2(f, s) {
    const isKnown = (int(f, 1) & ~(abi.O_CLOEXEC | abi.O_NONBLOCK | abi.O_DIRECT)) === 0;
    return isKnown ? { ret: 0, out: makePipe(s, int(f, 1)) } : error(e.EINVAL);
  },
  fcntl: withFile(({ pipe }) => (pipe ? "fcntl 2" : error(e.EBADF))),
  ioctl: withFile(({ inode, pos }) =>
    inode ? { ret: 0, out: (inode.size - pos) | 0 } : "ioctl 2",
  ),
  fput(f, s) {
    const { pipe } = f.held.shift()!;
    if (pipe && hasReaders(s, pipe) !== hasWriters(s, pipe))
      pipe.rdWait.length = pipe.wrWait.length = 0;
    return "fput";
  },
};
/** The locks that must be free before a line. */
const GUARDS: readonly [line: RegExp, locks: (f: Frame, s: State) => (Lock | undefined)[]][] = [
  [/^(lseek|read|write) 2$/, (f) => [first(f)]],
  [/^write 3$|^truncate 2$/, (f) => [last(f).inode]],
  [/^write 4a$/, (f) => [last(f).inode!.pages.get(pageOf(f.pos))]],
  [/^truncate 3$/, (f) => [truncateNext(f)]],
  [/^(fcntl|ioctl|pipe read|to file) 2$|^fput$/, (f) => [first(f).pipe]],
  [/^(pipe write|to pipe) 2$/, (f) => [last(f).pipe]],
  [/^to pipe 5$/, (f, s) => (decides(s, "LOCK") ? [itemAt(f)?.folio] : [])],
  [/^pair 2$/, (f) => (isEmpty(first(f).pipe!) ? [first(f).pipe] : [])],
  [/^pair 4$/, (f) => (isFull(last(f).pipe!) ? [last(f).pipe] : [])],
  [/^pair 6$/, (f) => [first(f).pipe, last(f).pipe]],
  [/^poll 2$/, (f) => [first(f).pipe ? undefined : { locked: true }]],
];
/** The state before the first call: declared files are written, declared pipes made. */
export function initial(program: Program, options: Options): State {
  const tasks = program.threads.map(() => ({ returned: 0 }));
  const maps = { fds: new Map(), names: new Map(), results: new Map() };
  const s: World = { program, options, tasks, ...maps, broken: false };
  for (const name of program.files.keys()) declareFile(s, name);
  for (const { flags, sizeBytes } of program.pipes) {
    const { pipe } = s.fds.get(readFdOf(makePipe(s, flags)))!;
    if (sizeBytes) pipe!.capacity = slotsFor(sizeBytes);
  }
  return s;
}
/** Writes the content of a declared file: what is no hole, cut where a step of it ends. */
function declareFile(s: World, name: number): void {
  const { content, folioOrder = 0 } = s.program.files[name]!;
  const bytes = expand(content);
  const inode: Inode = { size: bytes.length, pages: new Map(), locked: false };
  const isHole = content.flatMap((run) => Array<boolean>(run.lenBytes).fill(run.byte === "hole"));
  for (let from = 0, to = 0; from < bytes.length; from = to > from ? to : from + 1) {
    const end = from - (from % (PAGE_SIZE << folioOrder)) + (PAGE_SIZE << folioOrder);
    for (to = from; to < bytes.length && to < end && !isHole[to];) to++;
    for (let at = from; at < to;) {
      const { folio, offset, len } = spanIn(folioFor(s, inode, at, to - at), at, to - at);
      folio.bytes.set(bytes.subarray(at, at + len), offset);
      at += len;
    }
  }
  s.names.set(name, inode);
  install(s, newFile(abi.O_RDWR, { inode }));
}
function isEnabled(s: State, task: number): boolean {
  const { frame: f, returned } = s.tasks[task]!;
  const call = s.program.threads[task]!.calls[returned];
  if (!f) return call?.after.every((id) => s.results.has(id)) ?? false;
  const isAsleep = f.wait?.pipe[f.wait.queue].includes(f);
  const locks = GUARDS.filter(([line]) => line.test(f.line)).flatMap(([, of]) => of(f, s));
  return !isAsleep && !locks.some((lock) => lock?.locked);
}
/** The tasks that have a step, in ascending order. */
export const enabled = (s: State): number[] =>
  [...s.tasks.keys()].filter((task) => isEnabled(s, task));
export const snapshotBroken = (s: State): boolean => s.broken;
/** The state after one step of an enabled task. */
export function step({ program, options, ...before }: State, task: number): State {
  const s: World = { program, options, ...structuredClone(before) };
  if (!isEnabled(s, task)) throw new Error(`reference model: task ${task} has no step`);
  const now = s.tasks[task]!;
  const f = (now.frame ??= newFrame(s, program.threads[task]!.calls[now.returned]!));
  const next = LINES[f.line]!(f, s);
  if (typeof next === "string") f.line = next;
  else if ("line" in next) Object.assign(f, next);
  else {
    // The references are dropped; a description that loses its last one needs a step *fput* first.
    const held = new Set(f.held);
    Object.assign(f, { line: "fput", result: next, batch: [], held: [] });
    f.held = [...held].filter((file) => file !== NO_FILE && !openFiles(s).has(file));
  }
  if (f.result && f.held.length === 0) {
    s.results.set(f.id, f.result);
    s.tasks[task] = { returned: now.returned + 1 };
  }
  return s;
}
function fileBytes({ pages, size }: Inode): Uint8Array {
  const bytes = new Uint8Array(size);
  for (const { index, bytes: cached } of new Set(pages.values()))
    bytes.set(cached.subarray(0, Math.max(0, size - index * PAGE_SIZE)), index * PAGE_SIZE);
  return bytes;
}
function resultOf(s: State, call: number): CallResult {
  const runs = frames(s).some(({ id }) => id === call);
  const status = s.results.has(call) ? "returned" : runs ? "blocked" : "not-started";
  const { bytes: data = new Uint8Array(), ...others } = s.results.get(call) ?? { ret: 0 };
  return { call, status, errno: 0, sigpipe: false, ...others, data };
}
/** What the run has given so far: results, files, pipes, and whether P1 held. */
export function outcome(s: State): Outcome {
  const names = [...s.names].sort(([a], [b]) => a - b);
  const files: FinalFile[] = names.map(([name, inode]) => ({ name, bytes: fileBytes(inode) }));
  const pipes: FinalPipe[] = [];
  const seen = new Set<unknown>(s.names.values());
  for (const [fd, file] of [...s.fds].sort(([a], [b]) => a - b)) {
    if (!file || seen.has(file.pipe ?? file.inode) || (file.pipe && !canRead(file))) continue;
    seen.add(file.pipe ?? file.inode);
    if (file.pipe) pipes.push({ fd, bytes: concat(...file.pipe.slots.map(load)) });
    else files.push({ fd, bytes: fileBytes(file.inode!) });
  }
  const results = callsOf(s.program).map(({ id }) => resultOf(s, id));
  return { results, files, pipes, snapshot: !s.broken };
}
