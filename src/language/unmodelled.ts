// Calls and named constants that the tables do not have: what to tell who writes one.
//
// Interface: unknownCall, isUnmodelled, isForeignConstant.

import { nearest } from "./suggest.js";
import { SYSCALL_NAMES } from "./syscalls.js";

/** Well-known calls that nothing here models; a nearby name of the table would mislead. */
const UNMODELLED: ReadonlySet<string> = new Set(
  `accept accept4 access bind brk chdir chmod clone clone3 connect creat dup2 dup3
  epoll_create1 epoll_ctl epoll_wait eventfd eventfd2 execve exit exit_group fadvise64 fchmod
  fdatasync fstat fstatfs futex getpid getrandom io_submit io_uring_setup kill
  link linkat listen lstat mkdir mprotect mremap newfstatat
  openat openat2 pipe ppoll preadv pselect6 pwritev readahead recvfrom
  renameat renameat2 rt_sigaction rt_sigprocmask select
  sendto setsockopt socket socketpair stat statx symlink sync sync_file_range syncfs truncate
  unlinkat vfork wait4`.split(/\s+/),
);

/** Well-known constants that nothing here models; a nearby name would mislead. */
const CONSTANTS: ReadonlySet<string> = new Set(
  `FALLOC_FL_UNSHARE_RANGE FALLOC_FL_WRITE_ZEROES FALLOC_FL_NO_HIDE_STALE FIDEDUPERANGE F_DUPFD F_DUPFD_CLOEXEC F_GETFD F_GETFL
  F_GETLK F_SETFD F_SETLEASE F_SETLK F_SETLKW F_OFD_SETLK MADV_COLD MADV_FREE MADV_HUGEPAGE MADV_PAGEOUT MADV_POPULATE_READ
  MADV_POPULATE_WRITE MADV_REMOVE MADV_WILLNEED MAP_FIXED MAP_HUGETLB MAP_LOCKED MAP_NORESERVE MAP_POPULATE MFD_HUGETLB
  MSG_CMSG_CLOEXEC MSG_EOR MSG_OOB
  O_ASYNC O_DIRECTORY O_DSYNC O_NOATIME O_NOCTTY O_NOFOLLOW O_PATH O_SYNC POSIX_FADV_NOREUSE POSIX_FADV_NORMAL
  POSIX_FADV_RANDOM POSIX_FADV_SEQUENTIAL POSIX_FADV_WILLNEED PROT_EXEC SEEK_DATA SEEK_HOLE`.split(
    /\s+/,
  ),
);

/** Whether a constant is known to Linux and not to this project. */
export const isForeignConstant = (name: string): boolean => CONSTANTS.has(name);

const REMEDIES: Readonly<Record<string, string>> = {
  pipe: "write `pipe2(p, 0)`",
  openat: "write `open(…)` without AT_FDCWD",
  creat: "write `open(…, O_WRONLY | O_CREAT | O_TRUNC, 0600)`",
  dup2: "write `fd = dup(…)`: it takes the lowest free number",
  dup3: "write `fd = dup(…)`: it takes the lowest free number",
  socketpair: "declare `socket s`; its ends are `s.a` and `s.b`",
  socket:
    "declare `socket s`, or `socket s tcp`, `dgram`, `seqpacket`, `udp`: its ends `s.a` and `s.b` are connected",
  recvfrom: "write `recv(fd, count, flags)`",
  sendto: "write `send(fd, data, flags)`",
  renameat: "write `rename(…)` without AT_FDCWD",
  renameat2: "write `rename(…)` without AT_FDCWD",
  fadvise64: "write `posix_fadvise(fd, offset, len, POSIX_FADV_DONTNEED)`",
  unlinkat: "write `unlink(…)` without AT_FDCWD",
  preadv: "write `preadv2(fd, [count, …], offset)`",
  pwritev: "write `pwritev2(fd, [data, …], offset)`",
  ppoll: "write `poll(fd, events, 0)`",
};

/** Whether a call is known to Linux and not to this project. */
export const isUnmodelled = (name: string): boolean => UNMODELLED.has(name);

/** Message and remedy for a call that is not in the table. */
export function unknownCall(name: string): [message: string, remedy: string] {
  if (isUnmodelled(name)) {
    const remedy = REMEDIES[name] ?? "leave it out; docs/language.md lists the calls";
    return [`${name}() is not modelled yet`, remedy];
  }
  const near = nearest(name.replace(/64$/, ""), SYSCALL_NAMES);
  const remedy =
    near === undefined ? "`splicelab list calls` shows all" : `did you mean \`${near}\`?`;
  return [`there is no call ${name}()`, remedy];
}
