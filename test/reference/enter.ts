// Line 1 of every call, *enter*: descriptors looked up, arguments checked in Linux's order.
//
// Interface: ENTER, one row for each system call; cellsOf.

import * as e from "../../assembly/abi/errno.js";
import * as abi from "../../assembly/abi/fcntl.js";
import { PAGE_SIZE, SPLICE_F_ALL } from "../../assembly/abi/pipe.js";
import type { Call } from "../../src/language/program.js";
import { expand } from "../../src/language/program.js";
import type { SyscallName } from "../../src/language/syscalls.js";
import { packFds } from "../../src/trace/outcome.js";
import { makePipe, pollEvents } from "./pipes.js";
import { FREE, RESERVED, add, fail, finish, get, goTo, install, intOf } from "./state.js";
import { isReadable, isWritable, longOf, openFile, update, valueOf } from "./state.js";
import type { Draft, File } from "./state.js";

const MAX_RW_COUNT = 0x7ffff000n;
/** Beyond this no buffer lies in user space. */
const USER_BYTES = 1n << 47n;
const OFFSET_MAX = (1n << 63n) - 1n;

type Enter = (d: Draft, me: number, call: Call) => Draft;
/** An errno, or 0, or a call that ends at once. */
type Check = readonly [applies: boolean, errno: number];

const clip = (count: bigint): number => Number(count > MAX_RW_COUNT ? MAX_RW_COUNT : count);
/** The errno of the first check that applies, or 0. */
const refusal = (...checks: readonly Check[]): number =>
  checks.find(([applies]) => applies)?.[1] ?? 0;
/** Stands for a bad descriptor, so that all checks can be written in one list. */
const NO_FILE: File = { inode: 0, pipe: 0, flags: 3, pos: 0, previousPos: -1, posLock: FREE };

/** The description that a descriptor operand names; its id is 0 for EBADF. */
function fileOf(d: Draft, call: Call, operand: number): [id: number, file: File] {
  const id = d.fds.get(intOf(d, call.operands[operand])) ?? RESERVED;
  return [id, d.files.get(id) ?? NO_FILE];
}

/** One cell of every `gridBytes` bytes. */
export const cellsOf = (bytes: Uint8Array, gridBytes: number): Uint8Array =>
  bytes.filter((_, at) => at % gridBytes === 0);

/** An empty file without a name. */
export const newInode = (d: Draft): number =>
  add(d, d.inodes, { sizeBytes: 0, pages: new Map(), rwsem: FREE });

/** read, write, pread and pwrite, for files and pipes. */
const enterTransfer =
  (verb: "read" | "write", isPositioned: boolean): Enter =>
  (d, me, call) => {
    const [, source, position] = call.operands;
    const offset = isPositioned ? longOf(d, position) : 0n;
    const [id, file] = fileOf(d, call, 0);
    const bytes = source?.kind === "data" ? expand(source.content) : new Uint8Array();
    const isRead = verb === "read";
    const count = isRead ? BigInt.asUintN(64, valueOf(d, source)) : BigInt(bytes.length);
    const errno = refusal(
      [offset < 0n, e.EINVAL],
      [id === 0, e.EBADF],
      [isPositioned && file.pipe > 0, e.ESPIPE],
      [!(isRead ? isReadable(file) : isWritable(file)), e.EBADF],
      [count >= USER_BYTES, e.EFAULT],
      [offset + count > OFFSET_MAX, e.EINVAL],
    );
    if (errno) return fail(d, me, errno);
    if (count === 0n) return finish(d, me, 0);
    const line = file.pipe ? `pipe ${verb} 2` : `${verb} ${isPositioned ? 3 : 2}`;
    const cells = cellsOf(bytes, d.options.gridBytes);
    return goTo(d, me, line, { held: [id], pos: Number(offset), rest: clip(count), cells });
  };

