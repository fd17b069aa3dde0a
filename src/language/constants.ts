// The named constants that arguments may use, one set for each kind of argument, as Linux spells them.
//
// Interface: a set for each, for the rows of syscalls.ts.

import * as fcntl from "../../assembly/abi/fcntl.js";
import * as mman from "../../assembly/abi/mman.js";
import * as pipe from "../../assembly/abi/pipe.js";
import * as socket from "../../assembly/abi/socket.js";
import * as uio from "../../assembly/abi/uio.js";
import * as uring from "../../assembly/abi/uring.js";

export const OPEN_FLAGS = {
  O_RDONLY: fcntl.O_RDONLY,
  O_WRONLY: fcntl.O_WRONLY,
  O_RDWR: fcntl.O_RDWR,
  O_CREAT: fcntl.O_CREAT,
  O_EXCL: fcntl.O_EXCL,
  O_TRUNC: fcntl.O_TRUNC,
  O_APPEND: fcntl.O_APPEND,
  O_NONBLOCK: fcntl.O_NONBLOCK,
  O_DIRECT: fcntl.O_DIRECT,
  O_CLOEXEC: fcntl.O_CLOEXEC,
  O_TMPFILE: fcntl.O_TMPFILE,
} as const;

/** Flags of pipe2(2), also of `pipe` declarations. */
export const PIPE_FLAGS = {
  O_CLOEXEC: fcntl.O_CLOEXEC,
  O_NONBLOCK: fcntl.O_NONBLOCK,
  O_DIRECT: fcntl.O_DIRECT,
} as const;

export const SPLICE_FLAGS = {
  SPLICE_F_MOVE: pipe.SPLICE_F_MOVE,
  SPLICE_F_NONBLOCK: pipe.SPLICE_F_NONBLOCK,
  SPLICE_F_MORE: pipe.SPLICE_F_MORE,
  SPLICE_F_GIFT: pipe.SPLICE_F_GIFT,
} as const;

export const POLL_EVENTS = {
  POLLIN: fcntl.POLLIN,
  POLLOUT: fcntl.POLLOUT,
  POLLERR: fcntl.POLLERR,
  POLLHUP: fcntl.POLLHUP,
  POLLNVAL: fcntl.POLLNVAL,
  POLLRDNORM: fcntl.POLLRDNORM,
  POLLWRNORM: fcntl.POLLWRNORM,
  POLLRDHUP: fcntl.POLLRDHUP,
} as const;

export const WHENCE = {
  SEEK_SET: fcntl.SEEK_SET,
  SEEK_CUR: fcntl.SEEK_CUR,
  SEEK_END: fcntl.SEEK_END,
} as const;

export const FCNTL_COMMANDS = {
  F_SETPIPE_SZ: fcntl.F_SETPIPE_SZ,
  F_GETPIPE_SZ: fcntl.F_GETPIPE_SZ,
  F_SETFL: fcntl.F_SETFL,
  F_ADD_SEALS: fcntl.F_ADD_SEALS,
  F_GET_SEALS: fcntl.F_GET_SEALS,
} as const;

/** What F_SETFL can set. */
export const FILE_FLAGS = {
  O_APPEND: fcntl.O_APPEND,
  O_NONBLOCK: fcntl.O_NONBLOCK,
  O_DIRECT: fcntl.O_DIRECT,
} as const;

export const SEALS = {
  F_SEAL_SEAL: fcntl.F_SEAL_SEAL,
  F_SEAL_SHRINK: fcntl.F_SEAL_SHRINK,
  F_SEAL_GROW: fcntl.F_SEAL_GROW,
  F_SEAL_WRITE: fcntl.F_SEAL_WRITE,
  F_SEAL_FUTURE_WRITE: fcntl.F_SEAL_FUTURE_WRITE,
  F_SEAL_EXEC: fcntl.F_SEAL_EXEC,
} as const;

/** What F_SETFL and F_ADD_SEALS are given; no two have one value. */
export const FCNTL_FLAGS = { ...FILE_FLAGS, ...SEALS } as const;

