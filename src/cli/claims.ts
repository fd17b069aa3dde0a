// The properties that splicelab speaks of, one line each; the normative text is docs/properties.md, whose
// table has the same names and says the same about what this version checks (a test holds them together).
//
// Interface: CLAIMS.

/** Each property: its name, what it says, and what this version does about it. */
export const CLAIMS = [
  {
    name: "P1 snapshot",
    text: "a consumer gets the bytes that its slot held when it took its reference",
    status: "checked: the atom `snapshot`, and in the property tests",
  },
  {
    name: "P2 tee agreement",
    text: "all consumers of one spliced range get the same bytes",
    status: "not yet",
  },
  {
    name: "P3 file coherency",
    text: "the cache holds the last completed write and page tables point at it, under every policy",
    status: "its half about page tables is checked after every step; what the cache holds is not",
  },
  {
    name: "P4 no unbounded wait",
    text: "no writer is blocked until some consumer moves",
    status:
      "explore tells who can come to wait for a slot or a frag; in the property tests nobody does, but under `stable`",
  },
  {
    name: "P5 equal retransmission",
    text: "a retransmitted frag carries the bytes first transmitted",
    status: "checked in the property tests: the two logs of a wire",
  },
  {
    name: "P6 files change only where they may",
    text: "a file changes only in steps of calls on a named list",
    status: "not yet",
  },
  {
    name: "P7 conservation",
    text: "references equal holders in every state; nothing free is used",
    status: "checked: after every step, and at the baseline after the drain",
  },
  {
    name: "P8 completion",
    text: "after its completion no consumer reads a buffer",
    status:
      "checked after every step, for the sends with MSG_ZEROCOPY of a wire and of a TCP connection",
  },
  {
    name: "P9 cookie",
    text: "a cookie that passes means snapshot",
    status: "not yet: no policy has a cookie",
  },
  {
    name: "P10 no deadlock, no lost wake-up",
    text: "some task can go on, and nobody sleeps over what it waits for",
    status:
      "the lost wake-up is checked after every step; explore tells of every deadlock and lost wake-up",
  },
] as const;
