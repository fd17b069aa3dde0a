// What docs/samba.md tells in words: Samba's ways to use splice(), and what the mailing list said about the order of things.
//
// Interface: INTRODUCTION, READING, PATHS, POLICIES, GAPS. The numbers and schedules come from the model: ../variants/quoted.ts.

import { ANSWERS } from "./answers.js";
import { LINKED } from "./linked.js";
import type { SambaPath } from "./path.js";
import { READS } from "./reads.js";
import { SIGNING } from "./signing.js";
import { WRITES } from "./writes.js";

/** Under which the scenarios are explored; the first one is Linux as it is. */
export const POLICIES = [
  "linux",
  "copy",
  "sink-copy",
  "steal",
  "stable",
  "stable-io",
  "cow",
  "cow-nolock",
] as const;

export const INTRODUCTION = `# Samba's paths, order by order

A read request that Samba serves with splice() takes pages of the file into a pipe, and from there into the socket; nothing is
copied. The mail of February 2023 asks what a client gets if another client writes to the file meanwhile. The answers on the lists
turn on **when** the write comes. Here each order is a scenario of two pages, with as many clients as it needs, explored to the end
under Linux as it is and under seven policies. In how many orders of a path something goes wrong:`;

export const READING = `A cell of the tables below says in how many of the distinct final outcomes something goes wrong. *0* is a proof for this scenario: every
interleaving of its steps ([steps.md](steps.md)) on the profile 6.18/ext4, retransmissions included where the wire has them. It is none for
another scenario. (The scenarios ask with \`exists\` whether it can go wrong, so \`explore\` says *Ok* where it can, and *No*, with the exit code 1, where it cannot.) Nor does it tell the price: under \`stable\` and \`stable-io\` writers wait for readers and clients, possibly without end, as \`explore\` says of each scenario. Where *on a kernel* says yes, \`npx splicelab test FILE --on kernel\` runs it on this machine, too, in the orders of its calls; what has a wire runs on the model alone, as no program sees when a network card reads a page. Each order has a run with a token: \`npx splicelab run TOKEN\` shows it again, \`npx splicelab open TOKEN\` in the page.`;

export const PATHS: readonly SambaPath[] = [READS, LINKED, SIGNING, WRITES, ANSWERS];

export const GAPS = `## Not shown here

That a retransmission has other bytes and a valid checksum on a real kernel is what \`npx splicelab kernel --retransmit\` shows. A client or a server on another
machine is a wire, which runs on the model only. The acknowledgement of the model ends all that the card does with a page; on a real one a clone of a frag that was sent again may
still stand in a queue of the card or of the qdisc when the first one is acknowledged, holds the page, and leaves later, with what the page has then: the receiver drops it as old, but who listens on the way has seen it.
A completion of MSG_ZEROCOPY waits for such clones, SIOCOUTQ does not. On one machine acknowledgements are taken to come at once (TCP_QUICKACK); Linux delays them by up to 40 ms
where a client answers, and holds the pages as long. Requests of more than two pages, and signing for two clients at once, are not here.`;
