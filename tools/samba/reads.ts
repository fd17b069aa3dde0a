// docs/samba.md on reads: from the file through a pipe to the socket, and what was said about when a write comes.
//
// Interface: READS.

import type { SambaPath } from "./path.js";

export const READS: SambaPath = {
  anchor: "reads",
  name: "Reads",
  text: `The server splices two pages of the file into a pipe, and from there into the socket. Where there are two clients, each has a thread, a pipe and a
socket of its own; a third client writes both pages.`,
  cases: [
    {
      scenario: "samba/read-unordered",
      title: "nobody orders the write",
      text: `*Said*: without an order any result is fine, and that a write is atomic for readers was never so (Torvalds, 10 February).
*Seen*: that is so of the two pages: under every policy some outcomes have the one of before and the other of after the write. But under
Linux there is more: what a client gets changes after splice() has taken its pages, and where the card sends a frag again it may send other
bytes than before. Any result has to mean: another one for each segment, too. A policy that keeps what was spliced
takes these outcomes away. \`sink-copy\` (the copy at the destination that Torvalds proposed) keeps what was sent, segment by segment, but not what is
still in the pipe, and so does \`stable-io\` (Chinner's: writers wait while the network has the page), at the price of waiting for every client; and \`cow-nolock\` shows how it fails to: a reference that slips in between the look and the copy.`,
    },
    {
      scenario: "samba/read-returned",
      title: "the write begins when the splices have returned",
      text: `*Said*: that splice() has returned means that the pages are queued, not that they have left (Lutomirski asked for a "strict"
splice() that completes only then). *Seen*: under Linux both clients may get any mixture of before and after. This is the order that a
server gets for free, and it is not enough: here a flag that the last frag's reference clears makes the difference, and so does a copy.`,
    },
    {
      scenario: "samba/read-answered",
      title: "the write begins when both clients have received all and answered",
      safe: true,
      text: `*Said*: where the reply has arrived, the pages have left the stack (Torvalds, 10 February). *Seen*: so it is, in every interleaving, on the
model and on this kernel: [splice() needs no change](../litmus/samba/read-answered.litmus) for a server that makes writers wait for the
answers of all readers. Nobody does that to other clients' writes: this is what a lease buys.`,
    },
    {
      scenario: "samba/read-acknowledged",
      title: "the write begins when all is acknowledged",
      safe: true,
      text: `*Said*: TCP may have to send again much later, so the data must not change until the acknowledgement (Laight). *Seen*: after it, nothing
holds the pages, and nothing is sent again. A server can wait for it (\`poll()\` where the queue takes one frag, as here; on Linux \`SIOCOUTQ\`).
On loopback that is not enough: the next row.`,
    },
    {
      scenario: "samba/read-loopback",
      title: "the write begins when all is acknowledged, by clients on the same machine",
      text: `*Seen*: the receiver's queue has the very pages, and the acknowledgement comes before anybody has read them. It is the same scenario but for the word \`loopback\`
(\`--wire loopback\` says it for any): what is acknowledged is read later, as it is then. So the acknowledgement is no order that a server can rely on without
knowing where its client is. Nothing is sent again here, and the policies keep the promise, since a frag is an outside reference in whichever queue it is.`,
    },
    {
      scenario: "samba/read-failover",
      title: "the client answers on a second connection",
      text: `*Said*: the argument of the answer again. *Seen*: it does not hold with more than one connection. The first one is silent, the client
asks once more on the second, receives all and answers; the frags of the first one still hold the pages, and its card sends what a later
write has made of them. A client that takes either answer takes two contents for one request. That the reply has arrived says nothing where a client has several channels.`,
    },
  ],
};
