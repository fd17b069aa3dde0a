// The system calls: one row each. Parser, encoder, arbitraries, completion and the table in
// docs/language.md derive from these rows; assembly/syscall/table.ts and native/syscalls.c must have a
// handler for each code, and a test holds the three together.
//
// Interface: SYSCALLS, SyscallName, ParamKind, CONSTANTS (the names that flag arguments may use).

import * as fcntl from "../../assembly/abi/fcntl.js";
import * as mman from "../../assembly/abi/mman.js";
import * as pipe from "../../assembly/abi/pipe.js";

/** What an argument is.
 *  - `fd`: a declared name (`f`, `p.r`, `s.a`, `w.tx`), a register that holds a descriptor, or a number
 *  - `path`: a quoted name in the scenario's folder, or "." for the folder
 *  - `data`: content, `0x1f * 4096`, `"text"` or `hex "00ff"`
 *  - `count`: bytes wanted; `length`, `offset`: signed 64-bit numbers
 *  - `pointer`: NULL or a number: the call gets a pointer to it
 *  - `newpipe`: a fresh name for the pipe that the call makes
 *  - `address`: NULL; `mapping`: a register that holds what mmap() made
 *  - `flags`, `command`, `int`: numbers or the named constants of `set` */
export type ParamKind =
  | "fd"
  | "path"
  | "data"
  | "count"
  | "length"
  | "offset"
  | "pointer"
  | "newpipe"
  | "address"
  | "mapping"
  | "flags"
  | "command"
  | "int";

/** One parameter of a call. */
export interface Param {
  readonly name: string;
  readonly kind: ParamKind;
  /** The named constants that may stand here, joined by `|` where they are flags. */
  readonly set?: Readonly<Record<string, number>>;
  /** May be left out; it is 0 then. */
  readonly optional?: true;
}

/** One system call. */
export interface SyscallRow {
  /** The number that both back ends know it by; never reused. */
  readonly code: number;
  readonly params: readonly Param[];
  /** What a register in front of the call receives: the return value, the bytes read, or the
   *  number that the kernel stores through a pointer (revents, the FIONREAD count). */
  readonly yields: "ret" | "data" | "out";
  /** One line for people. */
  readonly doc: string;
}

const OPEN_FLAGS = {
  O_RDONLY: fcntl.O_RDONLY,
  O_WRONLY: fcntl.O_WRONLY,
  O_RDWR: fcntl.O_RDWR,
  O_CREAT: fcntl.O_CREAT,
  O_EXCL: fcntl.O_EXCL,
  O_TRUNC: fcntl.O_TRUNC,
  O_APPEND: fcntl.O_APPEND,
  O_NONBLOCK: fcntl.O_NONBLOCK,
  O_CLOEXEC: fcntl.O_CLOEXEC,
  O_TMPFILE: fcntl.O_TMPFILE,
} as const;

/** Flags of pipe2(2), also of `pipe` declarations. */
export const PIPE_FLAGS = {
  O_CLOEXEC: fcntl.O_CLOEXEC,
  O_NONBLOCK: fcntl.O_NONBLOCK,
  O_DIRECT: fcntl.O_DIRECT,
} as const;

const SPLICE_FLAGS = {
  SPLICE_F_MOVE: pipe.SPLICE_F_MOVE,
  SPLICE_F_NONBLOCK: pipe.SPLICE_F_NONBLOCK,
  SPLICE_F_MORE: pipe.SPLICE_F_MORE,
  SPLICE_F_GIFT: pipe.SPLICE_F_GIFT,
} as const;

const POLL_EVENTS = {
  POLLIN: fcntl.POLLIN,
  POLLOUT: fcntl.POLLOUT,
  POLLERR: fcntl.POLLERR,
  POLLHUP: fcntl.POLLHUP,
  POLLNVAL: fcntl.POLLNVAL,
  POLLRDNORM: fcntl.POLLRDNORM,
  POLLWRNORM: fcntl.POLLWRNORM,
} as const;

const WHENCE = {
  SEEK_SET: fcntl.SEEK_SET,
  SEEK_CUR: fcntl.SEEK_CUR,
  SEEK_END: fcntl.SEEK_END,
} as const;

const FCNTL_COMMANDS = {
  F_SETPIPE_SZ: fcntl.F_SETPIPE_SZ,
  F_GETPIPE_SZ: fcntl.F_GETPIPE_SZ,
  F_SETFL: fcntl.F_SETFL,
} as const;

/** What F_SETFL can set. */
export const FILE_FLAGS = {
  O_APPEND: fcntl.O_APPEND,
  O_NONBLOCK: fcntl.O_NONBLOCK,
  O_DIRECT: fcntl.O_DIRECT,
} as const;

