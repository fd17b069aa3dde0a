// The kernel's own pipes, files and folios beside those of the model, at one moment between two calls.
//
// Interface: momentDifferences, allowedRefs, triedToDrop, dropsFolios, mappedIn, Origin, originOf.
// Compared, for all that a descriptor leads to: the counters of each ring, what each slot says, which pages are cached, which
// of them all lie in one folio (identity is a partition: numbers differ), and each folio's order, private data and
// references. The law of references, observed on Linux 6.18:
//   _refcount = cached pages + private data + slots + frags of sockets + page table entries
//               + 1 while a small folio waits for its place in the list of least recently used ones (PG_lru is clear)
//               + 1 while one that a call tried to drop waits to be moved within it (mm/swap.c:folio_rotate_reclaimable()).
// Shared anonymous memory is a file without a name: its pages are cached as long as something of it is mapped.
// The kernel maps more than was touched (fault-around), so the entries that the kernel counts are taken as they are,
// if they are not fewer than the model's.
// A cached page that is not up to date is none where the model has none: the kernel keeps a place there that reads as a hole.
// Nor is one that the kernel has mapped around another: it does not leave the cache. Nor is a clean one of a file with two descriptions:
// the model has no asynchronous readahead (mm/readahead.c:page_cache_async_ra()).
// Not compared: dirty, since the kernel writes back when it likes; files without a descriptor; pages behind PAGES_SEEN_MAX.

import { callsOf } from "../language/program.js";
import type { Program } from "../language/program.js";
import type { SyscallName } from "../language/syscalls.js";
import type { Outcome } from "../trace/outcome.js";
import type { FolioSeen, PipeSeen, SlotSeen, Snapshot } from "../trace/snapshot.js";
import { PAGES_SEEN_MAX } from "../trace/snapshot.js";
import type {
  FileView,
  FolioView,
  InodeView,
  MappingView,
  PipeView,
  SlotView,
  World,
} from "../trace/world.js";
import type { Difference } from "./conform.js";
import { folioAt } from "./frames.js";

/** Entries of page tables that map a folio, in the model. */
export const mappedIn = (world: World, folio: FolioView): number =>
  world.mappings
    .flatMap(({ mapped }) => mapped)
    .filter(({ frame }) => folioAt(world, frame)?.frame === folio.frame).length;

/** What a slot's page, or a cached one, may be: of a file, of memory, or of nobody else. */
export type Origin = "file" | "memory" | "pipe";

/** Where a slot's page comes from. */
export const originOf = (kind: SlotSeen["kind"]): Origin =>
  kind === "pagecache" ? "file" : kind === "user" ? "memory" : "pipe";

/** Whether a call has tried to let folios of files go, up to a moment. */
export const triedToDrop = (program: Program, { results }: Outcome, moment: number): boolean => {
  const calls = callsOf(program);
  return results.some(
    ({ call, startedAt = -1 }) =>
      startedAt >= 0 && startedAt < moment && dropsFolios(calls[call]!.syscall),
  );
};
/** Whether a call lets folios of files go that are clean and that nobody holds. */
export const dropsFolios = (name: SyscallName): boolean =>
  name === "posix_fadvise" || name === "drop_caches";

/** The reference counts that the model allows a folio of which the kernel has these entries and flags. `tried`: triedToDrop. */
export function allowedRefs(
  world: World,
  folio: FolioView,
  seen: FolioSeen,
  { origin, tried }: { readonly origin: Origin; readonly tried: boolean },
): number[] {
  const refs = folio.refs - mappedIn(world, folio) + seen.mapped;
  const moves = !seen.lru || (tried && origin === "file");
  const mayWait = origin !== "pipe" && seen.order === 0 && moves;
  const unnamed = origin === "memory" ? unnamedCached(world, folio) : [0];
  const waiting = unnamed.flatMap((more) => (mayWait ? [more, more + 1] : [more]));
  return [...new Set(waiting)].map((more) => refs + more).sort((a, b) => a - b);
}

/** References of the cache to a page of memory: one if the memory is shared, none if it is private; of a page that nothing
 *  maps any longer the model does not know what it was. */
function unnamedCached(world: World, folio: FolioView): number[] {
  const mapped = world.mappings.filter(({ mapped }) =>
    mapped.some(({ frame }) => folioAt(world, frame) === folio),
  );
  if (mapped.length === 0) return [0, 1];
  return [mapped.some(isUnnamed) ? 1 : 0];
}

