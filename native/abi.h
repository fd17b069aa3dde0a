/* SPDX-License-Identifier: MIT */
/*
 * The numbers of an encoded program.
 *
 * The layout is drawn in assembly/abi/program.ts, the call codes stand in src/language/syscalls.ts;
 * test/kernel/abi.test.ts compares every line here with those files.
 */
#ifndef ABI_H
#define ABI_H

#define PROGRAM_MAGIC 0x31304c53
#define PROGRAM_HEADER_WORDS 13
#define HEADER_NAMES 2
#define HEADER_FILES 3
#define HEADER_PIPES 4
#define HEADER_THREADS 5
#define HEADER_CALLS 6
#define HEADER_AFTERS 7
#define HEADER_BUFFERS 8
#define HEADER_RUNS 9
#define HEADER_BACKGROUND 10
#define HEADER_SOCKETS 11
#define HEADER_WIRES 12
#define FILE_WORDS 2
#define PIPE_WORDS 2
#define SOCKET_WORDS 2
#define SOCKET_STREAM 0
#define SOCKET_TCP 1
#define SOCKET_DGRAM 2
#define SOCKET_SEQPACKET 3
#define SOCKET_UDP 4
#define WIRE_WORDS 2
#define WIRE_RETRANSMITS 1
#define WIRE_LOOPBACK 2
#define THREAD_WORDS 3
/* Added to a call that is waited for: its notification is, too. */
#define AFTER_NOTIFIED 0x80000000
#define CALL_WORDS 16
#define CALL_OPERANDS 4
#define OPERANDS_MAX 6
#define BUFFER_WORDS 3
#define RUN_WORDS 2
#define BACKGROUND_WRITEBACK 1
#define BACKGROUND_RECLAIM 2
#define ORDER_PER_PAGE 0xff
#define RUN_HOLE 256
#define RUN_FAULT 257
#define OPERAND_INT 0
#define OPERAND_NULL 1
#define OPERAND_RESULT 2
#define OPERAND_READ_END 3
#define OPERAND_WRITE_END 4
#define OPERAND_BUFFER 5
#define OPERAND_NAME 6
#define OPERAND_POINTER 7
#define OPERAND_VECTOR 8
#define OPERAND_CHAIN 9
#define NAME_DIRECTORY 0xffffffff
#define NAME_NULL 0xfffffffe
#define NAME_ZERO 0xfffffffd
#define FD_FIRST 3

/* Codes of src/language/syscalls.ts. */
#define CALL_OPEN 1
#define CALL_CLOSE 2
#define CALL_DUP 3
#define CALL_READ 4
#define CALL_WRITE 5
#define CALL_PREAD 6
#define CALL_PWRITE 7
#define CALL_LSEEK 8
#define CALL_FTRUNCATE 9
#define CALL_PIPE2 10
#define CALL_FCNTL 11
#define CALL_IOCTL 12
#define CALL_POLL 13
#define CALL_SPLICE 14
#define CALL_TEE 15
#define CALL_MMAP 16
#define CALL_MUNMAP 17
#define CALL_LOAD 18
#define CALL_STORE 19
#define CALL_FALLOCATE 20
#define CALL_SENDFILE 21
#define CALL_MADVISE 22
#define CALL_VMSPLICE 23
#define CALL_UNLINK 24
#define CALL_RENAME 25
#define CALL_FSYNC 26
#define CALL_POSIX_FADVISE 27
#define CALL_COPY_FILE_RANGE 28
#define CALL_READV 29
#define CALL_WRITEV 30
#define CALL_PREADV2 31
#define CALL_PWRITEV2 32
#define CALL_MKFIFO 33
#define CALL_MEMFD_CREATE 34
#define CALL_FORK 35
#define CALL_MSYNC 36
#define CALL_SEND 37
#define CALL_RECV 38
#define CALL_SHUTDOWN 39
#define CALL_DROP_CACHES 40
#define CALL_IO_URING_ENTER 41
#define CALL_RECVMSG 54
#define CALL_SENDMSG 55
#define CALL_CODES 56

/* Flags as programs spell them: x86-64 values, translated to the host's own. */
#define ABI_O_ACCMODE 3
#define ABI_O_CREAT 0x40
#define ABI_O_EXCL 0x80
#define ABI_O_TRUNC 0x200
#define ABI_O_APPEND 0x400
#define ABI_O_NONBLOCK 0x800
#define ABI_O_DIRECT 0x4000
#define ABI_O_CLOEXEC 0x80000
#define ABI_O_TMPFILE 0x410000
#define ABI_F_SETFL 4
#define ABI_F_SETPIPE_SZ 1031
#define ABI_F_GETPIPE_SZ 1032
#define ABI_F_ADD_SEALS 1033
#define ABI_F_GET_SEALS 1034
#define ABI_MFD_CLOEXEC 1
#define ABI_MFD_ALLOW_SEALING 2
#define ABI_MFD_NOEXEC_SEAL 8
#define ABI_MFD_EXEC 0x10
#define ABI_FIONREAD 0x541b
#define ABI_SIOCOUTQ 0x5411
#define ABI_FICLONE 0x40049409
#define ABI_FICLONERANGE 0x4020940d
#define ABI_POSIX_FADV_DONTNEED 4
#define ABI_PROT_READ 1
#define ABI_PROT_WRITE 2
#define ABI_MAP_SHARED 1
#define ABI_MAP_PRIVATE 2
#define ABI_MAP_ANONYMOUS 0x20
#define ABI_MADV_DONTNEED 4
#define ABI_MS_ASYNC 1
#define ABI_MS_INVALIDATE 2
#define ABI_MS_SYNC 4
#define ABI_FALLOC_FL_KNOWN 59
#define ABI_IOSQE_IO_DRAIN 2
#define ABI_IOSQE_IO_LINK 4
#define ABI_IOSQE_IO_HARDLINK 8

#endif