/** splice, B.1: the length comes before all else. */
const enterSplice: Enter = (d, me, call) => {
  const [, offIn, , offOut, length, last] = call.operands;
  const [len, flags] = [longOf(d, length), intOf(d, last)];
  const [[idIn, source], [idOut, sink]] = [fileOf(d, call, 0), fileOf(d, call, 2)];
  const [file, offset] = source.pipe ? [sink, offOut] : [source, offIn];
  const pos = offset?.kind === "pointer" ? longOf(d, offset) : BigInt(file.pos);
  const isPair = source.pipe > 0 && sink.pipe > 0;
  const given = [offIn, offOut].find((operand) => operand?.kind === "pointer");
  if (len === 0n) return finish(d, me, 0, given ? { out: Number(longOf(d, given)) } : {});
  const errno = refusal(
    [(flags & ~SPLICE_F_ALL) !== 0, e.EINVAL],
    [idIn === 0 || idOut === 0, e.EBADF],
    [source.pipe > 0 && offIn?.kind === "pointer", e.ESPIPE],
    [sink.pipe > 0 && offOut?.kind === "pointer", e.ESPIPE],
    [!isReadable(source) || !isWritable(sink), e.EBADF],
    [source.pipe === sink.pipe, e.EINVAL],
    [sink.pipe === 0 && (sink.flags & abi.O_APPEND) !== 0, e.EINVAL],
    [!isPair && (len < 0n || pos < 0n || pos + len > OFFSET_MAX), e.EINVAL],
  );
  if (errno) return fail(d, me, errno);
  const locals = { held: [idIn, idOut], rest: clip(BigInt.asUintN(64, len)), flags };
  if (isPair) return goTo(d, me, "pair 2", locals);
  const line = source.pipe ? "to file 2" : "to pipe 2";
  return goTo(d, me, line, { ...locals, pos: Number(pos) });
};

/** tee: the flags come before the length. */
const enterTee: Enter = (d, me, call) => {
  const flags = intOf(d, call.operands[3]);
  const len = BigInt.asUintN(64, valueOf(d, call.operands[2]));
  const [[idIn, source], [idOut, sink]] = [fileOf(d, call, 0), fileOf(d, call, 1)];
  if (flags & ~SPLICE_F_ALL) return fail(d, me, e.EINVAL);
  if (len === 0n) return finish(d, me, 0);
  const errno = refusal(
    [idIn === 0 || idOut === 0 || !isReadable(source) || !isWritable(sink), e.EBADF],
    [!source.pipe || !sink.pipe || source.pipe === sink.pipe, e.EINVAL],
  );
  if (errno) return fail(d, me, errno);
  return goTo(d, me, "pair 2", { held: [idIn, idOut], rest: clip(len), flags });
};

/** open: what this step cannot answer goes on with the lines of ftruncate. */
const enterOpen: Enter = (d, me, call) => {
  const name = call.operands[0]?.kind === "name" ? call.operands[0].name : -1;
  const flags = intOf(d, call.operands[1]);
  const has = (bits: number): boolean => (flags & bits) === bits;
  const isTmpfile = has(abi.O_TMPFILE);
  const writes = (flags & abi.O_ACCMODE) !== abi.O_RDONLY;
  const existing = isTmpfile ? undefined : d.names.get(name);
  const isFolder = name < 0 && !isTmpfile;
  if (((flags & abi.O_TMPFILE) !== 0 && !isTmpfile) || (isTmpfile && name >= 0))
    d.unmodelled = "O_TMPFILE in a file, or O_DIRECTORY";
  if (isFolder && !writes && !has(abi.O_CREAT) && !has(abi.O_TRUNC))
    d.unmodelled = "the folder is opened";
  const errno = refusal(
    [isTmpfile && (has(abi.O_CREAT) || !writes), e.EINVAL],
    [(isFolder || existing !== undefined) && has(abi.O_CREAT | abi.O_EXCL), e.EEXIST],
    [isFolder, e.EISDIR],
    [!isTmpfile && existing === undefined && !has(abi.O_CREAT), e.ENOENT],
  );
  if (errno) return fail(d, me, errno);
  const inode = existing ?? newInode(d);
  if (!isTmpfile) d.names.set(name, inode);
  const file = openFile(d, { inode, flags });
  const truncates = existing !== undefined && has(abi.O_TRUNC);
  const fd = install(d, truncates ? RESERVED : file);
  if (!truncates) return finish(d, me, fd);
  return goTo(d, me, "truncate 2", { held: [file], limit: 0, fd });
};

