// The tree of a text as its author wrote it: names are names, numbers keep their place.
//
// Interface: Ast and its parts. `parse` makes it from any text; `check` turns it into a Program.

import type { Span } from "./diagnostic.js";
import type { SocketKind } from "./socket-kinds.js";

/** A word of the text. */
export interface Word extends Span {
  readonly text: string;
}

/** `thread:name`. */
export interface Qualified extends Span {
  readonly thread: Word;
  readonly name: Word;
}

/** The smallest part of an expression. */
export type Atom =
  | (Span & { readonly kind: "number"; readonly value: bigint })
  | (Span & { readonly kind: "ref"; readonly name: string })
  | (Span & { readonly kind: "end"; readonly pipe: string; readonly end: string })
  | (Span & { readonly kind: "qualified" } & Qualified)
  | (Span & { readonly kind: "null" });

export type Operator = "|" | "+" | "*";

/** Atoms with an operator between each two: `O_RDWR | O_CREAT`, `0x1f * 4096`, `p.r`. */
export interface Expr extends Span {
  readonly kind: "expr";
  readonly atoms: readonly Atom[];
  readonly operators: readonly Operator[];
}

/** What stands as an argument, as content or right of a comparison. */
export type Value =
  | Expr
  | (Span & { readonly kind: "text"; readonly text: string; readonly bytes: Uint8Array })
  /** `0..2`, both ends in it. */
  | (Span & { readonly kind: "range"; readonly low: bigint; readonly high: bigint })
  | (Span & { readonly kind: "hex"; readonly bytes: Uint8Array })
  | (Span & { readonly kind: "hole" | "fault"; readonly length: Expr })
  | (Span & { readonly kind: "group"; readonly pieces: readonly Value[] })
  /** `["abc", 0x1f * 100]`, the segments of a vector; also strace's `[0]`, a pointer to a number. */
  | (Span & { readonly kind: "vector"; readonly segments: readonly Value[] });

export interface FileNode extends Span {
  readonly name: Word;
  readonly pieces: readonly Value[];
  readonly folioOrder?: Span & { readonly value: bigint };
}

export interface PipeNode extends Span {
  readonly name: Word;
  readonly flags?: Expr;
  readonly size?: Expr;
}

/** `background writeback`. */
export interface BackgroundNode extends Span {
  readonly name: Word;
}

export interface SocketNode extends Span {
  readonly name: Word;
  readonly kind: SocketKind;
  readonly flags?: Expr;
}

export interface WireNode extends Span {
  readonly name: Word;
  /** Where `loopback` stands. */
  readonly loopback?: Span;
  readonly frags?: Expr;
  /** Where `retransmit` stands. */
  readonly retransmit?: Span;
}

export interface ResultNode extends Span {
  readonly ret: bigint;
  readonly errno?: Word;
}

/** What a call waits for. */
export interface After extends Qualified {
  /** Where `notif` stands: it is the notification that is waited for. */
  readonly notif?: Span;
}

export interface CallNode extends Span {
  readonly afters: readonly After[];
  readonly label?: Word;
  readonly register?: Word;
  readonly callee: Word;
  readonly args: readonly Value[];
  readonly result?: ResultNode;
}

export interface ThreadNode extends Span {
  readonly name: Word;
  /** It begins with `chain`. */
  readonly isChain: boolean;
  readonly flags?: Expr;
  readonly calls: readonly CallNode[];
}

/** The left side of a comparison, or a location. */
export type PlaceNode = Span &
  (
    | { readonly kind: "name"; readonly name: string }
    | { readonly kind: "path"; readonly name: string }
    | ({ readonly kind: "qualified" } & Qualified)
    | { readonly kind: "end"; readonly pipe: string; readonly end: string }
  );

export type PropNode = Span &
  (
    | { readonly kind: "true" | "snapshot" }
    | { readonly kind: "not"; readonly prop: PropNode }
    | { readonly kind: "and" | "or"; readonly props: readonly PropNode[] }
    | {
        readonly kind: "compare";
        readonly place: PlaceNode;
        readonly equal: boolean;
        readonly value: Value;
      }
  );

export interface QuestionNode extends Span {
  readonly quantifier: "exists" | "~exists" | "forall";
  readonly prop: PropNode;
}

/** A text without syntax errors. */
export interface Ast {
  readonly headers: readonly (Span & { readonly name: Word; readonly doc: readonly string[] })[];
  readonly files: readonly FileNode[];
  readonly pipes: readonly PipeNode[];
  readonly backgrounds: readonly BackgroundNode[];
  readonly sockets: readonly SocketNode[];
  readonly wires: readonly WireNode[];
  readonly threads: readonly ThreadNode[];
  readonly questions: readonly QuestionNode[];
  readonly filters: readonly (Span & { readonly prop: PropNode })[];
  readonly locations: readonly (Span & { readonly places: readonly PlaceNode[] })[];
}
