// What one step of the model changed, told in the order in which it happened.
//
// Interface: Event. src/model/views.ts reads them from the core's event buffer; they are for traces,
// explanations and the picture, and are never part of the state.

import type { CallId } from "../language/program.js";
import type { SlotKind } from "./world.js";

/** Where a slot is. */
export interface SlotRef {
  readonly pipe: number;
  /** The kernel's head or tail counter of the slot. */
  readonly counter: number;
}

/** One change. */
export type Event =
  | { readonly kind: "call-start"; readonly task: number; readonly call: CallId }
  | {
      readonly kind: "call-return";
      readonly task: number;
      readonly call: CallId;
      readonly ret: number;
      readonly errno: number;
    }
  | { readonly kind: "sleep"; readonly task: number; readonly pipe: number }
  | { readonly kind: "sleep-socket"; readonly task: number; readonly socket: number }
  | { readonly kind: "wake"; readonly task: number; readonly by: number }
  | { readonly kind: "sigpipe"; readonly task: number }
  | { readonly kind: "folio-new"; readonly frame: number; readonly order: number }
  | { readonly kind: "folio-free"; readonly frame: number }
  | { readonly kind: "folio-ref"; readonly frame: number; readonly refs: number }
  | {
      readonly kind: "cache-insert" | "cache-remove" | "disk-read" | "disk-write";
      readonly inode: number;
      readonly index: number;
      readonly frame: number;
    }
  /** A page of its own, `by`, got the bytes of `frame`: for a slot, or for private memory. */
  | { readonly kind: "copy"; readonly frame: number; readonly by: number }
  /** A policy's copy on write: `by` takes the place of `frame` in the cache. */
  | { readonly kind: "replace"; readonly frame: number; readonly by: number }
  | { readonly kind: "size"; readonly inode: number; readonly sizeBytes: number }
  | {
      readonly kind: "slot-push";
      readonly slot: SlotRef;
      readonly frame: number;
      readonly offset: number;
      readonly lenBytes: number;
      readonly flags: number;
      readonly slotKind: SlotKind;
    }
  | { readonly kind: "slot-pop"; readonly slot: SlotRef }
  /** Bytes of a frame changed. */
  | {
      readonly kind: "store";
      readonly call: CallId;
      readonly frame: number;
      readonly offset: number;
      readonly lenBytes: number;
    }
  /** A consumer took bytes of a slot. `changed`: they were not what the slot held at first (P1). */
  | {
      readonly kind: "consume";
      readonly call: CallId;
      readonly slot: SlotRef;
      readonly frame: number;
      readonly offset: number;
      readonly lenBytes: number;
      readonly changed: boolean;
    }
  /** A frag came into the queue of a socket or wire. */
  | {
      readonly kind: "frag-push";
      readonly socket: number;
      readonly frame: number;
      readonly offset: number;
      readonly lenBytes: number;
      readonly slotKind: SlotKind;
    }
  /** The oldest frags of a queue were dropped with their references. */
  | { readonly kind: "frag-drop"; readonly socket: number; readonly frags: number }
  /** The oldest message of a queue has a wrong checksum, and is dropped. */
  | { readonly kind: "message-lost"; readonly socket: number }
  /** Bytes of a frag were received by a call, or transmitted: then `call` is absent. `changed` as of a slot. */
  | {
      readonly kind: "frag-consume";
      readonly call?: CallId;
      readonly socket: number;
      readonly frame: number;
      readonly offset: number;
      readonly lenBytes: number;
      readonly changed: boolean;
    };
