// One sentence that says why what came out of a pipe was not what had been put in, or why it was.
//
// Interface: explain, whyChanged.
// Found in the events of a trace: a consumer that did not get its snapshot, back to the push that put
// the page into the pipe, forward to the last store to the byte that differs. Steps count from 1.

import { callsOf } from "../language/program.js";
import type { CallId } from "../language/program.js";
import type { Event, SlotRef } from "../trace/event.js";
import type { Trace } from "../trace/trace.js";
import type { SlotKind, SlotView, World } from "../trace/world.js";
import { describeByte } from "./bytes.js";
import { whyFrag, whyLost } from "./explain-frags.js";
import { whyInPlace } from "./explain-marks.js";
import { addressOf, cellAt, folioAt } from "./frames.js";
import { callTitle, threadOf } from "./names.js";

type Push = Extract<Event, { kind: "slot-push" }>;
type Store = Extract<Event, { kind: "store" }>;
type Consume = Extract<Event, { kind: "consume" }>;
type Replace = Extract<Event, { kind: "replace" }>;

/** An event and the step, from 0, in which it happened. */
interface At<E> {
  readonly event: E;
  readonly step: number;
}

/** The sentence for a run. */
export function explain(trace: Trace): string {
  const changed = all(trace, "consume").find(({ event }) => event.changed);
  if (changed !== undefined) return why(trace, changed);
  return whyFrag(trace) ?? whyLost(trace) ?? whyNot(trace);
}

function all<K extends Event["kind"]>(trace: Trace, kind: K): At<Extract<Event, { kind: K }>>[] {
  return trace.steps.flatMap(({ events }, step) =>
    events
      .filter((event): event is Extract<Event, { kind: K }> => event.kind === kind)
      .map((event) => ({ event, step })),
  );
}

function why(trace: Trace, consume: At<Consume>): string {
  const { event } = consume;
  const { values } = trace.outcome;
  const reader = callTitle(trace.program, event.call);
  const slot = slotName(trace, event.slot, consume.step);
  const push = originOf(trace, consume);
  if (push === undefined) return `${reader} got other bytes than ${slot} had held at first.`;
  const where = differingByte(trace, push, consume);
  const store = storeBetween(trace, push, consume, where?.address);
  const got = where === undefined ? "other bytes than" : `${describeByte(where.now, values)} where`;
  const put = where === undefined ? "had put there" : `had put ${describeByte(where.then, values)}`;
  const source = `${callName(trace, push.step)}() ${put}`;
  const points = `${slot} still points at frame ${event.frame}${ofCache(trace, consume)}`;
  if (store === undefined) return `${reader} got ${got} ${source}: ${points}.`;
  return `${reader} got ${got} ${source}: ${points}, and ${changeOf(trace, push, store, "that frame")}.`;
}

/** "pwrite() in writer changed that frame in place at step 2; nothing copied it, as …". */
function changeOf(trace: Trace, push: At<Push>, store: At<Store>, what: string): string {
  const { call, frame } = store.event;
  const writer = callIn(trace, call);
  const [taken, changed] = [push.step, store.step];
  const reason = whyInPlace(trace, { frame, taken, changed, call, writer });
  return `${writer} changed ${what} in place at step ${changed + 1}${reason}`;
}

/** Who changed what a consumer took in a step, from 0, and why nothing copied it; empty where nobody did. */
export function whyChanged(trace: Trace, event: Consume, step: number): string {
  const consume = { event, step };
  const push = originOf(trace, consume);
  if (push === undefined) return "";
  const address = differingByte(trace, push, consume)?.address;
  const store = storeBetween(trace, push, consume, address);
  return store === undefined ? "" : changeOf(trace, push, store, `frame ${event.frame}`);
}

/** "pwrite() in writer": a call that is no place of the condition. */
function callIn(trace: Trace, id: CallId): string {
  const call = callsOf(trace.program)[id];
  return `${call?.syscall ?? "a call"}() in ${threadOf(trace.program, id)?.name ?? "no thread"}`;
}

/** The call of a step; -1, which no call has, where the kernel acts on its own. */
const callAt = (trace: Trace, step: number): CallId => trace.steps[step]!.call ?? -1;

const callName = (trace: Trace, step: number): string =>
  callsOf(trace.program)[callAt(trace, step)]?.syscall ?? "a call";

/** "slot 0 of pipe p". */
function slotName(trace: Trace, slot: SlotRef, step: number): string {
  const name = worldAfter(trace, step).pipes.find((pipe) => pipe.pipe === slot.pipe)?.name;
  return `slot ${slot.counter} of pipe ${name ?? slot.pipe}`;
}

