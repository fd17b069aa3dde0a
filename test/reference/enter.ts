// Line 1 of every call, *enter*: descriptors looked up, arguments checked in Linux's order.
//
// Interface: ENTER, one row for each system call.

import * as errno from "../../assembly/abi/errno.js";
import * as abi from "../../assembly/abi/fcntl.js";
import { PAGE_SIZE, SPLICE_F_ALL } from "../../assembly/abi/pipe.js";
import type { Call } from "../../src/language/program.js";
import { expand } from "../../src/language/program.js";
import type { SyscallName } from "../../src/language/syscalls.js";
import { packFds } from "../../src/trace/outcome.js";
import { makePipe, pollEvents } from "./pipes.js";
import * as st from "./state.js";
import type { Draft } from "./state.js";

const MAX_RW_COUNT = 0x7ffff000;
/** Beyond this no buffer lies in user space. */
const USER_BYTES = 1n << 47n;
const OFFSET_MAX = (1n << 63n) - 1n;

type Enter = (d: Draft, me: number, call: Call) => void;

const clip = (bytes: bigint): number => (bytes > MAX_RW_COUNT ? MAX_RW_COUNT : Number(bytes));

/** Sampled on the grid: one cell of every `gridBytes`. */
export const cellsOf = (bytes: Uint8Array, gridBytes: number): Uint8Array =>
  bytes.filter((_, at) => at % gridBytes === 0);

/** read, write, pread and pwrite, for files and pipes. */
const enterTransfer =
  (isWrite: boolean, isPositioned: boolean): Enter =>
  (d, me, { operands }) => {
    const offset = isPositioned ? st.longOf(d, operands[2]) : 0n;
    if (offset < 0n) return st.fail(d, me, errno.EINVAL);
    const id = st.fileOf(d, operands[0]);
    if (id === undefined) return st.fail(d, me, errno.EBADF);
    const file = st.get(d.files, id);
    if (isPositioned && file.pipe) return st.fail(d, me, errno.ESPIPE);
    if (!(isWrite ? st.isWritable(file) : st.isReadable(file))) return st.fail(d, me, errno.EBADF);
    const [, source] = operands;
    const bytes = source?.kind === "data" ? expand(source.content) : new Uint8Array();
    const count = isWrite ? BigInt(bytes.length) : BigInt.asUintN(64, st.valueOf(d, source));
    if (count >= USER_BYTES) return st.fail(d, me, errno.EFAULT);
    if (isPositioned && offset + count > OFFSET_MAX) return st.fail(d, me, errno.EINVAL);
    if (count === 0n) return st.finish(d, me, 0);
    const verb = isWrite ? "write" : "read";
    const line = file.pipe ? `pipe ${verb} 2` : `${verb} ${isPositioned ? 3 : 2}`;
    const cells = cellsOf(bytes, d.options.gridBytes);
    st.goTo(d, me, line, { held: [id], pos: Number(offset), rest: clip(count), cells });
  };

/** splice: B.1. */
const enterSplice: Enter = (d, me, { operands }) => {
  const [fdIn, offIn, fdOut, offOut, count, last] = operands;
  const lenBytes = st.longOf(d, count);
  const flags = st.intOf(d, last);
  if (lenBytes === 0n) return st.finish(d, me, 0);
  if (flags & ~SPLICE_F_ALL) return st.fail(d, me, errno.EINVAL);
  const [idIn, idOut] = [st.fileOf(d, fdIn), st.fileOf(d, fdOut)];
  if (idIn === undefined || idOut === undefined) return st.fail(d, me, errno.EBADF);
  const [source, sink] = [st.get(d.files, idIn), st.get(d.files, idOut)];
  if (source.pipe && offIn?.kind === "pointer") return st.fail(d, me, errno.ESPIPE);
  if (sink.pipe && offOut?.kind === "pointer") return st.fail(d, me, errno.ESPIPE);
  if (!st.isReadable(source) || !st.isWritable(sink)) return st.fail(d, me, errno.EBADF);
  const held = [idIn, idOut];
  if (source.pipe && sink.pipe) {
    if (source.pipe === sink.pipe) return st.fail(d, me, errno.EINVAL);
    const rest = clip(BigInt.asUintN(64, lenBytes));
    return st.goTo(d, me, "pair 2", { held, rest, flags });
  }
  if (!source.pipe && !sink.pipe) return st.fail(d, me, errno.EINVAL);
  if (source.pipe && sink.flags & abi.O_APPEND) return st.fail(d, me, errno.EINVAL);
  const [file, pointer] = source.pipe ? [sink, offOut] : [source, offIn];
  const pos = pointer?.kind === "pointer" ? st.longOf(d, pointer) : BigInt(file.pos);
  if (lenBytes < 0n || pos < 0n || pos + lenBytes > OFFSET_MAX) return st.fail(d, me, errno.EINVAL);
  const locals = { held, pos: Number(pos), rest: clip(lenBytes), flags };
  st.goTo(d, me, source.pipe ? "to file 2" : "to pipe 2", locals);
};

