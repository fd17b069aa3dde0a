// The calibration machine's numbers, as host and machine share them.

/** Policies, as tools/bench/spin/machine.pml numbers them. */
export const POLICY_ZEROCOPY = 0;
export const POLICY_COW = 1;
export const POLICY_COPY = 2;
export const POLICY_STEAL = 3;
export const POLICY_COWRACE = 4;
export const POLICY_COWFLAG = 5;

/** Parameters of the block that the host fills, one u32 each, in this order. */
export const PARAMETER_POLICY = 0;
/** Splicers (servers). */
export const PARAMETER_K = 1;
/** Writers. */
export const PARAMETER_W = 2;
/** Pages of the file, of a splice and of a write. */
export const PARAMETER_N = 3;
/** Pipes that tee fans out to. */
export const PARAMETER_FAN = 4;
/** 0: pipe readers; 1: sockets; 2: tee. */
export const PARAMETER_SINK = 5;
/** File readers; pages that mmap stores to; pages punched. */
export const PARAMETER_FR = 6;
export const PARAMETER_MM = 7;
export const PARAMETER_TR = 8;
/** 1: a reclaim daemon; 1: the NIC may retransmit. */
export const PARAMETER_RECLAIM = 9;
export const PARAMETER_RETX = 10;
/** Slots of a pipe and of a socket's queue. */
export const PARAMETER_RING = 11;
export const PARAMETER_SQ = 12;
/** Cells of a page. */
export const PARAMETER_CELLS = 13;
/** 1: what consumers received is part of the state. */
export const PARAMETER_LOG = 14;
export const PARAMETERS = 15;

/** Properties: snapshot isolation, conservation of references, reads that see the last write. */
export const PROPERTY_S = 0;
export const PROPERTY_R = 1;
export const PROPERTY_W = 2;
