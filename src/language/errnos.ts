// The errors of each call: with which errno it fails on the model, and what each errno says.
//
// Interface: ERRNOS, errnosOf, ERRNO_DOCS, ErrnoName. A test holds the rows to the core: no run gives an errno that
// is not listed, and each listed one is seen in a run. What a kernel may answer beside it (EINTR, EIO, ENOMEM where
// memory is short, ENOSPC) is not listed.

import type * as errnos from "../../assembly/abi/errno.js";
import type { SyscallName } from "./syscalls.js";

/** The name of an errno that the project knows. */
export type ErrnoName = keyof typeof errnos;

/** The errnos of each call, by name, in the order of the alphabet. */
export const ERRNOS: Readonly<Record<SyscallName, string>> = {
  open: "EEXIST EINVAL EISDIR ENOENT ENOMEM ENOTDIR ENXIO",
  close: "EBADF",
  dup: "EBADF",
  read: "EAGAIN EBADF ECANCELED ECONNREFUSED ECONNRESET EFAULT EINVAL",
  write:
    "EAGAIN EBADF ECANCELED ECONNREFUSED ECONNRESET EFAULT EFBIG EINVAL EMSGSIZE ENOTCONN EPERM EPIPE",
  pread: "EBADF ECANCELED EFAULT EINVAL ESPIPE",
  pwrite: "EBADF ECANCELED EFAULT EFBIG EINVAL EPERM ESPIPE",
  lseek: "EBADF EINVAL ESPIPE",
  ftruncate: "EBADF EFBIG EINVAL EPERM",
  pipe2: "EINVAL ENFILE",
  fcntl: "EBADF EBUSY EINVAL EPERM",
  ioctl: "EBADF EFBIG EINVAL ENOTTY EOPNOTSUPP EXDEV",
  poll: "",
  splice:
    "EAGAIN EBADF ECANCELED ECONNREFUSED ECONNRESET EFBIG EINVAL EMSGSIZE ENOTCONN EPERM EPIPE ESPIPE",
  tee: "EAGAIN EBADF ECANCELED EINVAL EPIPE",
  mmap: "EACCES EBADF EINVAL ENODEV EPERM",
  munmap: "EINVAL",
  load: "EFAULT",
  store: "EFAULT",
  fallocate: "EBADF EFBIG EINVAL ENODEV EOPNOTSUPP EPERM ESPIPE",
  sendfile:
    "EAGAIN EBADF ECONNREFUSED ECONNRESET EFBIG EINVAL EMSGSIZE ENOTCONN EOVERFLOW EPERM EPIPE ESPIPE",
  madvise: "EINVAL",
  vmsplice: "EAGAIN EBADF EFAULT EINVAL EPIPE",
  unlink: "EISDIR ENOENT",
  rename: "EBUSY ENOENT",
  fsync: "EBADF EINVAL",
  posix_fadvise: "EBADF EINVAL ESPIPE",
  copy_file_range: "EBADF EFBIG EINVAL EOVERFLOW EXDEV",
  readv: "EAGAIN EBADF ECONNREFUSED ECONNRESET EFAULT",
  writev: "EAGAIN EBADF ECONNREFUSED ECONNRESET EFAULT EFBIG EINVAL EMSGSIZE ENOTCONN EPERM EPIPE",
  preadv2: "EAGAIN EBADF ECONNREFUSED ECONNRESET EFAULT EINVAL EOPNOTSUPP ESPIPE",
  pwritev2:
    "EAGAIN EBADF ECONNREFUSED ECONNRESET EFAULT EFBIG EINVAL EMSGSIZE ENOTCONN EOPNOTSUPP EPERM EPIPE ESPIPE",
  mkfifo: "EEXIST",
  memfd_create: "EINVAL",
  fork: "EFAULT",
  msync: "EINVAL",
  send: "EBADF ECANCELED ECONNREFUSED ECONNRESET EINVAL EMSGSIZE ENOBUFS ENOTCONN ENOTSOCK EOPNOTSUPP EPIPE",
  recv: "EAGAIN EBADF ECONNREFUSED ECONNRESET EINVAL ENOTSOCK",
  shutdown: "EBADF EINVAL ENOTCONN ENOTSOCK",
  drop_caches: "",
  io_uring_enter: "",
  sendmsg: "EBADF ECANCELED ECONNRESET EFAULT ENOBUFS ENOTSOCK EOPNOTSUPP EPIPE",
  recvmsg: "EAGAIN EBADF ECONNREFUSED ECONNRESET EINVAL ENOTSOCK",
};

/** The errnos with which a call fails on the model. */
export const errnosOf = (call: SyscallName): ErrnoName[] =>
  ERRNOS[call].split(" ").filter((name): name is ErrnoName => name !== "");

/** What an errno says, in one line. */
export const ERRNO_DOCS: Readonly<Record<ErrnoName, string>> = {
  EPERM: "not permitted: a seal, or a limit of the user, forbids it",
  ENOENT: "there is no file of this name",
  EINTR: "a signal came first",
  EIO: "the disk failed",
  ENXIO: "a FIFO that nobody reads is opened to be written, without waiting",
  EBADF: "no open descriptor, or one that is not open for this",
  EAGAIN: "it would have to wait, and must not",
  ENOMEM: "no memory for it, or the user has too many pipe pages",
  EACCES: "the file is not open for what the mapping is to do",
  EFAULT: "the memory is not mapped, or not for this",
  EBUSY: "it is in use",
  EEXIST: "there is a file of this name already",
  EXDEV: "the files are not on one file system",
  ENODEV: "this kind of file cannot do it",
  ENOTDIR: "the name is not a folder's",
  EISDIR: "the name is a folder's",
  EINVAL: "an argument makes no sense here",
  ENFILE: "the user has too many pipe pages",
  EMFILE: "the process has too many descriptors",
  ENOTTY: "this kind of file does not know the request",
  EFBIG: "it would go beyond the largest file allowed",
  ENOSPC: "the disk is full",
  ESPIPE: "a pipe has no position",
  EROFS: "the file system cannot be written to",
  EPIPE: "nobody reads the other end; SIGPIPE is sent too",
  EOVERFLOW: "the range goes beyond the largest offset",
  ENOTSOCK: "the call is for sockets",
  EMSGSIZE: "the message is too long",
  EOPNOTSUPP: "the file system or the file does not support it",
  ECONNRESET: "the other end was closed with bytes unread",
  ENOBUFS: "what a request of io_uring has sent with MSG_ZEROCOPY is held back at this end",
  ENOTCONN: "the connection is over, or the end has no peer any more",
  ECONNREFUSED: "nobody is there to receive it",
  ECANCELED: "an earlier request of the chain failed or fell short, or a request of it was refused",
};