/** tee: flags come before the length. */
const enterTee: Enter = (d, me, { operands }) => {
  const [fdIn, fdOut, count, last] = operands;
  const flags = st.intOf(d, last);
  const lenBytes = BigInt.asUintN(64, st.valueOf(d, count));
  if (flags & ~SPLICE_F_ALL) return st.fail(d, me, errno.EINVAL);
  if (lenBytes === 0n) return st.finish(d, me, 0);
  const [idIn, idOut] = [st.fileOf(d, fdIn), st.fileOf(d, fdOut)];
  if (idIn === undefined || idOut === undefined) return st.fail(d, me, errno.EBADF);
  const [source, sink] = [st.get(d.files, idIn), st.get(d.files, idOut)];
  if (!st.isReadable(source) || !st.isWritable(sink)) return st.fail(d, me, errno.EBADF);
  if (!source.pipe || !sink.pipe || source.pipe === sink.pipe) return st.fail(d, me, errno.EINVAL);
  st.goTo(d, me, "pair 2", { held: [idIn, idOut], rest: clip(lenBytes), flags });
};

/** open: what cannot be answered in this step goes on with the lines of ftruncate. */
const enterOpen: Enter = (d, me, { operands }) => {
  const name = operands[0]?.kind === "name" ? operands[0].name : -1;
  const flags = st.intOf(d, operands[1]);
  const isTmpfile = (flags & abi.O_TMPFILE) === abi.O_TMPFILE;
  const writes = (flags & abi.O_ACCMODE) !== abi.O_RDONLY;
  const makes = (flags & abi.O_CREAT) !== 0;
  const existing = d.names.get(name);
  if ((flags & abi.O_TMPFILE) !== 0 && !isTmpfile) d.unmodelled = "O_DIRECTORY by itself";
  if (isTmpfile && (makes || !writes)) return st.fail(d, me, errno.EINVAL);
  if (isTmpfile && name >= 0) d.unmodelled = "O_TMPFILE in a file";
  if (name < 0 && !isTmpfile) {
    if (makes && flags & abi.O_EXCL) return st.fail(d, me, errno.EEXIST);
    if (!makes && !writes && !(flags & abi.O_TRUNC)) d.unmodelled = "a directory is opened";
    return st.fail(d, me, errno.EISDIR);
  }
  if (!isTmpfile && existing === undefined && !makes) return st.fail(d, me, errno.ENOENT);
  if (!isTmpfile && existing !== undefined && makes && flags & abi.O_EXCL)
    return st.fail(d, me, errno.EEXIST);
  const inode = isTmpfile || existing === undefined ? st.newInode(d) : existing;
  if (!isTmpfile && existing === undefined) d.names.set(name, inode);
  const file = st.add(d, d.files, { ...st.NEW_FILE, inode, flags });
  const truncates = !isTmpfile && existing !== undefined && (flags & abi.O_TRUNC) !== 0;
  const fd = st.install(d, truncates ? st.RESERVED : file);
  if (truncates) st.goTo(d, me, "truncate 2", { held: [file], limit: 0, fd });
  else st.finish(d, me, fd);
};

