// docs/samba.md on writes: from the socket through a pipe to the file, and what is shared on that way.
//
// Interface: WRITES.

import type { SambaPath } from "./path.js";

export const WRITES: SambaPath = {
  anchor: "writes",
  name: "Writes",
  text: `The server splices a request of two pages from its socket into a pipe, and from there into the file. If the client sends from memory, somebody else writes to the server's file;
it goes wrong where that file has anything but the request or the other write as a whole, or the earlier of two that are ordered. If the client sends by sendfile() on the same
machine, somebody else writes to the client's file; it goes wrong where the server's file gets what was not there when it was sent. All of these run on this kernel, too, as the model allows.`,
  cases: [
    {
      scenario: "samba/write-network-unordered",
      title: "from memory, nobody orders the write to the server's file",
      safe: true,
      text: `*Said*: in the other direction, from the socket through a pipe into the file, the pages are used exclusively and nothing shares them (the mail).
*Seen*: so it is where the client has written from its memory, as every client on another machine has for this kernel: what is in the server's pipe is in
nobody's page cache, and the file gets what was sent or what another thread wrote after it. Where a client on another machine sends with sendfile(), what changes on
the way has changed there: that is [the path of a read](#reads), with the client as the server.`,
    },
    {
      scenario: "samba/write-network-sent",
      title: "from memory, the write to the server's file begins when the send has returned",
      safe: true,
      text: `*Seen*: the same two ends. The request is in the server's socket, or further; either write may be the last, and neither has anything of the other, since the second splice
is one write under the inode's lock. A request that does not fit into the pipe is several.`,
    },
    {
      scenario: "samba/write-network-received",
      title: "from memory, the write to the server's file comes between the server's two splices",
      safe: true,
      text: `*Said*: once the pages are filled in the socket's receive buffer they are not shared on the way to the file (the mail). *Seen*: so it is: the request, written behind the other write,
has nothing of it.`,
    },
    {
      scenario: "samba/write-network-answered",
      title: "from memory, the write to the server's file begins when the client has its answer",
      safe: true,
      text: `*Seen*: the request is in the file, and nothing of it is anywhere else: the other write stays.`,
    },
    {
      scenario: "samba/write-network-failover",
      title: "from memory, the client sends again and has its answer on a second connection",
      alike: true,
      text: `*Said*: the argument of the answer again. *Seen*: here it fails without any sharing. The answer is to the second request; the first one still waits in its connection, or in the server's pipe, and the server
writes it over what another client has written since. No policy can tell, for read() and pwrite() do the same: the server has to know a request again.`,
    },
    {
      scenario: "samba/write-loopback-unordered",
      title: "by sendfile() on the same machine, nobody orders the write to the client's file",
      text: `*Said*: the pages are used exclusively (the mail). *Seen*: not on loopback. The pages of the client's file travel by reference all the way into the server's pipe. \`sink-copy\` does not help where a write
comes within sendfile(), between the look at the file and the copy for the socket, nor \`stable-io\` outside of the two sockets.`,
    },
    {
      scenario: "samba/write-loopback-sent",
      title:
        "by sendfile() on the same machine, the write to the client's file begins when that has returned",
      text: `*Seen*: on this kernel, too, a write to that file changes what the server then writes to its own. The server cannot know. Every policy that keeps what was spliced, or
copies as it is sent, keeps the request as it was; \`stable-io\` does not, for when the server has taken the page out of its socket no frag holds it.`,
    },
    {
      scenario: "samba/write-loopback-received",
      title:
        "by sendfile() on the same machine, the write to the client's file begins when the server has the request in its pipe",
      text: `*Said*: pages have to be stable from a file through a pipe to another file, too (Chinner, 10 February). *Seen*: this is such a way, with two sockets in between. The frags are gone, and \`stable-io\`,
which counts no others, shows what Linux shows.`,
    },
    {
      scenario: "samba/write-loopback-answered",
      title:
        "by sendfile() on the same machine, the write to the client's file begins when the client has its answer",
      safe: true,
      text: `*Seen*: the server has copied the pages into its own file, and its pipe and its socket have let go of them: the argument of the answer holds.`,
    },
    {
      scenario: "samba/write-loopback-failover",
      title:
        "by sendfile() on the same machine, the client sends again and has its answer on a second connection",
      text: `*Seen*: the first connection still has the pages of the client's file, and a write to it changes what the server then takes for the request: one request, written twice, with two contents. What
keeps the pages where [the send has returned](#write-loopback-sent) keeps them here.`,
    },
  ],
};