/** Shared memory of no file. */
const isUnnamed = ({ inode, shared }: MappingView): boolean => inode === undefined && shared;

/** All differences of one moment; `when`: "after client:s", `tried`: triedToDrop. */
export function momentDifferences(
  when: string,
  seen: Snapshot,
  world: World,
  tried: boolean,
): Difference[] {
  return new Moment(when, seen, world, tried).differences();
}

class Moment {
  readonly #found: Difference[] = [];
  /** Kernel's identities and the model's numbers, both ways: of pipes, inodes and folios. */
  readonly #pairs = new Map<string, bigint | string>();
  readonly #judged = new Set<bigint>();

  constructor(
    readonly when: string,
    readonly seen: Snapshot,
    readonly world: World,
    readonly tried: boolean,
  ) {}

  differences(): Difference[] {
    const { files } = this.world;
    const targets = new Map(files.flatMap(({ fds, target }) => fds.map((fd) => [fd, target])));
    for (const fd of new Set([...targets.keys(), ...this.#fdsSeen()])) {
      const target = targets.get(fd);
      if (target !== undefined && ("socket" in target || "device" in target)) continue;
      if (target !== undefined && "pipe" in target) this.#pipe(fd, target.pipe);
      else this.#file(fd, target?.inode);
    }
    return this.#found;
  }

  #fdsSeen(): number[] {
    return [...this.seen.pipes, ...this.seen.files].map(({ fd }) => fd);
  }

  #say(place: string, field: string, observed: string | number, allowed: string | number): void {
    if (`${observed}` === `${allowed}`) return;
    const texts = { observed: `${observed}`, allowed: `${allowed}` };
    this.#found.push({ place: `${this.when}, ${place}`, field, ...texts });
  }

