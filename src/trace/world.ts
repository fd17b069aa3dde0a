// One moment of a run on the model, as immutable data: what the page draws and what tests look at.
//
// Interface: World and its parts. src/model/views.ts makes it; nothing changes it.

import type { CallId } from "../language/program.js";

/** What a task is doing. */
export type TaskState = "ready" | "in-call" | "asleep" | "done";

/** A thread of the scenario. */
export interface TaskView {
  readonly task: number;
  readonly state: TaskState;
  /** The call it is in, or will start next; undefined when done. */
  readonly call?: CallId;
  /** Whether it has a step that could run now. */
  readonly enabled: boolean;
  /** The kind of the next step inside the call, as in docs/steps.md: "enter", "lock", "push" … */
  readonly phase: string;
  /** The folio of which it waits until nobody outside the page cache holds it (policy `stable`). */
  readonly waitsFor?: number;
}

/** A folio that somebody holds. Frames are numbered from 1. */
export interface FolioView {
  /** Number of its first frame. */
  readonly frame: number;
  /** It has 1 << order frames, numbered onwards from `frame`. */
  readonly order: number;
  /** Reference count. */
  readonly refs: number;
  /** References from outside the page cache, where the policy counts them. */
  readonly outside: number;
  /** The policy's flag is set, where it has one beside or instead of the count. */
  readonly flagged?: boolean;
  readonly dirty: boolean;
  /** Buffer heads are attached: one of the references. */
  readonly hasPrivate: boolean;
  /** The task that holds the folio lock, or undefined. */
  readonly lockedBy?: number;
  /** Where the page cache holds it: undefined once it is detached, and for pages of a pipe. */
  readonly cachedAt?: { readonly inode: number; readonly index: number };
  /** One value per cell, all frames in order. */
  readonly cells: Uint8Array;
}

/** A file. */
export interface InodeView {
  readonly inode: number;
  /** Its name in the scenario's folder; undefined for O_TMPFILE. */
  readonly name?: string;
  readonly sizeBytes: number;
  /** The frame cached for each page, 0 for none; up to the last one cached. */
  readonly pages: readonly number[];
  /** The task that holds i_rwsem. */
  readonly lockedBy?: number;
}

/** An open file description. */
export interface FileView {
  readonly file: number;
  readonly target:
    | { readonly inode: number }
    | { readonly pipe: number; readonly end: "r" | "w" | "rw" }
    /** Index into World.sockets: an end of a socket, or a wire. */
    | { readonly socket: number }
    | { readonly device: "null" | "zero" };
  readonly flags: number;
  readonly positionBytes: number;
  /** Descriptors that name it. */
  readonly fds: readonly number[];
}

/** What a slot's page is. */
export type SlotKind = "anon" | "pagecache" | "default" | "zero" | "user" | "skb";

/** One used slot of a pipe's ring. */
export interface SlotView {
  /** Its number since the ring was made: the kernel's head or tail counter. */
  readonly counter: number;
  /** The frame it points at; 0 is the zero page. */
  readonly frame: number;
  readonly offset: number;
  readonly lenBytes: number;
  readonly flags: number;
  readonly kind: SlotKind;
  /** The cells it held when it took its reference; undefined where nobody asked for P1. */
  readonly expected?: Uint8Array;
}

/** A pipe. */
export interface PipeView {
  readonly pipe: number;
  readonly name: string;
  readonly head: number;
  readonly tail: number;
  readonly maxUsage: number;
  readonly readers: number;
  readonly writers: number;
  readonly slots: readonly SlotView[];
  /** How many slots the kernel has pushed is open: it may have put some of them together, or apart. */
  readonly hasOpenCounts?: true;
  readonly readWaiters: readonly number[];
  readonly writeWaiters: readonly number[];
  /** The task that holds the mutex. */
  readonly lockedBy?: number;
}

/** One frag of a socket's queue. */
export interface FragView {
  readonly frame: number;
  readonly offset: number;
  readonly lenBytes: number;
  readonly kind: SlotKind;
  /** It is the last one of its skb. */
  readonly ends: boolean;
  /** It has no bytes: it is the checksum of the frags behind it. */
  readonly sums: boolean;
  /** The cells that its slot held when that took its reference; undefined where nobody asked for P1. */
  readonly expected?: Uint8Array;
}

/** An end of a socket with what was sent to it, or a wire with what waits to be sent or acknowledged. */
export interface SocketView {
  readonly socket: number;
  /** "s.a", "w". */
  readonly name: string;
  /** The oldest first. */
  readonly frags: readonly FragView[];
  /** Bytes of them that were received; a wire's frags leave its queue whole. */
  readonly receivedBytes: number;
  /** Of a wire: frags that were transmitted, and the bytes that were, as they were sent first and last. Over loopback: frags that have
   *  arrived, and the bytes that were received. */
  readonly wire?: {
    readonly sentFrags: number;
    readonly first: Uint8Array;
    readonly last: Uint8Array;
  };
  /** No more comes, or nothing can be sent; both where the other end is closed. */
  readonly receivesNoMore: boolean;
  readonly sendsNoMore: boolean;
  readonly waiters: readonly number[];
  /** The task that holds the receive mutex. */
  readonly lockedBy?: number;
}

/** A page that somebody has mapped. */
export interface MappedPage {
  /** Page of the mapping, from 0. */
  readonly page: number;
  readonly frame: number;
  /** Whether a store meets no fault. */
  readonly writable: boolean;
  /** A private copy or anonymous memory; else the page of the file. */
  readonly isCopy: boolean;
}

/** A mapping of a file, or anonymous memory. */
export interface MappingView {
  /** The mmap call that made it. */
  readonly call: CallId;
  /** Undefined for anonymous memory. */
  readonly inode?: number;
  readonly shared: boolean;
  /** Its page table entries, empty ones left out. */
  readonly mapped: readonly MappedPage[];
}

/** Something that the kernel could do on its own now. */
export interface BackgroundView {
  /** Its number among the actions, behind those of the threads. */
  readonly action: number;
  /** "nic w", "writeback of page 0 of f". */
  readonly name: string;
  /** The name of its step, as in docs/steps.md: "transmit". */
  readonly step: string;
}

/** One moment. */
export interface World {
  /** Bytes per cell. */
  readonly gridBytes: number;
  readonly tasks: readonly TaskView[];
  readonly background: readonly BackgroundView[];
  readonly folios: readonly FolioView[];
  readonly inodes: readonly InodeView[];
  readonly files: readonly FileView[];
  readonly pipes: readonly PipeView[];
  readonly sockets: readonly SocketView[];
  readonly mappings: readonly MappingView[];
}
