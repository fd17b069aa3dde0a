// Programs with something left out, numbered anew. Each edit gives a whole Program.
//
// Interface: Case, keepCalls, withoutFile, withoutPipe, withoutSocket, withCall, withOperand.

import { chainsEntered } from "../language/chains.js";
import { callsOf } from "../language/program.js";
import { makesMapping } from "../language/syscalls.js";
import type {
  Call,
  CallId,
  Location,
  Operand,
  PipeRef,
  Program,
  Prop,
} from "../language/program.js";

/** A program and the call-level schedule it runs by. */
export interface Case {
  readonly program: Program;
  readonly picks: readonly number[];
}

const NO_FD: Operand = { kind: "int", value: -1n };

/** The program with some of its calls; threads without calls go too. What named a call that is gone
 *  names what that call named (dup, open of a declared file), or no descriptor; calls on a mapping go with it. */
export function keepCalls(
  { program, picks }: Case,
  keeps: (call: Call, thread: number) => boolean,
): Case {
  const calls = callsOf(program);
  const files = program.files.length;
  const wanted = program.threads.map((thread, t) => thread.calls.filter((call) => keeps(call, t)));
  const left = new Set(wanted.flat().map(({ id }) => id));
  const kept = wanted.map((own) =>
    own.filter((call) => hasMapping(calls, left, call) && hasChain(wanted, call)),
  );
  const ids = new Map<CallId, CallId>();
  for (const call of kept.flat()) ids.set(call.id, ids.size);
  const newIndex = new Map<number, number>();
  kept.forEach((own, t) => {
    if (own.length > 0) newIndex.set(t, newIndex.size);
  });
  const threads = program.threads
    .map((thread, t) => ({
      ...thread,
      calls: kept[t]!.map((call) => withChains(renumbered(calls, files, ids, call), newIndex)),
    }))
    .filter((thread) => thread.calls.length > 0);
  return {
    program: refer(pruneNames({ ...program, threads }), ids),
    picks: picks.flatMap((pick) => newIndex.get(pick) ?? []),
  };
}

/** Whether a call that hands chains over has one left. */
const hasChain = (threads: readonly (readonly Call[])[], call: Call): boolean =>
  call.syscall !== "io_uring_enter" ||
  chainsEntered(call).some((thread) => threads[thread]!.length > 0);

/** The call with its chains' new indices, without those that are gone. */
const withChains = (call: Call, newIndex: ReadonlyMap<number, number>): Call => ({
  ...call,
  operands: call.operands.flatMap((operand): Operand[] => {
    if (operand.kind !== "chain") return [operand];
    const thread = newIndex.get(operand.thread);
    return thread === undefined ? [] : [{ ...operand, thread }];
  }),
});

/** Whether the mapping that a call names, if it names one, is still made. */
const hasMapping = (calls: readonly Call[], left: ReadonlySet<CallId>, call: Call): boolean =>
  call.operands.every(
    (operand) =>
      operand.kind !== "result" ||
      !makesMapping(calls[operand.call]!.syscall) ||
      (left.has(operand.call) && hasMapping(calls, left, calls[operand.call]!)),
  );

function renumbered(
  calls: readonly Call[],
  files: number,
  ids: ReadonlyMap<CallId, CallId>,
  call: Call,
): Call {
  return {
    ...call,
    id: ids.get(call.id)!,
    operands: call.operands.map((operand) => resolve(calls, files, ids, operand)),
    after: call.after.flatMap((id) => ids.get(id) ?? []),
    ...(call.notified && { notified: call.notified.flatMap((id) => ids.get(id) ?? []) }),
  };
}

/** The operand with its call's new number, or what stands in for a call that is gone. */
function resolve(
  calls: readonly Call[],
  files: number,
  ids: ReadonlyMap<CallId, CallId>,
  operand: Operand,
): Operand {
  if (operand.kind !== "result" && operand.kind !== "made-pipe") return operand;
  const id = ids.get(operand.call);
  if (id !== undefined) return { ...operand, call: id };
  const gone = calls[operand.call];
  const first = gone?.operands[0];
  if (gone?.syscall === "dup" && first !== undefined) return resolve(calls, files, ids, first);
  if (gone?.syscall === "open" && first?.kind === "name")
    return first.name >= 0 && first.name < files ? { kind: "file", file: first.name } : NO_FD;
  return NO_FD;
}