  /** Whether one identity and one number belong to each other, and to none else so far. */
  #isPair(what: string, id: bigint, number: number): boolean {
    const [a, b] = [`${what} ${id}`, `${what} number ${number}`];
    if (!this.#pairs.has(a) && !this.#pairs.has(b)) {
      this.#pairs.set(a, b);
      this.#pairs.set(b, id);
    }
    return this.#pairs.get(a) === b;
  }

  #pipe(fd: number, number: number): void {
    const seen = this.seen.pipes.find((pipe) => pipe.fd === fd);
    const pipe = this.world.pipes.find((each) => each.pipe === number);
    if (seen === undefined || pipe === undefined) {
      this.#say(`descriptor ${fd}`, "what it is", seen ? "a pipe" : "no pipe", "a pipe");
      return;
    }
    const place = `pipe ${pipe.name}`;
    if (!this.#isPair("pipe", seen.id, number))
      this.#say(`descriptor ${fd}`, "identity", "another pipe", place);
    for (const field of ["maxUsage", "readers", "writers"] as const)
      this.#say(place, field, seen[field], pipe[field]);
    if (pipe.slots.some(({ kind }) => kind === "skb")) {
      this.#bytes(place, seen, pipe);
      return;
    }
    if (pipe.hasOpenCounts) this.#say(place, "slots", seen.slots.length, pipe.slots.length);
    else
      for (const field of ["head", "tail"] as const)
        this.#say(place, field, seen[field], pipe[field]);
    if (seen.slots.length !== pipe.slots.length) return;
    for (const [i, slot] of seen.slots.entries()) this.#slot(pipe, slot, pipe.slots[i]!);
  }

  /** What is a TCP socket's own may take more slots, or fewer: only how much there is counts. */
  #bytes(place: string, seen: PipeSeen, pipe: PipeView): void {
    const sum = (slots: readonly { readonly lenBytes: number }[]): number =>
      slots.reduce((bytes, { lenBytes }) => bytes + lenBytes, 0);
    this.#say(place, "bytes", sum(seen.slots), sum(pipe.slots));
  }

  #slot({ name }: PipeView, seen: SlotSeen, slot: SlotView): void {
    const place = `pipe ${name}, slot ${slot.counter}`;
    for (const field of ["lenBytes", "flags"] as const)
      this.#say(place, field, seen[field], slot[field]);
    // Where a thread copies the linear part of an skb to, among its other copies, is nobody's business.
    const isSkb = seen.kind === "skb";
    if (isSkb && slot.kind === "default") return;
    this.#say(place, "offset", seen.offset, slot.offset);
    // The kernel has one kind for all that vmsplice finds in memory: pages of files and the zero page, too.
    const isUser = seen.kind === "user" && (slot.kind === "pagecache" || slot.kind === "zero");
    // And one kind for all that comes out of a socket.
    if (!isUser && !isSkb) this.#say(place, "kind", seen.kind, slot.kind);
    if (slot.kind === "zero") return;
    this.#page(place, seen, slot.frame, originOf(slot.kind));
  }

  #file(fd: number, number: number | undefined): void {
    const seen = this.seen.files.find((file) => file.fd === fd);
    const inode = this.world.inodes.find((each) => each.inode === number);
    if (seen === undefined || inode === undefined) {
      const texts = [seen ? "a file" : "no file", inode ? "a file" : "nothing"] as const;
      this.#say(`descriptor ${fd}`, "what it is", ...texts);
      return;
    }
    const place = inode.name === undefined ? `the nameless file ${number}` : `file ${inode.name}`;
    if (!this.#isPair("inode", seen.id, inode.inode))
      this.#say(`descriptor ${fd}`, "identity", "another file", place);
    this.#say(place, "size", seen.sizeBytes, inode.sizeBytes);
    const cached = new Map(seen.pages.map((page) => [page.index, page]));
    const end = Math.min(
      Math.max(inode.pages.length, ...[...cached.keys()].map((i) => i + 1)),
      PAGES_SEEN_MAX,
    );
    for (let index = 0; index < end; index++) {
      const page = cached.get(index);
      const frame = inode.pages[index] ?? 0;
      const at = `${place}, page ${index}`;
      if (frame === 0 && page !== undefined && this.#mayStay(page.folio, inode)) continue;
      this.#say(at, "in the page cache", page ? "yes" : "no", frame === 0 ? "no" : "yes");
      if (page !== undefined && frame !== 0) this.#page(at, page, frame, "file");
    }
  }

  /** Whether a cached page that the model has not may be there: it reads as a hole; or a fault has mapped it around its own, and
   *  what is mapped does not leave the cache; or a description has met the mark of another one's readahead, and read on. */
  #mayStay({ uptodate, mapped, dirty }: FolioSeen, { inode }: InodeView): boolean {
    if (!uptodate) return true;
    if (mapped > 0) return this.world.mappings.some((each) => each.inode === inode);
    const isOf = ({ target }: FileView): boolean => "inode" in target && target.inode === inode;
    return !dirty && this.world.files.filter(isOf).length > 1;
  }

  #page(
    place: string,
    { page, folio: seen }: { readonly page: number; readonly folio: FolioSeen },
    frame: number,
    origin: Origin,
  ): void {
    const folio = folioAt(this.world, frame);
    if (folio === undefined) throw new Error("the model's slots and files point at folios");
    if (!this.#isPair("folio", seen.id, folio.frame)) {
      const others = this.#pairs.get(`folio ${seen.id}`);
      const text = others === undefined ? "a folio of its own" : `that of ${others}`;
      this.#say(place, "folio", text, `number ${folio.frame}`);
      return;
    }
    this.#say(place, "page of the folio", page, frame - folio.frame);
    if (this.#judged.has(seen.id)) return;
    this.#judged.add(seen.id);
    this.#folio(place, seen, folio, origin);
  }

  #folio(place: string, seen: FolioSeen, folio: FolioView, origin: Origin): void {
    this.#say(place, "order of the folio", seen.order, folio.order);
    this.#say(
      place,
      "private data",
      seen.hasPrivate ? "yes" : "no",
      folio.hasPrivate ? "yes" : "no",
    );
    const mapped = mappedIn(this.world, folio);
    // MADV_DONTNEED of shared memory empties the kernel's entries; the model's are where it keeps the content.
    const isShared = origin === "memory" && unnamedCached(this.world, folio)[0] === 1;
    if (seen.mapped < mapped && !isShared)
      this.#say(place, "page table entries", seen.mapped, `${mapped} or more`);
    const allowed = allowedRefs(this.world, folio, seen, { origin, tried: this.tried });
    if (!allowed.includes(seen.refs))
      this.#say(place, "references", seen.refs, allowed.join(" or "));
  }
}
