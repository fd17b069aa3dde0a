// Flags and commands of open(2), fcntl(2), lseek(2), ioctl(2) and poll(2), x86-64 values.
// Mirrors: include/uapi/asm-generic/fcntl.h, include/uapi/linux/fcntl.h, ioctls.h, poll.h.

export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_ACCMODE = 3;
export const O_CREAT = 0x40;
export const O_EXCL = 0x80;
export const O_TRUNC = 0x200;
export const O_APPEND = 0x400;
export const O_NONBLOCK = 0x800;
export const O_DIRECT = 0x4000;
export const O_CLOEXEC = 0x80000;
/** O_TMPFILE contains O_DIRECTORY, as in Linux. */
export const O_TMPFILE = 0x410000;

/** Flags of socketpair(2), beside the type. Mirrors: include/linux/net.h. */
export const SOCK_NONBLOCK = O_NONBLOCK;
export const SOCK_CLOEXEC = O_CLOEXEC;

export const F_SETFL = 4;
export const F_SETPIPE_SZ = 1031;
export const F_GETPIPE_SZ = 1032;
export const F_ADD_SEALS = 1033;
export const F_GET_SEALS = 1034;

export const F_SEAL_SEAL = 1;
export const F_SEAL_SHRINK = 2;
export const F_SEAL_GROW = 4;
export const F_SEAL_WRITE = 8;
export const F_SEAL_FUTURE_WRITE = 0x10;
export const F_SEAL_EXEC = 0x20;

/** Flags of memfd_create(2). Mirrors: include/uapi/linux/memfd.h. */
export const MFD_CLOEXEC = 1;
export const MFD_ALLOW_SEALING = 2;
export const MFD_NOEXEC_SEAL = 8;
export const MFD_EXEC = 0x10;

/** Advice to posix_fadvise(2). Mirrors: include/uapi/linux/fadvise.h. */
export const POSIX_FADV_DONTNEED = 4;

export const SEEK_SET = 0;
export const SEEK_CUR = 1;
export const SEEK_END = 2;

export const FIONREAD = 0x541b;
export const SIOCOUTQ = 0x5411;
export const FICLONE = 0x40049409;
export const FICLONERANGE = 0x4020940d;

export const POLLIN = 0x1;
export const POLLOUT = 0x4;
export const POLLERR = 0x8;
export const POLLHUP = 0x10;
export const POLLNVAL = 0x20;
export const POLLRDNORM = 0x40;
export const POLLWRNORM = 0x100;
export const POLLRDHUP = 0x2000;