const PROT_FLAGS = {
  PROT_NONE: mman.PROT_NONE,
  PROT_READ: mman.PROT_READ,
  PROT_WRITE: mman.PROT_WRITE,
} as const;

const MAP_FLAGS = {
  MAP_SHARED: mman.MAP_SHARED,
  MAP_PRIVATE: mman.MAP_PRIVATE,
  MAP_ANONYMOUS: mman.MAP_ANONYMOUS,
} as const;

const ADVICE = { MADV_DONTNEED: mman.MADV_DONTNEED } as const;

const SYNC_FLAGS = {
  MS_ASYNC: mman.MS_ASYNC,
  MS_INVALIDATE: mman.MS_INVALIDATE,
  MS_SYNC: mman.MS_SYNC,
} as const;

const FALLOCATE_MODES = {
  FALLOC_FL_KEEP_SIZE: mman.FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE: mman.FALLOC_FL_PUNCH_HOLE,
} as const;

const FILE_ADVICE = { POSIX_FADV_DONTNEED: fcntl.POSIX_FADV_DONTNEED } as const;

const IOCTL_COMMANDS = { FIONREAD: fcntl.FIONREAD } as const;

const fd: Param = { name: "fd", kind: "fd" };
const mapping: Param = { name: "m", kind: "mapping" };

export const SYSCALLS = {
  open: {
    code: 1,
    params: [
      { name: "path", kind: "path" },
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
    params: [fd, { name: "count", kind: "count" }],
    yields: "data",
    doc: "reads at the file position, or takes bytes out of a pipe or a socket",
  },
  write: {
    code: 5,
    params: [fd, { name: "data", kind: "data" }],
    yields: "ret",
    doc: "writes at the file position, fills slots of a pipe, or sends on a socket",
  },
  pread: {
    code: 6,
    params: [fd, { name: "count", kind: "count" }, { name: "offset", kind: "offset" }],
    yields: "data",
    doc: "reads at an offset",
  },
  pwrite: {
    code: 7,
    params: [fd, { name: "data", kind: "data" }, { name: "offset", kind: "offset" }],
    yields: "ret",
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
    params: [fd, { name: "length", kind: "length" }],
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
      { name: "arg", kind: "int", set: FILE_FLAGS, optional: true },
    ],
    yields: "ret",
    doc: "sets or gets the capacity of a pipe; F_SETFL: sets the flags of an open file description",
  },
  ioctl: {
    code: 12,
    params: [fd, { name: "request", kind: "command", set: IOCTL_COMMANDS }],
    yields: "out",
    doc: "FIONREAD: the bytes that wait in a pipe, at a socket, or behind the file position",
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
    params: [
      { name: "fd_in", kind: "fd" },
      { name: "off_in", kind: "pointer" },
      { name: "fd_out", kind: "fd" },
      { name: "off_out", kind: "pointer" },
      { name: "len", kind: "count" },
      { name: "flags", kind: "flags", set: SPLICE_FLAGS },
    ],
    yields: "ret",
    doc: "moves pages between a pipe and a file, between pipes, or from a pipe into a socket, by reference where it can",
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
    params: [mapping, { name: "length", kind: "length" }],
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
    doc: "punches a hole: whole folios leave the file, partial ones are zeroed in place",
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
    doc: "moves pages from a file into a pipe or a socket by reference, or copies them into a file",
  },
  madvise: {
    code: 22,
    params: [
      mapping,
      { name: "length", kind: "length" },
      { name: "advice", kind: "command", set: ADVICE },
    ],
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
    params: [{ name: "path", kind: "path" }],
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
  msync: {
    code: 36,
    params: [
      mapping,
      { name: "length", kind: "length" },
      { name: "flags", kind: "flags", set: SYNC_FLAGS },
    ],
    yields: "ret",
    doc: "MS_SYNC: writes the first pages of a shared mapping back to their file; the other flags do nothing",
  },
} as const satisfies Record<string, SyscallRow>;

/** The name of a modelled system call. */
export type SyscallName = keyof typeof SYSCALLS;

/** Rows by name, widened so that optional fields can be read. */
export const syscallRow = (name: SyscallName): SyscallRow => SYSCALLS[name];

/** All names, in the order of the codes. */
export const SYSCALL_NAMES = Object.keys(SYSCALLS) as SyscallName[];

/** The most descriptors a call can allocate; open, dup: 1, pipe2: 2. */
export const fdsMadeBy = (name: SyscallName): number =>
  name === "pipe2" ? 2 : name === "open" || name === "dup" ? 1 : 0;
