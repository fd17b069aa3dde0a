// How big a scenario may be. Every limit has a name and a reason.
//
// Interface: the constants.

/** UTF-16 units of a text: parsing stays within seconds, whatever the text is. */
export const TEXT_MAX = 256 * 1024;
/** Levels of parentheses, `not`, `/\` and `\/`: far more than a person can follow. */
export const NESTING_MAX = 64;

/** Calls in all threads: a run stays one screen's work, and exploring more is hopeless. */
export const CALLS_MAX = 200;
/** Threads: each is a real thread of the executor. */
export const THREADS_MAX = 8;
/** Pipes declared: each takes two descriptors. */
export const PIPES_MAX = 8;
/** Sockets declared: each takes two descriptors. */
export const SOCKETS_MAX = 4;
/** Wires declared: each has up to three background actions, and all actions are bits of one word. */
export const WIRES_MAX = 4;
/** `queue` of a wire: the most frags that a state of the model holds. */
export const WIRE_FRAGS_MAX = 256;
/** Files declared: each takes a descriptor. */
export const FILES_MAX = 8;
/** Names in the folder, opened ones included. */
export const NAMES_MAX = 16;
/** Length of a file's name: it fits the executor's path buffer. */
export const NAME_LENGTH_MAX = 32;

/** Bytes of data in a text, fills included, holes not: both back ends hold them in memory. */
export const DATA_BYTES_MAX = 1024 * 1024;
/** Segments of a vector: more than the kernel keeps on its stack (UIO_FASTIOV), and few enough to read. */
export const SEGMENTS_MAX = 16;
/** Bytes of a file's initial content, holes included: outcomes show files in full. */
export const FILE_BYTES_MAX = 16 * 1024 * 1024;
/** `folio order`: 2 MiB, the largest folio that the page cache makes for a write. */
export const FOLIO_ORDER_MAX = 9;

/** Descriptors from here on belong to the executor. */
export const FD_RESERVED_FROM = 900;

/** `size` of a pipe: the default of /proc/sys/fs/pipe-max-size. */
export const PIPE_SIZE_MAX = 1024 * 1024;
