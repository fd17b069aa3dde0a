// The named policies in the words of someone who would have to build them.
//
// Interface: Mechanism, MECHANISMS.

import type { PolicyName } from "./policies.js";

/** What a kernel with a policy does. */
export interface Mechanism {
  /** What is marked, and when the mark goes away. */
  readonly marks: string;
  /** Who copies what, and when. */
  readonly copies: string;
  /** Who waits for whom. */
  readonly waits: string;
  /** What callers and consumers see. */
  readonly sees: string;
}

/** The mechanism of each policy. */
export const MECHANISMS: Readonly<Record<PolicyName, Mechanism>> = {
  linux: {
    marks: "nothing",
    copies: "nobody",
    waits: "nobody",
    sees: "consumers get the bytes as they are when they are consumed",
  },
  copy: {
    marks: "nothing",
    copies: "splice, each page that it puts into a slot",
    waits: "nobody",
    sees: "consumers get the bytes of the time of the splice",
  },
  "sink-copy": {
    marks: "nothing",
    copies: "who sends a slot: splice and sendfile into a socket or a wire, each page",
    waits: "nobody",
    sees: "what is in a pipe changes; what was sent does not, and a retransmission has the same bytes",
  },
  steal: {
    marks: "nothing",
    copies:
      "splice, under the folio lock, each page that has other holders than cache, buffer heads and its own " +
      "batch, or that is part of a large folio",
    waits:
      "nobody but for the disk: a dirty page is written first, and the next access reads it back",
    sees: "consumers get the bytes of the time of the splice; the file's next reader pays a fault",
  },
  stable: {
    marks: "slots and splice batches are counted on the folio, under its lock",
    copies: "nobody",
    waits:
      "write, a splice into the file and truncate's tail, before they lock the folio, for the last outside " +
      "reference: for ever, if a pipe keeps the page",
    sees: "consumers get the bytes of the time of the splice; writers may hang in an uninterruptible sleep",
  },
  "stable-io": {
    marks: "frags are counted on the folio, under its lock, from the step that sends the slot",
    copies: "nobody",
    waits:
      "as stable, but for frags alone: until the card has its acknowledgement, on loopback until the receiver has received",
    sees: "what is in a pipe changes; what was sent does not, and a retransmission has the same bytes",
  },
  cow: {
    marks:
      "slots, splice batches and frags are counted on the folio; marked while the count is above zero; " +
      "the step that counts also takes the right to write from page tables",
    copies:
      "write, a splice into the file, a store's fault, and what truncate and punch zero, under the folio lock, " +
      "a marked folio whole",
    waits: "nobody but for the folio lock",
    sees: "consumers get the bytes of the time of the splice",
  },
  "cow-mail": {
    marks: "splice sets one flag; the put that leaves _refcount at 1 clears it",
    copies:
      "as cow, and once more than needed after each splice of a folio whose flag nothing clears",
    waits: "nobody but for the folio lock",
    sees: "consumers get the bytes of the time of the splice",
  },
  "cow-nolock": {
    marks: "as cow, but not under the folio lock",
    copies: "as cow",
    waits: "nobody",
    sees: "a consumer may get bytes that were written after the splice",
  },
  "cow-lostflag": {
    marks:
      "splice counts and sets a flag; who reads a count of zero clears the flag when its call ends",
    copies: "as cow, where the flag is set",
    waits: "nobody but for the folio lock",
    sees: "a consumer may get bytes that were written after the splice",
  },
  "cow-nopte": {
    marks: "as cow, but page tables keep the right to write",
    copies: "as cow, but no store through such an entry",
    waits: "nobody but for the folio lock",
    sees: "a consumer may get bytes that were stored after the splice",
  },
};
