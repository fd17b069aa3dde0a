// The system calls: one row each. Parser, encoder, arbitraries, completion and the table in
// docs/language.md derive from these rows; assembly/syscall/table.ts and native/syscalls.c must have a
// handler for each code, and a test holds the three together.
//
// Interface: SYSCALLS, SyscallName; what a row is stands in syscall-row.ts.

import {
  ADVICE,
  FALLOCATE_MODES,
  FCNTL_COMMANDS,
  FILE_ADVICE,
  FCNTL_FLAGS,
  IOCTL_COMMANDS,
  MAP_FLAGS,
  MEMFD_FLAGS,
  MSG_FLAGS,
  OPEN_FLAGS,
  PIPE_FLAGS,
  POLL_EVENTS,
  PROT_FLAGS,
  RWF_FLAGS,
  SHUTDOWN_HOWS,
  SPLICE_FLAGS,
  SYNC_FLAGS,
  WHENCE,
} from "./constants.js";
import { MESSAGE_CALLS } from "./message-calls.js";
import type { Param, SyscallRow } from "./syscall-row.js";

export type { Param, ParamKind, SyscallRow } from "./syscall-row.js";

const fd: Param = { name: "fd", kind: "fd" };
const target: Param = { name: "count", kind: "count", faults: true };
const sources: Param = { name: "iov", kind: "sources" };
const targets: Param = { name: "iov", kind: "targets" };
const path: Param = { name: "path", kind: "path" };
const length: Param = { name: "length", kind: "length" };
const mapping: Param = { name: "m", kind: "mapping" };
const chain: Param = { name: "chain", kind: "chain" };
/** Chains of one io_uring_enter(): as many as a call has operands. */
const CHAINS_MAX = 6;
/** From where to where, and how much. */
const MOVE: readonly Param[] = [
  { name: "fd_in", kind: "fd" },
  { name: "off_in", kind: "pointer" },
  { name: "fd_out", kind: "fd" },
  { name: "off_out", kind: "pointer" },
  { name: "len", kind: "count" },
];