export const MEMFD_FLAGS = {
  MFD_CLOEXEC: fcntl.MFD_CLOEXEC,
  MFD_ALLOW_SEALING: fcntl.MFD_ALLOW_SEALING,
  MFD_NOEXEC_SEAL: fcntl.MFD_NOEXEC_SEAL,
  MFD_EXEC: fcntl.MFD_EXEC,
} as const;

export const PROT_FLAGS = {
  PROT_NONE: mman.PROT_NONE,
  PROT_READ: mman.PROT_READ,
  PROT_WRITE: mman.PROT_WRITE,
} as const;

export const MAP_FLAGS = {
  MAP_SHARED: mman.MAP_SHARED,
  MAP_PRIVATE: mman.MAP_PRIVATE,
  MAP_ANONYMOUS: mman.MAP_ANONYMOUS,
} as const;

export const ADVICE = { MADV_DONTNEED: mman.MADV_DONTNEED } as const;

export const SYNC_FLAGS = {
  MS_ASYNC: mman.MS_ASYNC,
  MS_INVALIDATE: mman.MS_INVALIDATE,
  MS_SYNC: mman.MS_SYNC,
} as const;

export const FALLOCATE_MODES = {
  FALLOC_FL_KEEP_SIZE: mman.FALLOC_FL_KEEP_SIZE,
  FALLOC_FL_PUNCH_HOLE: mman.FALLOC_FL_PUNCH_HOLE,
  FALLOC_FL_COLLAPSE_RANGE: mman.FALLOC_FL_COLLAPSE_RANGE,
  FALLOC_FL_ZERO_RANGE: mman.FALLOC_FL_ZERO_RANGE,
  FALLOC_FL_INSERT_RANGE: mman.FALLOC_FL_INSERT_RANGE,
} as const;

export const FILE_ADVICE = { POSIX_FADV_DONTNEED: fcntl.POSIX_FADV_DONTNEED } as const;

export const IOCTL_COMMANDS = {
  FIONREAD: fcntl.FIONREAD,
  SIOCOUTQ: fcntl.SIOCOUTQ,
  FICLONE: fcntl.FICLONE,
  FICLONERANGE: fcntl.FICLONERANGE,
} as const;

export const SHUTDOWN_HOWS = {
  SHUT_RD: socket.SHUT_RD,
  SHUT_WR: socket.SHUT_WR,
  SHUT_RDWR: socket.SHUT_RDWR,
} as const;

/** Flags of send(2) and recv(2). */
export const MSG_FLAGS = {
  MSG_PEEK: socket.MSG_PEEK,
  MSG_TRUNC: socket.MSG_TRUNC,
  MSG_DONTWAIT: socket.MSG_DONTWAIT,
  MSG_WAITALL: socket.MSG_WAITALL,
  MSG_ERRQUEUE: socket.MSG_ERRQUEUE,
  MSG_NOSIGNAL: socket.MSG_NOSIGNAL,
  MSG_MORE: socket.MSG_MORE,
  MSG_ZEROCOPY: socket.MSG_ZEROCOPY,
} as const;

/** Flags of a chain of requests. */
export const CHAIN_FLAGS = {
  IOSQE_IO_DRAIN: uring.IOSQE_IO_DRAIN,
  IOSQE_IO_HARDLINK: uring.IOSQE_IO_HARDLINK,
} as const;

/** Flags of preadv2(2) and pwritev2(2). */
export const RWF_FLAGS = {
  RWF_HIPRI: uio.RWF_HIPRI,
  RWF_DSYNC: uio.RWF_DSYNC,
  RWF_SYNC: uio.RWF_SYNC,
  RWF_NOWAIT: uio.RWF_NOWAIT,
  RWF_APPEND: uio.RWF_APPEND,
  RWF_NOAPPEND: uio.RWF_NOAPPEND,
  RWF_ATOMIC: uio.RWF_ATOMIC,
  RWF_DONTCACHE: uio.RWF_DONTCACHE,
  RWF_NOSIGNAL: uio.RWF_NOSIGNAL,
} as const;
