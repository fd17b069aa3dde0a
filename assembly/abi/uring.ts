// Flags of requests, as in Linux's <linux/io_uring.h>.

/** The request starts when all earlier ones of the ring have completed, and later ones when it has. */
export const IOSQE_IO_DRAIN = 2;
/** The next request starts when this one has completed; it is cancelled if this one fell short. */
export const IOSQE_IO_LINK = 4;
/** The next request starts when this one has completed, however. */
export const IOSQE_IO_HARDLINK = 8;

/** The longest len of a request. */
export const REQUEST_LEN_MAX = 0xffffffff;
