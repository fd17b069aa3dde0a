// What docs/samba.md is made of: paths of data through Samba, each with orders of events.
//
// Interface: SambaPath, SambaCase.

/** A way that pages take, and the orders in which something else may write. */
export interface SambaPath {
  /** Its place on the page. */
  readonly anchor: string;
  readonly name: string;
  /** What the server does, who else writes, and what counts as wrong. */
  readonly text: string;
  readonly cases: readonly SambaCase[];
}

/** An order of events, and what was said about it. */
export interface SambaCase {
  /** The scenario, below litmus/. */
  readonly scenario: string;
  readonly title: string;
  /** What was said on the lists, and what the verdicts say to it. */
  readonly text: string;
  /** Nothing goes wrong on Linux as it is. */
  readonly safe?: true;
  /** No policy makes a difference: what decides is not what a spliced page holds. */
  readonly alike?: true;
}
