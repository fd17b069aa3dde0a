// Edits that take things away: threads, calls, pipes, files, content, picks.
//
// Interface: fewerCalls, mergedThreads, fewerObjects, shorterPicks, simplerContents, simplerSizes. Each
// lists smaller cases, the smallest first.

import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import { callsOf, contentBytes } from "../language/program.js";
import type { Call, Content, FileDecl, PipeDecl, Program, Run } from "../language/program.js";
import { keepCalls, withoutFile, withoutPipe, withoutSocket } from "./edit.js";
import type { Case } from "./edit.js";

/** Without a thread, without a stretch of calls, without one call. */
export function* fewerCalls(from: Case): Iterable<Case> {
  const { program } = from;
  if (program.threads.length > 1)
    for (let t = 0; t < program.threads.length; t++)
      yield keepCalls(from, (_, thread) => thread !== t);
  const count = callsOf(program).length;
  for (let size = count >> 1; size >= 1; size >>= 1)
    for (let at = 0; at < count; at += size) {
      const without = keepCalls(from, (call) => call.id < at || call.id >= at + size);
      for (const picks of picksWithout(from, at, at + size))
        yield { program: without.program, picks };
      yield without;
    }
}

/** The picks without those that start the calls that go: they are the k-th picks of their threads,
 *  unless some picks were skipped. */
function* picksWithout(from: Case, first: number, last: number): Iterable<number[]> {
  const { program, picks } = from;
  const seen = program.threads.map(() => 0);
  const kept = picks.filter((pick) => {
    const call = program.threads[pick]?.calls[seen[pick]!++];
    return call === undefined || call.id < first || call.id >= last;
  });
  if (kept.length === picks.length) return;
  const keeps = (call: Call): boolean => call.id < first || call.id >= last;
  yield [...keepCalls({ program, picks: kept }, keeps).picks];
}

/** One thread makes all calls, in the order in which the picks start them. */
export function* mergedThreads({ program, picks }: Case): Iterable<Case> {
  const hasChains = program.threads.some(({ chain }) => chain !== undefined);
  if (program.threads.length < 2 || hasChains) return;
  const next = program.threads.map(() => 0);
  const order: Call[] = [];
  const start = (thread: number): void => {
    const call = program.threads[thread]?.calls[next[thread]!];
    if (call === undefined) return;
    next[thread]!++;
    order.push(call);
  };
  for (const pick of picks) start(pick);
  program.threads.forEach((thread, t) => {
    thread.calls.forEach(() => start(t));
  });
  const ids = new Map(order.map((call, id) => [call.id, id]));
  const name = program.threads[0]!.name;
  const merged = reordered(program, order, ids);
  if (merged !== undefined)
    yield { program: { ...merged, threads: [{ name, calls: callsOf(merged) }] }, picks: [] };
}

/** The program with its calls in another order, or undefined where a condition would be lost. */
function reordered(
  program: Program,
  order: readonly Call[],
  ids: ReadonlyMap<number, number>,
): Program | undefined {
  if (program.condition !== undefined || program.filter !== undefined) return undefined;
  const names = new Set<string>();
  const unique = (name: string, id: number): string => {
    const free = names.has(name) ? `${name}${id}` : name;
    names.add(free);
    return free;
  };
  const calls = order.map((call, id) => ({
    ...call,
    ...(call.register === undefined ? {} : { register: unique(call.register, id) }),
    ...(call.label === undefined ? {} : { label: unique(call.label, id) }),
    id,
    after: [],
    operands: call.operands.map((operand) =>
      operand.kind === "result" || operand.kind === "made-pipe"
        ? { ...operand, call: ids.get(operand.call)! }
        : operand,
    ),
  }));
  return { ...program, locations: [], threads: [{ name: program.threads[0]!.name, calls }] };
}

