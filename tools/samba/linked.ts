// docs/samba.md on linked requests: the reads by way of io_uring.
//
// Interface: LINKED.

import type { SambaPath } from "./path.js";

export const LINKED: SambaPath = {
  anchor: "linked",
  name: "Linked requests",
  text: `The two splices of a read as two linked IORING_OP_SPLICE requests, for one client.`,
  cases: [
    {
      scenario: "samba/linked-unordered",
      title: "nobody orders the write",
      text: `*Said*: Samba is to use splice() through io_uring (the mail): two IORING_OP_SPLICE, linked so that the second one starts when the first one has completed.
*Seen*: a link orders the requests of its chain, and keeps nobody out between them. For one client the outcomes are those of two calls, one for one, under every policy of this table.
What differs is around them: a request that moves less than it was asked for, as at the end of a file, cancels the rest of its chain, and what it moved
[stays in the pipe](../litmus/io_uring/short-cancels.litmus), where the next reply would begin with it, unless the chain [goes on](../litmus/io_uring/hard-link-goes-on.litmus)
with IOSQE_IO_HARDLINK. A server that calls splice() twice sees the first result, and asks for that much.`,
    },
    {
      scenario: "samba/linked-completed",
      title: "the write begins at their completion",
      text: `*Said*: what is wanted is an operation of io_uring that completes only when the data cannot change any more (Lutomirski). *Seen*: IORING_OP_SPLICE is none. Its completion
comes when the splice has returned in its worker, and says no more than that: the pages are queued.`,
    },
    {
      scenario: "samba/linked-answered",
      title: "the write begins when the client has received all and answered",
      safe: true,
      text: `*Seen*: as with two calls, on the model and on this kernel.`,
    },
    {
      scenario: "samba/linked-acknowledged",
      title: "the write begins when all is acknowledged",
      safe: true,
      text: `*Seen*: as with two calls. But no completion tells of the acknowledgement: behind that of the chain the server has to ask the socket.`,
    },
    {
      scenario: "samba/linked-loopback",
      title: "the write begins when all is acknowledged, by a client on the same machine",
      text: `*Seen*: as with two calls, on the model and, by a TCP connection over loopback, on this kernel: when the chain has completed nothing is left to be acknowledged (SIOCOUTQ is 0),
and a client that reads later gets the later write.`,
    },
    {
      scenario: "samba/linked-failover",
      title: "the client answers on a second connection",
      text: `*Seen*: as with two calls. The first chain has completed long ago; the client's answer is to the second one. Neither tells that the frags of the first connection
still hold the pages, and they are sent as a later write has made them.`,
    },
  ],
};