/** Conditions and locations with the calls' new numbers; what speaks of a call that is gone is true. */
function refer(program: Program, ids: ReadonlyMap<CallId, CallId>): Program {
  const { condition, filter, locations, ...rest } = program;
  return {
    ...rest,
    locations: locations.flatMap((location) => locationFor(location, ids) ?? []),
    ...(condition === undefined
      ? {}
      : { condition: { ...condition, prop: propFor(condition.prop, ids) } }),
    ...(filter === undefined ? {} : { filter: propFor(filter, ids) }),
  };
}

function locationFor(location: Location, ids: ReadonlyMap<CallId, CallId>): Location | undefined {
  if (location.kind === "call") {
    const call = ids.get(location.call);
    return call === undefined ? undefined : { ...location, call };
  }
  if (location.kind === "file" || location.kind === "wire") return location;
  const pipe = pipeFor(location.pipe, ids);
  return pipe === undefined ? undefined : { ...location, pipe };
}

function pipeFor(pipe: PipeRef, ids: ReadonlyMap<CallId, CallId>): PipeRef | undefined {
  if (!("call" in pipe)) return pipe;
  const call = ids.get(pipe.call);
  return call === undefined ? undefined : { call };
}

function propFor(prop: Prop, ids: ReadonlyMap<CallId, CallId>): Prop {
  switch (prop.kind) {
    case "data":
    case "number": {
      const call = ids.get(prop.call);
      return call === undefined ? { kind: "true" } : { ...prop, call };
    }
    case "pipe": {
      const pipe = pipeFor(prop.pipe, ids);
      return pipe === undefined ? { kind: "true" } : { ...prop, pipe };
    }
    case "not":
      return { kind: "not", prop: propFor(prop.prop, ids) };
    case "and":
    case "or":
      return { kind: prop.kind, props: prop.props.map((each) => propFor(each, ids)) };
    default:
      return prop;
  }
}

/** Drops names of the folder that no call uses, beside the declared ones. */
function pruneNames(program: Program): Program {
  const used = new Set(
    callsOf(program)
      .flatMap((call) => call.operands)
      .flatMap((operand) => (operand.kind === "name" ? [operand.name] : [])),
  );
  const keeps = (name: number): boolean => name < program.files.length || used.has(name);
  const newIndex = new Map<number, number>();
  program.names.forEach((_, name) => {
    if (keeps(name)) newIndex.set(name, newIndex.size);
  });
  if (newIndex.size === program.names.length) return program;
  return renameFiles(program, newIndex);
}

/** The program with its names numbered anew; a name that has no new number is gone. */
function renameFiles(program: Program, newIndex: ReadonlyMap<number, number>): Program {
  const name = (index: number): number => (index < 0 ? index : (newIndex.get(index) ?? 0));
  const operand = (it: Operand): Operand => {
    if (it.kind === "name") return { ...it, name: name(it.name) };
    return it.kind === "file" ? { ...it, file: name(it.file) } : it;
  };
  const prop = (it: Prop): Prop => {
    if (it.kind === "file") return newIndex.has(it.name) ? { ...it, name: name(it.name) } : TRUE;
    if (it.kind === "not") return { kind: "not", prop: prop(it.prop) };
    return it.kind === "and" || it.kind === "or" ? { ...it, props: it.props.map(prop) } : it;
  };
  return {
    ...mapProps(mapOperands(program, operand), prop),
    names: program.names.filter((_, index) => newIndex.has(index)),
    locations: program.locations.flatMap((it): Location[] =>
      it.kind !== "file" ? [it] : newIndex.has(it.name) ? [{ ...it, name: name(it.name) }] : [],
    ),
  };
}

const TRUE: Prop = { kind: "true" };

function mapOperands(program: Program, change: (operand: Operand) => Operand): Program {
  return {
    ...program,
    threads: program.threads.map((thread) => ({
      ...thread,
      calls: thread.calls.map((call) => ({ ...call, operands: call.operands.map(change) })),
    })),
  };
}