export const SYSCALLS = {
  open: {
    code: 1,
    params: [
      path,
      { name: "flags", kind: "flags", set: OPEN_FLAGS },
      { name: "mode", kind: "int", optional: true },
    ],
    yields: "ret",
    doc: "opens or creates a file of the scenario's folder, or opens `/dev/null` or `/dev/zero`; returns a descriptor",
  },
  close: { code: 2, params: [fd], yields: "ret", doc: "closes a descriptor" },
  dup: {
    code: 3,
    params: [fd],
    yields: "ret",
    doc: "a second descriptor of the same open file description",
  },
  read: {
    code: 4,
    params: [fd, target],
    yields: "data",
    request: "IORING_OP_READ",
    doc: "reads at the file position, or takes bytes out of a pipe or a socket",
  },
  write: {
    code: 5,
    params: [fd, { name: "data", kind: "data" }],
    yields: "ret",
    request: "IORING_OP_WRITE",
    doc: "writes at the file position, fills slots of a pipe, or sends on a socket",
  },
  pread: {
    code: 6,
    params: [fd, target, { name: "offset", kind: "offset" }],
    yields: "data",
    request: "IORING_OP_READ",
    doc: "reads at an offset",
  },
  pwrite: {
    code: 7,
    params: [fd, { name: "data", kind: "data" }, { name: "offset", kind: "offset" }],
    yields: "ret",
    request: "IORING_OP_WRITE",
    doc: "writes at an offset",
  },
  lseek: {
    code: 8,
    params: [
      fd,
      { name: "offset", kind: "offset" },
      { name: "whence", kind: "command", set: WHENCE },
    ],
    yields: "ret",
    doc: "moves the file position",
  },
  ftruncate: {
    code: 9,
    params: [fd, length],
    yields: "ret",
    doc: "sets the size of a file",
  },
  pipe2: {
    code: 10,
    params: [
      { name: "pipe", kind: "newpipe" },
      { name: "flags", kind: "flags", set: PIPE_FLAGS },
    ],
    yields: "ret",
    doc: "makes a pipe; its ends are `name.r` and `name.w` from then on",
  },
  fcntl: {
    code: 11,
    params: [
      fd,
      { name: "command", kind: "command", set: FCNTL_COMMANDS },
      { name: "arg", kind: "int", set: FCNTL_FLAGS, optional: true },
    ],
    yields: "ret",
    doc: "sets or gets the capacity of a pipe; F_SETFL: sets the flags of an open file description; F_ADD_SEALS: forbids what could change a memfd",
  },
  ioctl: {
    code: 12,
    params: [
      fd,
      { name: "request", kind: "command", set: IOCTL_COMMANDS },
      { name: "src_fd", kind: "fd", optional: true },
      { name: "src_offset", kind: "offset", optional: true },
      { name: "src_length", kind: "length", optional: true },
      { name: "dest_offset", kind: "offset", optional: true },
    ],
    yields: "out",
    doc: "FIONREAD: the bytes that wait in a pipe, at a socket, or behind the file position; SIOCOUTQ: 1 while a socket has sent what was not received, else 0; FICLONE, FICLONERANGE: the file shares blocks of another on the disk",
  },
  poll: {
    code: 13,
    params: [
      fd,
      { name: "events", kind: "flags", set: POLL_EVENTS },
      { name: "timeout", kind: "int" },
    ],
    yields: "out",
    doc: "which events are ready on one descriptor; timeout 0, or -1 to wait",
  },
  splice: {
    code: 14,
    params: [...MOVE, { name: "flags", kind: "flags", set: SPLICE_FLAGS }],
    yields: "ret",
    request: "IORING_OP_SPLICE",
    doc: "moves pages between a pipe and a file, between pipes, or between a pipe and a socket, by reference where it can",
  },
  tee: {
    code: 15,
    params: [
      { name: "fd_in", kind: "fd" },
      { name: "fd_out", kind: "fd" },
      { name: "len", kind: "count" },
      { name: "flags", kind: "flags", set: SPLICE_FLAGS },
    ],
    yields: "ret",
    request: "IORING_OP_TEE",
    doc: "duplicates the content of one pipe into another without consuming it",
  },
  mmap: {
    code: 16,
    params: [
      { name: "addr", kind: "address" },
      { name: "length", kind: "length" },
      { name: "prot", kind: "flags", set: PROT_FLAGS },
      { name: "flags", kind: "flags", set: MAP_FLAGS },
      fd,
      { name: "offset", kind: "offset" },
    ],
    yields: "ret",
    doc: "maps a file into memory, or memory of no file; the register in front of it names the mapping",
  },
  munmap: {
    code: 17,
    params: [mapping, length],
    yields: "ret",
    doc: "unmaps the first pages of a mapping, or all of it",
  },
  load: {
    code: 18,
    params: [mapping, { name: "count", kind: "count" }, { name: "offset", kind: "offset" }],
    yields: "data",
    doc: "no system call: reads memory, bytes of a mapping from an offset in it on",
  },
  store: {
    code: 19,
    params: [mapping, { name: "data", kind: "data" }, { name: "offset", kind: "offset" }],
    yields: "ret",
    doc: "no system call: writes memory, bytes of a mapping from an offset in it on",
  },
  fallocate: {
    code: 20,
    params: [
      fd,
      { name: "mode", kind: "flags", set: FALLOCATE_MODES },
      { name: "offset", kind: "offset" },
      { name: "len", kind: "length" },
    ],
    yields: "ret",
    doc: "allocates, punches, zeroes, collapses or inserts a range: folios leave the page cache, or are zeroed in place",
  },
  sendfile: {
    code: 21,
    params: [
      { name: "out_fd", kind: "fd" },
      { name: "in_fd", kind: "fd" },
      { name: "offset", kind: "pointer" },
      { name: "count", kind: "count" },
    ],
    yields: "ret",
    doc: "moves pages from a file into a pipe or a socket by reference, or copies them into a file; or from a socket into a pipe",
  },
  madvise: {
    code: 22,
    params: [mapping, length, { name: "advice", kind: "command", set: ADVICE }],
    yields: "ret",
    doc: "MADV_DONTNEED: empties the first pages of a mapping; private memory reads as zeros then, or as its file",
  },
  vmsplice: {
    code: 23,
    params: [
      fd,
      mapping,
      { name: "count", kind: "count" },
      { name: "offset", kind: "offset" },
      { name: "flags", kind: "flags", set: SPLICE_FLAGS },
    ],
    yields: "ret",
    doc: "puts the pages of memory into a pipe by reference, or copies a pipe's bytes into memory: bytes of a mapping from an offset in it on",
  },
  unlink: {
    code: 24,
    params: [path],
    yields: "ret",
    doc: "takes a file's name away; the file lives on while it is open or mapped",
  },
  rename: {
    code: 25,
    params: [
      { name: "oldpath", kind: "path" },
      { name: "newpath", kind: "path" },
    ],
    yields: "ret",
    doc: "gives a file another name of the folder, in place of the file that has it",
  },
  fsync: {
    code: 26,
    params: [fd],
    yields: "ret",
    doc: "writes a file back: its pages are clean then",
  },
  posix_fadvise: {
    code: 27,
    params: [
      fd,
      { name: "offset", kind: "offset" },
      { name: "len", kind: "length" },
      { name: "advice", kind: "command", set: FILE_ADVICE },
    ],
    yields: "ret",
    doc: "POSIX_FADV_DONTNEED: whole clean folios that nobody holds leave the page cache, write-back of dirty ones begins",
  },
  copy_file_range: {
    code: 28,
    params: [...MOVE, { name: "flags", kind: "flags" }],
    yields: "ret",
    doc: "copies from file to file: through the page cache in place, or by sharing whole pages on the disk",
  },
  readv: {
    code: 29,
    params: [fd, targets],
    yields: "data",
    doc: "a read into several pieces of memory, one after the other",
  },
  writev: {
    code: 30,
    params: [fd, sources],
    yields: "ret",
    doc: "a write of several pieces of memory, as one",
  },
  preadv2: {
    code: 31,
    params: [
      fd,
      targets,
      { name: "offset", kind: "offset" },
      { name: "flags", kind: "flags", set: RWF_FLAGS, optional: true },
    ],
    yields: "data",
    doc: "readv at an offset, or with -1 at the file position, with flags of its own",
  },
  pwritev2: {
    code: 32,
    params: [
      fd,
      sources,
      { name: "offset", kind: "offset" },
      { name: "flags", kind: "flags", set: RWF_FLAGS, optional: true },
    ],
    yields: "ret",
    doc: "writev at an offset, or with -1 at the file position, with flags of its own",
  },
  mkfifo: {
    code: 33,
    params: [path, { name: "mode", kind: "int" }],
    yields: "ret",
    doc: "makes a FIFO: a pipe that open() opens by its name",
  },
  memfd_create: {
    code: 34,
    params: [
      { ...path, name: "name" },
      { name: "flags", kind: "flags", set: MEMFD_FLAGS },
    ],
    yields: "ret",
    doc: "makes an empty file of tmpfs without a name in the folder; returns a descriptor",
  },
  fork: {
    code: 35,
    params: [mapping],
    yields: "ret",
    doc: "makes a child process with a copy of a mapping; the register in front of it names the copy, and calls on it are the child's",
  },
  msync: {
    code: 36,
    params: [mapping, length, { name: "flags", kind: "flags", set: SYNC_FLAGS }],
    yields: "ret",
    doc: "MS_SYNC: writes the first pages of a shared mapping back to their file; the other flags do nothing",
  },
  send: {
    code: 37,
    params: [fd, { name: "data", kind: "data" }, { name: "flags", kind: "flags", set: MSG_FLAGS }],
    yields: "ret",
    request: "IORING_OP_SEND_ZC",
    doc: "a write on a socket, with flags of its own",
  },
  recv: {
    code: 38,
    params: [
      fd,
      { name: "count", kind: "count" },
      { name: "flags", kind: "flags", set: MSG_FLAGS },
    ],
    yields: "data",
    doc: "a read of a socket, with flags of its own; MSG_PEEK: the bytes stay where they are",
  },
  shutdown: {
    code: 39,
    params: [fd, { name: "how", kind: "command", set: SHUTDOWN_HOWS }],
    yields: "ret",
    doc: "an end of a socket receives no more, sends no more, or both; the other end learns of it",
  },
  drop_caches: {
    code: 40,
    params: [],
    yields: "ret",
    doc: "no system call, but what `echo 1 >/proc/sys/vm/drop_caches` does: clean folios that nobody holds leave the page cache, of every file",
  },
  io_uring_enter: {
    code: 41,
    params: [chain, ...Array<Param>(CHAINS_MAX - 1).fill({ ...chain, optional: true })],
    yields: "ret",
    doc: "hands chains of requests to the thread's ring, all at once; returns how many requests they are",
  },
  ...MESSAGE_CALLS,
} as const satisfies Record<string, SyscallRow>;

/** The name of a modelled system call. */
export type SyscallName = keyof typeof SYSCALLS;

/** Rows by name, widened so that optional fields can be read. */
export const syscallRow = (name: SyscallName): SyscallRow => SYSCALLS[name];

/** All names, in the order of the codes. */
export const SYSCALL_NAMES = Object.keys(SYSCALLS) as SyscallName[];

/** Whether the register in front of a call names a mapping. */
export const makesMapping = (name: SyscallName): boolean => name === "mmap" || name === "fork";

/** The most descriptors a call can allocate; open, dup, memfd_create: 1, pipe2: 2. */
export const fdsMadeBy = (name: SyscallName): number =>
  name === "pipe2" ? 2 : name === "open" || name === "dup" || name === "memfd_create" ? 1 : 0;
