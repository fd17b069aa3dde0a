// docs/samba.md on the two answers that need no policy: notice of the end, and a copy.
//
// Interface: ANSWERS.

import type { SambaPath } from "./path.js";

export const ANSWERS: SambaPath = {
  anchor: "answers",
  name: "Without a policy",
  text: `Reads again, by a server that splices nothing to the socket: it sends a mapping of the file, and hears of the end; or a copy.`,
  cases: [
    {
      scenario: "samba/notify",
      title: "sent from a mapping, the write begins at the completion",
      safe: true,
      alike: true,
      text: `*Said*: what is missing is a notification that the network is done with the pages; MSG_ZEROCOPY has one, for user memory (Metzmacher, Lutomirski, Axboe).
*Seen*: with it Linux needs no policy. The server maps the file, sends the mapping, and takes the completion from the error queue
(\`recvmsg(c.tx, MSG_ERRQUEUE)\`) before it lets anybody write: in every interleaving what is sent, and what is sent again, is what the file held. That
is no policy but a way to write the server: splice() has no completion, so it takes another call, and page table entries in the place of a pipe. It binds only who asks the server: another process
that writes to the file does not wait. Over loopback the completion is there at once, for the bytes are copied; no gain, but no harm.`,
    },
    {
      scenario: "samba/notify-returned",
      title: "sent from a mapping, the write begins when sendmsg has returned",
      alike: true,
      text: `*Said*: the pitfall of it: the buffer is used again too early. *Seen*: the return of the send says what the return of splice() says, that the pages
are queued. And no policy helps: each of them acts on what was spliced, and this reference is none of splice's. So a kernel with the mail's flag
would have to know of these pages, too, or the server has to wait.`,
    },
    {
      scenario: "samba/async-copy",
      title: "copied into memory, the write begins when the copy is made",
      safe: true,
      alike: true,
      text: `*Said*: copy the range with preadv2(), by a DMA engine if there is one, and send the copy with MSG_ZEROCOPY. *Seen*:
what is on the wire is the copy, sent again or not, and writers wait for the copy alone, not for the network. Here vmsplice() out of a pipe makes it, which
copies page by page as preadv2() does. It is no policy either: the one copy is the program's, and its memory may be used again at the completion.`,
    },
    {
      scenario: "samba/async-copy-races",
      title: "copied into memory, nobody orders the write",
      safe: true,
      alike: true,
      text: `*Seen*: the write comes into the copy, before it, behind it, or between its pages, as it may come into any read(). What it cannot do is to make
what is sent again differ from what was sent (P5). The client gets what a read() would have given, and the same bytes however often TCP sends them.`,
    },
  ],
};