const worldAfter = (trace: Trace, step: number): World =>
  step < 0 ? trace.start : trace.steps[step]!.world;

/** Where the page stands at the moment of the step: whether a file still has it. */
function ofCache(trace: Trace, { event, step }: At<Consume>): string {
  const folio = folioAt(worldAfter(trace, step), event.frame);
  return folio?.cachedAt === undefined
    ? ", which the page cache no longer holds"
    : " of the page cache";
}

/** The push that took the page from its file: behind moves and copies from pipe to pipe. */
function originOf(trace: Trace, consume: At<Consume>): At<Push> | undefined {
  const pushes = all(trace, "slot-push");
  const { frame, slot } = consume.event;
  const ofPage = (event: Push): boolean => event.frame === frame;
  // F_SETPIPE_SZ counts slots anew; the page is the same then, its slot's number is not.
  let push =
    lastBefore(pushes, consume.step, (event) => ofPage(event) && sameSlot(event.slot, slot)) ??
    lastBefore(pushes, consume.step, (event) => ofPage(event) && event.slot.pipe === slot.pipe);
  while (push !== undefined && takesFromPipe(trace, push.step)) {
    const { event, step }: At<Push> = push;
    const earlier: At<Push> | undefined = lastBefore(
      pushes,
      step - 1,
      (other) => ofPage(other) && other.slot.pipe !== event.slot.pipe,
    );
    if (earlier === undefined) return push;
    push = earlier;
  }
  return push;
}

function lastBefore<E>(
  found: readonly At<E>[],
  step: number,
  holds: (event: E) => boolean,
): At<E> | undefined {
  return found.findLast((each) => each.step <= step && holds(each.event));
}

const sameSlot = (a: SlotRef, b: SlotRef): boolean => a.pipe === b.pipe && a.counter === b.counter;

/** Whether the call of a step is a tee, or a splice whose input is a pipe. */
function takesFromPipe(trace: Trace, step: number): boolean {
  const call = callsOf(trace.program)[callAt(trace, step)];
  if (call?.syscall === "tee") return true;
  const from = call?.operands[0];
  if (call?.syscall !== "splice" || from === undefined) return false;
  if (from.kind === "pipe" || from.kind === "made-pipe") return true;
  const fd =
    from.kind === "int"
      ? Number(from.value)
      : from.kind === "result"
        ? trace.outcome.results[from.call]?.ret
        : undefined;
  const files = worldAfter(trace, step - 1).files;
  const file = files.find((each) => fd !== undefined && each.fds.includes(fd));
  return file !== undefined && "pipe" in file.target;
}

/** The first byte of what was consumed that is not what it was when it was pushed. */
function differingByte(
  trace: Trace,
  push: At<Push>,
  { event, step }: At<Consume>,
): { address: number; then: number; now: number } | undefined {
  const before = worldAfter(trace, push.step);
  const after = worldAfter(trace, step);
  const grid = before.gridBytes;
  for (let at = addressOf(event); at < addressOf(event) + event.lenBytes; at += grid) {
    const then = cellAt(before, at);
    const now = cellAt(after, at) ?? cellAt(worldAfter(trace, step - 1), at);
    if (then !== undefined && now !== undefined && then !== now) return { address: at, then, now };
  }
  return undefined;
}

/** The last store to the differing byte (or to anything that was consumed) after the push. */
function storeBetween(
  trace: Trace,
  push: At<Push>,
  consume: At<Consume>,
  address: number | undefined,
): At<Store> | undefined {
  const from = address ?? addressOf(consume.event);
  const to = address === undefined ? from + consume.event.lenBytes : from + 1;
  return all(trace, "store").findLast(
    ({ event, step }) => step > push.step && step <= consume.step && overlaps(event, { from, to }),
  );
}

const overlaps = (
  event: { readonly frame: number; readonly offset: number; readonly lenBytes: number },
  { from, to }: { from: number; to: number },
): boolean => addressOf(event) < to && from < addressOf(event) + event.lenBytes;

/** A modifier that waits, at the end of the run, for holders of a folio: P4 is broken if they stay. */
function whoWaits(trace: Trace): string | undefined {
  const end = worldAfter(trace, trace.steps.length - 1);
  const waiter = end.tasks.find(({ waitsFor }) => waitsFor !== undefined);
  if (waiter?.waitsFor === undefined || waiter.call === undefined) return undefined;
  const holder = sharedSlotAt(end, waiter.waitsFor) ?? "a splice that is not done";
  return (
    `${callIn(trace, waiter.call)} waits until nobody outside the page cache holds frame ` +
    `${waiter.waitsFor}: ${holder} still does.`
  );
}