const enterTruncate: Enter = (d, me, { operands }) => {
  const lenBytes = st.longOf(d, operands[1]);
  if (lenBytes < 0n) return st.fail(d, me, errno.EINVAL);
  const id = st.fileOf(d, operands[0]);
  if (id === undefined) return st.fail(d, me, errno.EBADF);
  const file = st.get(d.files, id);
  if (file.pipe || !st.isWritable(file)) return st.fail(d, me, errno.EINVAL);
  st.goTo(d, me, "truncate 2", { held: [id], limit: Number(lenBytes) });
};

const enterPoll: Enter = (d, me, { operands }) => {
  const [fd, events, timeout] = operands;
  const isForever = st.intOf(d, timeout) < 0;
  const flags = st.intOf(d, events) & 0xffff;
  const id = st.fileOf(d, fd);
  if (id === undefined && st.intOf(d, fd) >= 0) return st.finish(d, me, 1, { out: abi.POLLNVAL });
  const pipe = id === undefined ? 0 : st.get(d.files, id).pipe;
  if (pipe) st.update(d.pipes, pipe, { polled: true });
  const out = id === undefined ? 0 : pollEvents(d, id, flags);
  if (out !== 0 || !isForever) return st.finish(d, me, out === 0 ? 0 : 1, { out });
  if (id === undefined) return st.goTo(d, me, "poll forever");
  // Only a pipe may have something to wait for; a file asked for nothing waits forever.
  st.goTo(d, me, pipe ? "poll 2" : "poll forever", { held: [id], flags });
};

/** A call whose first operand is a descriptor: EBADF, or go on with the description. */
const withFile =
  (go: (d: Draft, me: number, id: number, call: Call) => void): Enter =>
  (d, me, call) => {
    const id = st.fileOf(d, call.operands[0]);
    if (id === undefined) st.fail(d, me, errno.EBADF);
    else go(d, me, id, call);
  };

export const ENTER: Readonly<Record<SyscallName, Enter>> = {
  open: enterOpen,
  close: withFile((d, me, id, call) => {
    d.fds.delete(st.intOf(d, call.operands[0]));
    st.goTo(d, me, "enter", { held: [id] });
    st.finish(d, me, 0);
  }),
  dup: withFile((d, me, id) => st.finish(d, me, st.install(d, id))),
  read: enterTransfer(false, false),
  write: enterTransfer(true, false),
  pread: enterTransfer(false, true),
  pwrite: enterTransfer(true, true),
  lseek: withFile((d, me, id, call) => {
    const whence = st.intOf(d, call.operands[2]);
    if (whence < 0 || whence > 4) return st.fail(d, me, errno.EINVAL);
    if (st.get(d.files, id).pipe) return st.fail(d, me, errno.ESPIPE);
    if (whence <= abi.SEEK_END) return st.goTo(d, me, "lseek 2", { held: [id] });
    d.unmodelled = "SEEK_DATA or SEEK_HOLE";
    st.fail(d, me, errno.EINVAL);
  }),
  ftruncate: enterTruncate,
  pipe2: (d, me, call) => {
    const flags = st.intOf(d, call.operands[1]);
    if (flags & ~(abi.O_CLOEXEC | abi.O_NONBLOCK | abi.O_DIRECT))
      return st.fail(d, me, errno.EINVAL);
    st.finish(d, me, 0, { out: packFds(...makePipe(d, flags)) });
  },
  fcntl: withFile((d, me, id, call) => {
    const { pipe } = st.get(d.files, id);
    if (!pipe) return st.fail(d, me, errno.EBADF);
    if (st.intOf(d, call.operands[1]) === abi.F_SETPIPE_SZ)
      return st.goTo(d, me, "fcntl 2", { held: [id] });
    st.finish(d, me, st.get(d.pipes, pipe).capacity * PAGE_SIZE);
  }),
  ioctl: withFile((d, me, id) => {
    const { pipe, inode, pos } = st.get(d.files, id);
    if (pipe) return st.goTo(d, me, "ioctl 2", { held: [id] });
    st.finish(d, me, 0, { out: (st.get(d.inodes, inode).sizeBytes - pos) | 0 });
  }),
  poll: enterPoll,
  splice: enterSplice,
  tee: enterTee,
};
