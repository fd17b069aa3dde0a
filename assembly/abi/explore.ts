// What the host and the search say to each other: how to search, and how it stands.

/** Breadth first: the first path to a state is a shortest one. */
export const ORDER_BREADTH = 0;
/** Depth first: the newest state is expanded next. */
export const ORDER_DEPTH = 1;

/** Frames that differ in their numbers alone are one. */
export const REDUCE_FRAMES = 1;
/** Threads that run the same are one, whichever bytes they write. */
export const REDUCE_THREADS = 2;
/** Of the enabled actions only as many are tried as all final states need. */
export const REDUCE_ACTIONS = 4;

/** Every state is kept and compared byte for byte. */
export const MODE_EXACT = 0;
/** Of a state only a 64-bit hash is kept: n states miss n * n / 2^65 states, as an expectation. Breadth first
 *  only, and without paths: a state is dropped when it is expanded. */
export const MODE_FINGERPRINT = 1;

/** There is more to do. */
export const STATUS_RUNNING = 0;
/** Every state that can be reached was expanded. */
export const STATUS_DONE = 1;
/** The next state does not fit the memory bound; what is known stays readable. */
export const STATUS_OUT_OF_MEMORY = 2;
/** Several workers: this one has expanded its states of the present level. */
export const STATUS_LEVEL_DONE = 3;
/** A state is larger than the search can store. */
export const STATUS_TOO_LARGE = 4;
/** What was to be resumed belongs to another machine, program or setting. */
export const STATUS_FOREIGN = 5;

/** Properties that a machine can report per action at most, one bit each. */
export const PROPERTIES = 8;