/** Why every consumer got its snapshot. */
function whyNot(trace: Trace): string {
  const waits = whoWaits(trace);
  if (waits !== undefined) return waits;
  const replaced = all(trace, "replace")[0];
  if (replaced !== undefined) return whyReplaced(trace, replaced);
  const pushes = all(trace, "slot-push");
  const copied = pushes.find(({ event }) => event.slotKind === "default");
  if (copied !== undefined) {
    const { event, step } = copied;
    const slot = slotName(trace, event.slot, step);
    const stolen = trace.steps[step]!.events.some(
      (other) => other.kind === "cache-remove" && other.frame === event.frame,
    );
    const what = stolen
      ? `moved frame ${event.frame} from the page cache`
      : `put a private copy, frame ${event.frame},`;
    return (
      `Nobody got changed bytes: ${callIn(trace, callAt(trace, step))} ${what} into ${slot}, ` +
      `and writes to the file do not reach it.`
    );
  }
  return whyUnseen(trace, pushes);
}

function whyReplaced(trace: Trace, { event, step }: At<Replace>): string {
  const writer = callIn(trace, callAt(trace, step));
  const keeps = sharedSlotAt(worldAfter(trace, step), event.frame) ?? "whoever held it";
  return (
    `Nobody got changed bytes: before ${writer} wrote, at step ${step + 1}, a copy, frame ` +
    `${event.by}, took the place of frame ${event.frame} in the page cache; ${keeps} kept ` +
    `frame ${event.frame} as it was.`
  );
}

/** A slot or frag that points at the folio's first frame or, if it has several, at one of the others. */
function sharedSlotAt(world: World, frame: number): string | undefined {
  const order = world.folios.find((folio) => folio.frame === frame)?.order ?? 0;
  const slot = sharedParts(world).find(
    (each) => frame <= each.frame && each.frame < frame + (1 << order),
  );
  return slot?.title;
}

/** A slot or a frag. */
type Part = Pick<SlotView, "frame" | "offset" | "lenBytes">;

/** All slots and frags that point at pages of files. */
function sharedParts({ pipes, sockets }: World): (Part & { readonly title: string })[] {
  const ofFile = ({ kind }: { readonly kind: SlotKind }): boolean => kind === "pagecache";
  const slots = pipes.flatMap(({ name, slots: ring }) =>
    ring.filter(ofFile).map((slot) => ({ ...slot, title: `slot ${slot.counter} of pipe ${name}` })),
  );
  const queued = sockets.flatMap(({ name, frags }) =>
    frags.filter(ofFile).map((frag) => ({ ...frag, title: `a frag of ${name}` })),
  );
  return [...slots, ...queued];
}

function whyUnseen(trace: Trace, pushes: readonly At<Push>[]): string {
  const ofFile = (at: At<{ readonly slotKind: SlotKind }>): boolean =>
    at.event.slotKind === "pagecache";
  if (!pushes.some(ofFile)) return "Nobody got changed bytes: no page of a file was in a pipe.";
  for (const { event, step } of all(trace, "store")) {
    const before = worldAfter(trace, step - 1);
    const after = worldAfter(trace, step);
    const part = sharedParts(before).find((each) => changesPart(before, after, event, each));
    if (part === undefined) continue;
    return (
      `Nobody got changed bytes: ${callIn(trace, event.call)} changed frame ${event.frame} in ` +
      `place at step ${step + 1} while ${part.title} pointed at it, but nobody consumed those ` +
      `bytes while they differed.`
    );
  }
  const queued = all(trace, "frag-push").some(ofFile);
  const holder = queued ? "a slot of a pipe or a frag of a socket" : "a slot of a pipe";
  return `Nobody got changed bytes: no call changed a page while ${holder} pointed at it.`;
}

/** Whether a store changed bytes that the slot or frag shows. */
function changesPart(before: World, after: World, event: Store, part: Part): boolean {
  const from = Math.max(addressOf(event), addressOf(part));
  const to = Math.min(addressOf(event) + event.lenBytes, addressOf(part) + part.lenBytes);
  for (let at = from; at < to; at += before.gridBytes)
    if (cellAt(before, at) !== cellAt(after, at)) return true;
  return false;
}
