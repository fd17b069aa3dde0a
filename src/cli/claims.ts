// The properties that a scenario or a test can ask for; the normative text is docs/properties.md.
//
// Interface: CLAIMS.

/** Each property with its one line. */
export const CLAIMS = [
  {
    name: "P1 snapshot",
    text: "a consumer gets the bytes that its slot held when it took its reference",
  },
  { name: "P2 tee agreement", text: "all consumers of one spliced range get the same bytes" },
  {
    name: "P3 file coherency",
    text: "the cache holds the last completed write, under every policy",
  },
  { name: "P4 no unbounded wait", text: "no writer is blocked until some consumer moves" },
  { name: "P5 retransmission", text: "a retransmitted frag carries the bytes first transmitted" },
  { name: "P6 named modifiers", text: "a file changes only in steps of calls on a named list" },
  {
    name: "P7 conservation",
    text: "references equal holders in every state; nothing free is used",
  },
  { name: "P8 completion", text: "after its completion no consumer reads a buffer" },
  { name: "P9 cookie", text: "a cookie that passes means snapshot" },
  { name: "P10 progress", text: "no deadlock, no lost wake-up" },
] as const;