function mapProps(program: Program, change: (prop: Prop) => Prop): Program {
  const { condition, filter, ...rest } = program;
  return {
    ...rest,
    ...(condition === undefined
      ? {}
      : { condition: { ...condition, prop: change(condition.prop) } }),
    ...(filter === undefined ? {} : { filter: change(filter) }),
  };
}

/** The program without a declared file that no call uses; undefined if one does. */
export function withoutFile(program: Program, file: number): Program | undefined {
  const operands = callsOf(program).flatMap((call) => call.operands);
  const used = operands.some(
    (it) => (it.kind === "file" && it.file === file) || (it.kind === "name" && it.name === file),
  );
  if (used) return undefined;
  const newIndex = new Map<number, number>();
  program.names.forEach((_, name) => {
    if (name !== file) newIndex.set(name, newIndex.size);
  });
  const renamed = renameFiles(program, newIndex);
  return { ...renamed, files: program.files.filter((_, index) => index !== file) };
}

/** The program without a declared pipe that no call uses; undefined if one does. */
export function withoutPipe(program: Program, pipe: number): Program | undefined {
  const operands = callsOf(program).flatMap((call) => call.operands);
  if (operands.some((it) => it.kind === "pipe" && it.pipe === pipe)) return undefined;
  const index = (old: number): number => (old > pipe ? old - 1 : old);
  const ref = (it: PipeRef): PipeRef => ("pipe" in it ? { pipe: index(it.pipe) } : it);
  const gone = (it: PipeRef): boolean => "pipe" in it && it.pipe === pipe;
  const prop = (it: Prop): Prop => {
    if (it.kind === "pipe") return gone(it.pipe) ? TRUE : { ...it, pipe: ref(it.pipe) };
    if (it.kind === "not") return { kind: "not", prop: prop(it.prop) };
    return it.kind === "and" || it.kind === "or" ? { ...it, props: it.props.map(prop) } : it;
  };
  const operand = (it: Operand): Operand =>
    it.kind === "pipe" ? { ...it, pipe: index(it.pipe) } : it;
  return {
    ...mapProps(mapOperands(program, operand), prop),
    pipes: program.pipes.filter((_, old) => old !== pipe),
    locations: program.locations.flatMap((it): Location[] =>
      it.kind !== "pipe" ? [it] : gone(it.pipe) ? [] : [{ ...it, pipe: ref(it.pipe) }],
    ),
  };
}

/** The program without a declared socket or wire that no call uses and no condition names; undefined if one
 *  does. */
export function withoutSocket(
  program: Program,
  kind: "socket" | "wire",
  index: number,
): Program | undefined {
  const operands = callsOf(program).flatMap((call) => call.operands);
  const names = (it: Operand): boolean =>
    (it.kind === "socket" && kind === "socket" && it.socket === index) ||
    (it.kind === "wire" && kind === "wire" && it.wire === index);
  const asked = program.condition !== undefined || program.filter !== undefined;
  if (operands.some(names) || asked || program.locations.length > 0) return undefined;
  const lower = (old: number): number => (old > index ? old - 1 : old);
  const operand = (it: Operand): Operand => {
    if (it.kind === "socket" && kind === "socket") return { ...it, socket: lower(it.socket) };
    return it.kind === "wire" && kind === "wire" ? { ...it, wire: lower(it.wire) } : it;
  };
  const renamed = mapOperands(program, operand);
  const keeps = (_: unknown, old: number): boolean => old !== index;
  return kind === "socket"
    ? { ...renamed, sockets: program.sockets.filter(keeps) }
    : { ...renamed, wires: program.wires.filter(keeps) };
}

/** The program with one call changed. */
export function withCall(program: Program, id: CallId, change: (call: Call) => Call): Program {
  return {
    ...program,
    threads: program.threads.map((thread) => ({
      ...thread,
      calls: thread.calls.map((call) => (call.id === id ? change(call) : call)),
    })),
  };
}

/** The program with one operand changed. */
export function withOperand(program: Program, id: CallId, at: number, operand: Operand): Program {
  return withCall(program, id, (call) => ({
    ...call,
    operands: call.operands.map((old, index) => (index === at ? operand : old)),
  }));
}
