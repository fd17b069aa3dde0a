// The laws of the core's state, by the numbers that its check() returns (assembly/invariants.ts).
//
// Interface: LAWS, lawName, UNMODELLED, unmodelledReason.

/** What each law says; index = number - 1. */
export const LAWS: readonly string[] = [
  "references = holders: every reference of a folio has a holder (P7)",
  "the mark knows of every slot and splice batch that holds a folio of the cache",
  "a free frame is zero",
  "a used slot points at a living frame and stays inside its page; an unused one is zero",
  "the page cache and its folios agree about where they are",
  "a description has as many references as descriptors, calls and mappings that use it",
  "a pipe has as many readers and writers as open ends",
  "a sleeping task stands in one queue, and what it waits for does not hold (P10)",
  "cached bytes behind i_size are zero while nobody modifies the file",
  "a clean cached page holds what the disk holds",
  "a socket's used frags point at living frames, unused ones are zero; who splices from one has its pipe locked",
  "what is mapped, private copies apart, is what the page cache holds (P3)",
  "a file is open or has a name, and every name stands for a file",
];

/** Why a run left the model; index = reason - 1 (assembly/limits.ts). */
export const UNMODELLED: readonly string[] = [
  "the run needs more frames than the state has room for",
  "a file grows beyond 16 MiB",
  "a pipe is made larger than 1 MiB",
  "a pipe is spliced into the folio that its slot points at, at another offset: the kernel leaves the result open",
  "the folder itself is opened without O_TMPFILE",
  "a call is used in a form that is not modelled",
  "more is sent into a socket than fits into it for certain, and its memory accounting is not modelled: 32768 bytes may wait at one end, 32741 may come with one write over TCP, 17 frags may make one datagram; send less, or receive in between",
  "a write of several pages meets pages that share their place on the disk: where they lie decides about folios",
];

/** The broken law's text, or undefined for 0. */
export const lawName = (law: number): string | undefined =>
  law === 0 ? undefined : (LAWS[law - 1] ?? `law ${law}`);

/** The reason's text, or undefined for 0. */
export const unmodelledReason = (reason: number): string | undefined =>
  reason === 0 ? undefined : (UNMODELLED[reason - 1] ?? `reason ${reason}`);
