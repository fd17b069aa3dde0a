// What docs/samba.md tells in words: Samba's two ways to use splice(), and what the mailing list said about the order of things.
//
// Interface: INTRODUCTION, READING, CASES, SambaCase, POLICIES, GAPS. The numbers and schedules come from the model: ../variants/quoted.ts.

/** An order of events, and what was said about it. */
export interface SambaCase {
  /** The scenario, below litmus/. */
  readonly scenario: string;
  readonly title: string;
  /** What was said on the lists, and what the verdicts say to it. */
  readonly text: string;
  /** Nothing goes wrong on Linux as it is. */
  readonly safe?: true;
  /** No policy makes a difference: the pages are not spliced. */
  readonly unspliced?: true;
}

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
under Linux as it is and under seven policies. Those with linked requests are the same by way of io_uring. The last four are two
answers that need no policy: notice of the end, and a copy.`;

export const READING = `A cell says in how many of the distinct final outcomes something goes wrong. *0* is a proof for this scenario: every
interleaving of its steps ([steps.md](steps.md)) on the profile 6.18/ext4, retransmissions included where the wire has them. It is none for
another scenario.`;

export const CASES: readonly SambaCase[] = [
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
  {
    scenario: "samba/linked-unordered",
    title: "two linked requests, nobody orders the write",
    text: `*Said*: Samba is to use splice() through io_uring (the mail): two IORING_OP_SPLICE, linked so that the second one starts when the first one has completed.
*Seen*: a link orders the requests of its chain, and keeps nobody out between them. For one client the outcomes are those of two calls, one for one, under every policy of this table.
What differs is around them: a request that moves less than it was asked for, as at the end of a file, cancels the rest of its chain, and what it moved
[stays in the pipe](../litmus/io_uring/short-cancels.litmus), where the next reply would begin with it, unless the chain [goes on](../litmus/io_uring/hard-link-goes-on.litmus)
with IOSQE_IO_HARDLINK. A server that calls splice() twice sees the first result, and asks for that much.`,
  },
  {
    scenario: "samba/linked-completed",
    title: "two linked requests, the write begins at their completion",
    text: `*Said*: what is wanted is an operation of io_uring that completes only when the data cannot change any more (Lutomirski). *Seen*: IORING_OP_SPLICE is none. Its completion
comes when the splice has returned in its worker, and says no more than that: the pages are queued.`,
  },
  {
    scenario: "samba/linked-acknowledged",
    title: "two linked requests, the write begins when all is acknowledged",
    safe: true,
    text: `*Seen*: as with two calls. But no completion tells of the acknowledgement: behind that of the chain the server has to ask the socket.`,
  },
  {
    scenario: "samba/linked-answered",
    title: "two linked requests, the write begins when the client has received all and answered",
    safe: true,
    text: `*Seen*: as with two calls, on the model and on this kernel.`,
  },
  {
    scenario: "samba/sign-tee",
    title: "signed over tee'd data, sent later",
    text: `*Said*: signing could read the data once through tee() and send the other end of it (Metzmacher, 9 February). *Seen*: tee() takes
references, so the read and the payload are the same pages at two times: under Linux a write between them gives a signature that does
not fit. Under every policy that keeps what was spliced it always fits; a copy at the destination comes too late for it.`,
  },
  {
    scenario: "samba/write-network",
    title: "a write request, sent from memory",
    safe: true,
    text: `*Said*: in the other direction, from the socket through a pipe into the file, the pages are used exclusively and nothing shares them (the mail).
*Seen*: so it is where the client has written from its memory, as every client on another machine has for this kernel: what is in the server's pipe is in
nobody's page cache, and the file gets what was sent or what another thread wrote after it.`,
  },
  {
    scenario: "samba/write-loopback",
    title: "a write request, sent with sendfile() on the same machine",
    text: `*Said*: the same. *Seen*: it does not hold on loopback, on this kernel either. The page of the client's file travels by reference all the way into the
server's pipe, and a write to that file changes what the server then writes to its own. The server cannot know. Every policy that keeps what was spliced, or
copies as it is sent, keeps the request as it was; \`stable-io\` does not, for when the server has taken the page out of its socket no frag holds it.`,
  },
  {
    scenario: "samba/notify",
    title: "sent from a mapping, the write begins at the completion",
    safe: true,
    unspliced: true,
    text: `*Said*: what is missing is a notification that the network is done with the pages; MSG_ZEROCOPY has one, for user memory (Metzmacher, Lutomirski, Axboe).
*Seen*: with it Linux needs no policy. The server maps the file, sends the mapping, and takes the completion from the error queue
(\`recvmsg(c.tx, MSG_ERRQUEUE)\`) before it lets anybody write: in every interleaving what is sent, and what is sent again, is what the file held. That
is no policy but a way to write the server: splice() has no completion, so it takes another call, and page table entries in the place of a pipe. It binds only who asks the server: another process
that writes to the file does not wait. Over loopback the completion is there at once, for the bytes are copied; no gain, but no harm.`,
  },
  {
    scenario: "samba/notify-returned",
    title: "sent from a mapping, the write begins when sendmsg has returned",
    unspliced: true,
    text: `*Said*: the pitfall of it: the buffer is used again too early. *Seen*: the return of the send says what the return of splice() says, that the pages
are queued. And no policy helps: each of them acts on what was spliced, and this reference is none of splice's. So a kernel with the mail's flag
would have to know of these pages, too, or the server has to wait.`,
  },
  {
    scenario: "samba/async-copy",
    title: "copied into memory, the write begins when the copy is made",
    safe: true,
    unspliced: true,
    text: `*Said*: copy the range with preadv2(), by a DMA engine if there is one, and send the copy with MSG_ZEROCOPY. *Seen*:
what is on the wire is the copy, sent again or not, and writers wait for the copy alone, not for the network. Here vmsplice() out of a pipe makes it, which
copies page by page as preadv2() does. It is no policy either: the one copy is the program's, and its memory may be used again at the completion.`,
  },
  {
    scenario: "samba/async-copy-races",
    title: "copied into memory, nobody orders the write",
    safe: true,
    unspliced: true,
    text: `*Seen*: the write comes into the copy, before it, behind it, or between its pages, as it may come into any read(). What it cannot do is to make
what is sent again differ from what was sent (P5). The client gets what a read() would have given, and the same bytes however often TCP sends them.`,
  },
];

export const GAPS = `## Not shown here

That a retransmission has other bytes and a valid checksum on a real kernel is what \`npx splicelab kernel --retransmit\` shows.`;
