// The encoded program: how a Program travels as 32-bit little-endian words.
//
//   header  PROGRAM_HEADER_WORDS   magic, total words, then the counts below, then background tasks
//   files   FILE_WORDS each        buffer of the initial content, folio order or ORDER_PER_PAGE
//   pipes   PIPE_WORDS each        pipe2 flags, F_SETPIPE_SZ argument or 0
//   sockets SOCKET_WORDS each      flags of socketpair, SOCKET_* (the kind)
//   wires   WIRE_WORDS each        frags that its queue holds or 0, WIRE_*
//   threads THREAD_WORDS each      first call, number of calls, IOSQE_* of a chain of requests or 0
//   calls   CALL_WORDS each        below
//   afters  one word each          index of a call that must have returned
//   buffers BUFFER_WORDS each      first run, number of runs, length in bytes
//   runs    RUN_WORDS each         byte value, RUN_HOLE or RUN_FAULT, length in bytes
//
// A call is: syscall code, first after, number of afters, operand kinds (4 bits each, operand 0
// lowest), then six operands of two words, low word first. Written by src/language/encode.ts; read
// by assembly/program.ts and native/program.c; golden bytes in test/fixtures/wire/.

/** "SL01". */
export const PROGRAM_MAGIC = 0x31304c53;
export const PROGRAM_HEADER_WORDS = 13;
export const HEADER_NAMES = 2;
export const HEADER_FILES = 3;
export const HEADER_PIPES = 4;
export const HEADER_THREADS = 5;
export const HEADER_CALLS = 6;
export const HEADER_AFTERS = 7;
export const HEADER_BUFFERS = 8;
export const HEADER_RUNS = 9;
/** Bits of background tasks. */
export const HEADER_BACKGROUND = 10;
export const HEADER_SOCKETS = 11;
export const HEADER_WIRES = 12;

export const FILE_WORDS = 2;
export const PIPE_WORDS = 2;
export const SOCKET_WORDS = 2;
export const WIRE_WORDS = 2;
export const THREAD_WORDS = 3;
export const CALL_WORDS = 16;
export const CALL_OPERANDS = 4;
export const OPERANDS_MAX = 6;
export const BUFFER_WORDS = 3;
export const RUN_WORDS = 2;

/** means: dirty pages are written to the disk, one at a time, at any time. */
export const BACKGROUND_WRITEBACK = 1;
/** means: clean pages that nobody holds leave the cache, one at a time, at any time. */
export const BACKGROUND_RECLAIM = 2;

/** Initial content is written one page per call. */
export const ORDER_PER_PAGE = 0xff;
/** A pair of UNIX stream sockets. */
export const SOCKET_STREAM = 0;
/** The two ends of a TCP connection over 127.0.0.1. */
export const SOCKET_TCP = 1;
/** A pair of UNIX datagram sockets. */
export const SOCKET_DGRAM = 2;
/** A pair of UNIX sockets that send packets in sequence. */
export const SOCKET_SEQPACKET = 3;
/** Two UDP sockets on 127.0.0.1, connected to each other. */
export const SOCKET_UDP = 4;
/** The wire may send a frag a second time before it is acknowledged. */
export const WIRE_RETRANSMITS = 1;
/** The other end is on this machine, and shares the frags. */
export const WIRE_LOOPBACK = 2;
/** The run is a hole: never written. */
export const RUN_HOLE = 256;
/** The run lies behind an address that is not mapped: the last one of a buffer. */
export const RUN_FAULT = 257;

/** A number: descriptor, count, offset, flags, command. */
export const OPERAND_INT = 0;
/** A null pointer. */
export const OPERAND_NULL = 1;
/** The descriptor that the call with this index returned; -1 if it has not or failed. */
export const OPERAND_RESULT = 2;
/** The read end of the pipe that the pipe2 with this index made; -1 if it has not. */
export const OPERAND_READ_END = 3;
/** The write end, likewise. */
export const OPERAND_WRITE_END = 4;
/** Index of a buffer: the bytes to write, or the memory to read into where a part of it is not mapped. */
export const OPERAND_BUFFER = 5;
/** Index of a name in the scenario's folder; NAME_DIRECTORY is the folder itself. */
export const OPERAND_NAME = 6;
/** A pointer to a number (a file offset): the call reads it and stores the new value there. */
export const OPERAND_POINTER = 7;
/** An array of struct iovec: low word the index of the first buffer, high word how many there are, one behind the other. */
export const OPERAND_VECTOR = 8;
/** Index of a thread that is a chain. */
export const OPERAND_CHAIN = 9;

export const NAME_DIRECTORY = 0xffffffff;
/** Devices that open can be given in place of a name: /dev/null and /dev/zero. */
export const NAME_NULL = 0xfffffffe;
export const NAME_ZERO = 0xfffffffd;

/** The first descriptor of a scenario; 0 to 2 are nobody's. */
export const FD_FIRST = 3;

/** Added to a call that is waited for: its notification is, too. */
export const AFTER_NOTIFIED = 0x80000000;