/** Without question, pipes, files, or with simpler ones. */
export function* fewerObjects({ program, picks }: Case): Iterable<Case> {
  const { condition, filter, ...rest } = program;
  if (condition !== undefined || filter !== undefined || program.locations.length > 0)
    yield { program: { ...rest, locations: [] }, picks };
  for (let pipe = program.pipes.length - 1; pipe >= 0; pipe--) {
    const without = withoutPipe(program, pipe);
    if (without !== undefined) yield { program: without, picks };
  }
  for (const kind of ["socket", "wire"] as const)
    for (let index = program[`${kind}s`].length - 1; index >= 0; index--) {
      const without = withoutSocket(program, kind, index);
      if (without !== undefined) yield { program: without, picks };
    }
  for (const [index, socket] of program.sockets.entries())
    if (socket.flags !== 0)
      yield {
        program: { ...program, sockets: program.sockets.with(index, { ...socket, flags: 0 }) },
        picks,
      };
  for (let file = program.files.length - 1; file >= 0; file--) {
    const without = withoutFile(program, file);
    if (without !== undefined) yield { program: without, picks };
  }
  for (const [index, { chain = 0, ...thread }] of program.threads.entries())
    for (const simpler of fewerBits(chain))
      yield {
        program: {
          ...program,
          threads: program.threads.with(index, { ...thread, chain: simpler }),
        },
        picks,
      };
  for (const [index, pipe] of program.pipes.entries())
    for (const simpler of simplerPipes(pipe))
      yield { program: { ...program, pipes: program.pipes.with(index, simpler) }, picks };
  for (const [index, file] of program.files.entries())
    for (const simpler of simplerFiles(file))
      yield { program: { ...program, files: program.files.with(index, simpler) }, picks };
}

function* simplerPipes({ name, flags, sizeBytes }: PipeDecl): Iterable<PipeDecl> {
  if (sizeBytes !== undefined) yield { name, flags };
  const size = sizeBytes === undefined ? {} : { sizeBytes };
  for (const fewer of fewerBits(flags)) yield { name, flags: fewer, ...size };
}

/** No flags, then those without one. */
function* fewerBits(flags: number): Iterable<number> {
  if (flags !== 0) yield 0;
  for (let bit = 1; bit <= flags; bit *= 2)
    if ((flags & bit) !== 0 && flags !== bit) yield flags & ~bit;
}

function* simplerFiles({ name, content, folioOrder }: FileDecl): Iterable<FileDecl> {
  if (folioOrder !== undefined) yield { name, content };
  const order = folioOrder === undefined ? {} : { folioOrder };
  for (const simpler of simplerContents(content)) yield { name, content: simpler, ...order };
}

/** Content without a run, with all bytes alike, or with half of a run. */
export function* simplerContents(content: Content): Iterable<Content> {
  const first = content[0];
  if (first === undefined) return;
  yield [];
  for (let run = content.length - 1; run >= 0 && content.length > 1; run--)
    yield joined(content.filter((_, index) => index !== run));
  if (content.length > 1) yield [{ byte: first.byte, lenBytes: contentBytes(content) }];
  for (const [index, run] of content.entries())
    for (const lenBytes of simplerSizes(run.lenBytes))
      if (lenBytes > 0) yield content.with(index, { ...run, lenBytes });
}

function joined(content: Content): Content {
  const runs: { byte: Run["byte"]; lenBytes: number }[] = [];
  for (const run of content) {
    const last = runs.at(-1);
    if (last?.byte === run.byte) last.lenBytes += run.lenBytes;
    else runs.push({ ...run });
  }
  return runs;
}

/** How hard a size is to think about: nothing, a page, pages, parts of 512, anything; then by value. */
function rankOf(size: number): number {
  const kind = size === 0 ? 0 : size === PAGE_SIZE ? 1 : size % PAGE_SIZE === 0 ? 2 : 3;
  return (kind === 3 && size % 512 !== 0 ? 4 : kind) * 2 ** 48 + size;
}

/** Sizes that are simpler than this one, the simplest first. */
export function simplerSizes(size: number): number[] {
  const pages = Math.floor(size / PAGE_SIZE) * PAGE_SIZE;
  const sizes = [0, PAGE_SIZE, size / 2, pages, pages + PAGE_SIZE, pages - PAGE_SIZE];
  sizes.push(Math.floor(size / 1024) * 512, Math.ceil(size / 512) * 512);
  const simpler = sizes
    .map(Math.floor)
    .filter((each) => each >= 0 && rankOf(each) < rankOf(size))
    .sort((a, b) => rankOf(a) - rankOf(b));
  return [...new Set(simpler)];
}

/** Without picks, without half of them, without one. */
export function* shorterPicks({ program, picks }: Case): Iterable<Case> {
  for (let size = picks.length; size >= 1; size >>= 1)
    for (let at = 0; at < picks.length; at += size)
      yield { program, picks: picks.filter((_, index) => index < at || index >= at + size) };
}
