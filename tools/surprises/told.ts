// What docs/surprises.md tells in words: ten things about pages that travel by reference.
//
// Interface: INTRODUCTION, SURPRISES, Surprise. What the runs print comes from the model.

/** One story. */
export interface Surprise {
  readonly title: string;
  /** The scenario of litmus/ that shows it. */
  readonly scenario: string;
  readonly text: string;
}

export const INTRODUCTION = `# Eleven surprises

Each is a run that anyone can repeat: on the model with the command or the token below it, and on this machine's kernel with
\`npx splicelab kernel FILE\`. Where file systems differ, the line *Elsewhere* says how; it comes from the same scenario.`;

export const SURPRISES: readonly Surprise[] = [
  {
    title: "What is in the pipe is not yours yet",
    scenario: "splice/pwrite-is-seen",
    text: `\`splice\` from a file puts a reference to the page-cache page into the pipe and copies nothing. Until somebody reads the pipe
the bytes are still the file's, and whoever writes to the file writes to the pipe. This is what Samba met in 2023: a client's
later write went out in the reply to an earlier read.`,
  },
  {
    title: "Two readers of the same bytes disagree",
    scenario: "tee/readers-disagree",
    text: `\`tee\` copies references, so one page stands in two pipes. The first reader takes the old bytes, a write comes, the second
takes the new ones; neither has done anything wrong, and no length, checksum of the pipe or return value tells them apart.`,
  },
  {
    title: "Half a message changes while it waits",
    scenario: "socket/half-received-then-write",
    text: `A spliced page that waits in a socket's queue is the file's page as well. A receiver that takes its message in two reads can
get one half from before a write and the other from after it.`,
  },
  {
    title: "Truncation writes zeros into the pipe",
    scenario: "truncate/tail-is-zeroed-in-place",
    text: `A page that is cut off leaves the file and keeps its bytes for those who hold it. The page with the new end stays, and what
lies behind the end is zeroed in place: the reader of the pipe gets as many bytes as were spliced, the last of them zeros that
nobody ever wrote.`,
  },
  {
    title: "A large folio is zeroed far behind the page",
    scenario: "truncate/large-folio-zeroes-behind-page",
    text: `With folios of more than one page the zeros go to the end of the *folio*. Whole pages that were spliced become zeros,
although with single pages they would have been detached and kept. The size of a folio depends on how the file was written.`,
  },
  {
    title: "Freeing what was sent destroys it",
    scenario: "punch/exactly-the-spliced-pages",
    text: `A program splices a part of a file and punches a hole exactly there, to free what it has handed on. If the folio reaches
beyond the hole it stays and is zeroed in place: the receiver reads zeros. A hole over the whole folio would have detached it, and the
receiver would have got its data.`,
  },
  {
    title: "A write makes a datagram disappear",
    scenario: "socket/udp-more-loses-what-changes",
    text: `A page that is spliced into a UDP socket is shared until it is received. Over loopback a message needs no checksum, so a
later write is simply received. But one that \`MSG_MORE\` begins, as does a \`sendfile\` that asks for more than the file has, gets a checksum, from
each page when that is added: after a write the receiver's kernel finds it wrong, and drops the message without a word. \`FIONREAD\` before the write would have
kept it, for what was compared once is not compared again; \`MSG_PEEK\` would not.`,
  },
  {
    title: "No system call is needed",
    scenario: "mmap/shared-store-is-seen",
    text: `A page that is mapped shared and writable changes with a plain store: no system call, no lock, and once it is mapped not even a
fault. A policy that only looks at writes misses this one; it has to take the right to write from the page table entries when it
marks the page.`,
  },
  {
    title: "A hole is a page, or it is not",
    scenario: "splice/hole-then-write",
    text: `Splicing a hole of ext4, xfs or btrfs makes a zeroed page of the file and shares it: a later write is seen in the pipe. tmpfs
puts the one zero page of the machine there, which no file owns: the reader gets zeros whatever is written.`,
  },
  {
    title: "One byte fills a pipe",
    scenario: "poll/one-byte-slots-fill",
    text: `A pipe counts slots, not bytes. A splice of one byte takes a slot, and a ring of one slot is full then, 4095 bytes short of
what its size says.`,
  },
  {
    title: "Zero bytes between nowhere and nowhere is fine",
    scenario: "errno/splice-zero-length-first",
    text: `\`splice\` of length 0 returns 0 before it looks at anything: descriptors that are not open and flags that do not exist included.
\`tee\` checks its flags first.`,
  },
];
