// The syscall codes that programs carry; src/language/syscalls.ts has the rows. Never reused.

export const SYS_OPEN = 1;
export const SYS_CLOSE = 2;
export const SYS_DUP = 3;
export const SYS_READ = 4;
export const SYS_WRITE = 5;
export const SYS_PREAD = 6;
export const SYS_PWRITE = 7;
export const SYS_LSEEK = 8;
export const SYS_FTRUNCATE = 9;
export const SYS_PIPE2 = 10;
export const SYS_FCNTL = 11;
export const SYS_IOCTL = 12;
export const SYS_POLL = 13;
export const SYS_SPLICE = 14;
export const SYS_TEE = 15;
export const SYS_MMAP = 16;
export const SYS_MUNMAP = 17;
export const SYS_LOAD = 18;
export const SYS_STORE = 19;
export const SYS_FALLOCATE = 20;
export const SYS_SENDFILE = 21;
export const SYS_MADVISE = 22;
export const SYS_VMSPLICE = 23;
export const SYS_UNLINK = 24;
export const SYS_RENAME = 25;
export const SYS_FSYNC = 26;
export const SYS_POSIX_FADVISE = 27;
export const SYS_COPY_FILE_RANGE = 28;
export const SYS_READV = 29;
export const SYS_WRITEV = 30;
export const SYS_PREADV2 = 31;
export const SYS_PWRITEV2 = 32;
export const SYS_MKFIFO = 33;
export const SYS_MEMFD_CREATE = 34;
export const SYS_FORK = 35;
export const SYS_MSYNC = 36;
export const SYS_SEND = 37;
export const SYS_RECV = 38;
export const SYS_SHUTDOWN = 39;
/** A write of 1 to /proc/sys/vm/drop_caches, by somebody who may. */
export const SYS_DROP_CACHES = 40;
/** Chains of requests are handed to io_uring, all at once. */
export const SYS_IO_URING_ENTER = 41;
export const SYS_RECVMSG = 54;
export const SYS_SENDMSG = 55;
/** One above the highest code. */
export const SYSCALLS_END = 56;
