// What docs/variants.md tells in words: what the flag needs, and the policies that leave one of it out.
//
// Interface: INTRODUCTION, READING, VARIANTS, Variant, SAFE_TOO, PRICED. The numbers and schedules come from the model: quoted.ts.

/** A policy that is `cow` without one thing. */
export interface Variant {
  readonly policy: string;
  /** What it gets wrong, as a heading. */
  readonly title: string;
  /** The scenario of litmus/ that shows it. */
  readonly scenario: string;
  /** What it does differently, and what comes of it. */
  readonly text: string;
  /** It keeps the snapshot and only costs too much. */
  readonly safe?: true;
}

/** What is asked for, and what it needs. */
export const INTRODUCTION = `# What the flag of the mail needs

The mail ("copy on write for splice() from file to pipe?", 9 February 2023) asks:

> Maybe the splice from the page cache to the pipe could set IOMAP_F_SHARED, while incrementing the refcount and the
> network driver could remove it again when the refcount reaches 1 again.

\`IOMAP_F_SHARED\` is about an extent (\`struct iomap\`); what is meant here is a flag on the folio in the page cache. Who is
about to change a flagged folio (a write, a splice into the file, truncate's tail, the edge of a punched hole, a write
fault) puts a copy of it, the whole folio, into the page cache first, under the folio lock, and changes the copy. The
consumer of a slot then gets the bytes of the time of the splice (P1 in [properties.md](properties.md)) if

1. the flag follows the references from **outside** the page cache (slots, splice batches, frags), not \`_refcount\`;
2. it is set in the step that takes the slot's reference, **under the folio lock**;
3. it is cleared in the step that **drops the last** such reference, whoever does that;
4. the step that sets it also **write-protects** every page table entry that maps the folio.

The policy \`cow\` does all four: a count of outside references, which is the flag while it is above zero. Each variant
below is \`cow\` without one of them. The first is a matter of price, the others are of correctness.`;

/** Behind the table. */
export const READING = `Counted are the distinct final outcomes that keep the snapshot, and those that break it. *Complete* means: every
interleaving of the scenario's steps ([steps.md](steps.md)) under this policy, on the profile 6.18/ext4. It is no proof
for another scenario. Steps are sequentially consistent and copies atomic (\`tear off\`): which barriers the flag needs,
this page does not tell. No kernel has these policies; what is compared with Linux is \`linux\`, on which they are built.

A *minimal* witness has the fewest preemptions of all schedules to its outcome, and the fewest steps among those. What
the commands print is quoted without the line \`Time\` and without the token, which stands below. In the scenarios of 2 to 4 the file is 0x11 at first.`;

/** In the order of what they leave out. */
export const VARIANTS: readonly Variant[] = [
  {
    policy: "cow-mail",
    title: "the flag follows `_refcount`",
    scenario: "flag-stays",
    safe: true,
    text: `Splice sets one flag, and the put that leaves \`_refcount\` at 1 clears it: the mail's words. This is safe, since an outside
reference keeps \`_refcount\` above 1. But 1 is the baseline of an order-0 folio without private data only: the page cache
holds one reference for each page of a folio, buffer heads hold one more, and so does each page table entry. A folio that
ext4 has written keeps its flag when the pipe is empty again, and the next write copies it although nobody outside holds
it. The copy is a new folio without a flag, so the price is one needless copy of the folio for each splice that a write
follows, not for each write. Here, on ext4, that is what \`copy\` pays, which copies in splice.`,
  },
  {
    policy: "cow-nolock",
    title: "the flag is not set under the folio lock",
    scenario: "reference-slips-in",
    text: `The step that puts the folio into a slot does not wait for the folio lock. A writer looks at the flag and stores in two
steps, and holds the folio lock across both. The slot's reference and its flag come in between: the writer has seen no
flag and changes the page in place, behind the slot.`,
  },
  {
    policy: "cow-lostflag",
    title: "the flag is cleared after the count was dropped",
    scenario: "flag-cleared-late",
    text: `Beside the count there is a flag, and writers look at the flag. Who drops the count to zero clears the flag in a later step
(\`unmark\`) without a second look at the count. A splice comes in between: it counts one and sets the flag that is still
set, the late step clears it, and the next write changes the page in place. The drop and the clearing have to be one
atomic operation, with flag and count in one word. The folio lock is no way out: the last put may be a network driver's,
in a context that cannot sleep.`,
  },
  {
    policy: "cow-nopte",
    title: "page tables keep the right to write",
    scenario: "store-after-splice",
    text: `The step that sets the flag leaves page table entries alone. The page was stored to before the splice, so its entry is
writable: the next store makes no call and meets no fault, and nobody looks at the flag. Under \`cow\` the entries are
write-protected as \`folio_mkclean()\` does it for write-back; the store faults, and the fault replaces the folio.`,
  },
];

/** Scenarios that the safe variant is explored on as well. */
export const SAFE_TOO = [
  "mail-race",
  "wire-late",
  "reference-slips-in",
  "flag-cleared-late",
  "store-after-splice",
] as const;

/** What the price of the safe variant is compared with: policy, profile, and what the profile is. */
export const PRICED = [
  ["cow-mail", "6.18/ext4", "large folio, buffer heads"],
  ["cow-mail", "6.18/ext4,private=none", "large folio"],
  ["cow-mail", "6.18/ext4,folios=single", "single pages, buffer heads"],
  ["cow-mail", "6.18/tmpfs", "single pages"],
  ["cow", "6.18/ext4", "large folio, buffer heads"],
  ["copy", "6.18/ext4", "large folio, buffer heads"],
] as const;