const enterTruncate: Enter = (d, me, call) => {
  const length = longOf(d, call.operands[1]);
  const [id, file] = fileOf(d, call, 0);
  const isFile = file.pipe === 0 && isWritable(file);
  const errno = refusal([length < 0n, e.EINVAL], [id === 0, e.EBADF], [!isFile, e.EINVAL]);
  if (errno) return fail(d, me, errno);
  return goTo(d, me, "truncate 2", { held: [id], limit: Number(length) });
};

/** poll: a negative descriptor is never ready, a closed one is POLLNVAL. */
const enterPoll: Enter = (d, me, call) => {
  const [fd, events, time] = call.operands;
  const [flags, timeout] = [intOf(d, events) & 0xffff, intOf(d, time)];
  const [id, { pipe }] = fileOf(d, call, 0);
  if (pipe) update(d.pipes, pipe, { polled: true });
  const without = intOf(d, fd) < 0 ? 0 : abi.POLLNVAL;
  const out = id === 0 ? without : pollEvents(d, id, flags);
  if (out === 0 && (timeout > 0 || (timeout < 0 && id === 0)))
    d.unmodelled = "poll waits for a time, or for nothing";
  if (out !== 0 || timeout >= 0 || id === 0) return finish(d, me, out === 0 ? 0 : 1, { out });
  return goTo(d, me, pipe ? "poll 2" : "poll forever", { held: [id], flags });
};

/** A call that needs no more checks than EBADF before it goes on. */
const withFile =
  (go: (d: Draft, me: number, call: Call, id: number, file: File) => Draft): Enter =>
  (d, me, call) => {
    const [id, file] = fileOf(d, call, 0);
    return id === 0 ? fail(d, me, e.EBADF) : go(d, me, call, id, file);
  };

export const ENTER: Readonly<Record<SyscallName, Enter>> = {
  open: enterOpen,
  close: withFile((d, me, call, id) => {
    d.fds.delete(intOf(d, call.operands[0]));
    goTo(d, me, "enter", { held: [id] });
    return finish(d, me, 0);
  }),
  dup: withFile((d, me, _, id) => finish(d, me, install(d, id))),
  read: enterTransfer("read", false),
  write: enterTransfer("write", false),
  pread: enterTransfer("read", true),
  pwrite: enterTransfer("write", true),
  lseek: withFile((d, me, call, id, { pipe }) => {
    const whence = intOf(d, call.operands[2]);
    const errno = refusal([whence < 0 || whence > 4, e.EINVAL], [pipe > 0, e.ESPIPE]);
    if (!errno && whence > abi.SEEK_END) d.unmodelled = "SEEK_DATA or SEEK_HOLE";
    return errno ? fail(d, me, errno) : goTo(d, me, "lseek 2", { held: [id] });
  }),
  ftruncate: enterTruncate,
  pipe2(d, me, call) {
    const flags = intOf(d, call.operands[1]);
    if (flags & ~(abi.O_CLOEXEC | abi.O_NONBLOCK | abi.O_DIRECT)) return fail(d, me, e.EINVAL);
    return finish(d, me, 0, { out: packFds(...makePipe(d, flags)) });
  },
  fcntl: withFile((d, me, call, id, { pipe }) => {
    if (!pipe) return fail(d, me, e.EBADF);
    const sets = intOf(d, call.operands[1]) === abi.F_SETPIPE_SZ;
    if (sets) return goTo(d, me, "fcntl 2", { held: [id] });
    return finish(d, me, get(d.pipes, pipe).capacity * PAGE_SIZE);
  }),
  ioctl: withFile((d, me, _, id, { pipe, inode, pos }) => {
    if (pipe) return goTo(d, me, "ioctl 2", { held: [id] });
    return finish(d, me, 0, { out: (get(d.inodes, inode).sizeBytes - pos) | 0 });
  }),
  poll: enterPoll,
  splice: enterSplice,
  tee: enterTee,
};
