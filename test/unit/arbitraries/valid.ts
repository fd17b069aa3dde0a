// Whether a Program is one that the checker could have made: numbers and operands in their places.
//
// Interface: faultsOf, amountsOf.

import { chainsEntered, isSend, isZerocopySend, waitsOf } from "../../../src/language/chains.js";
import { callsOf, contentBytes, segmentsOf } from "../../../src/language/program.js";
import type {
  Call,
  Content,
  Operand,
  Program,
  Run,
  Thread,
} from "../../../src/language/program.js";
import { makesMapping } from "../../../src/language/syscalls.js";
import { syscallRow } from "../../../src/language/syscalls.js";
import type { ParamKind } from "../../../src/language/syscalls.js";

const OPERANDS_FOR: Readonly<Record<ParamKind, readonly Operand["kind"][]>> = {
  fd: ["int", "file", "pipe", "socket", "wire", "result", "made-pipe"],
  path: ["name"],
  data: ["data"],
  sources: ["vector"],
  targets: ["vector"],
  count: ["int", "data"],
  length: ["int"],
  offset: ["int"],
  pointer: ["null", "pointer"],
  newpipe: ["newpipe"],
  address: ["null"],
  mapping: ["result"],
  chain: ["chain"],
  flags: ["int"],
  command: ["int"],
  int: ["int"],
};

/** What is wrong with a program, for people; empty if nothing is. */
export function faultsOf(program: Program): string[] {
  const faults: string[] = [];
  const calls = callsOf(program);
  calls.forEach((call, id) => {
    if (call.id !== id) faults.push(`call ${id} says it is ${call.id}`);
    const params = syscallRow(call.syscall).params;
    const required = params.filter((param) => param.optional === undefined).length;
    if (call.operands.length < required) faults.push(`${call.syscall}: operand count`);
    call.operands.forEach((operand, at) => {
      const kinds = OPERANDS_FOR[params[at]!.kind];
      if (!kinds.includes(operand.kind)) faults.push(`${call.syscall}: ${operand.kind} at ${at}`);
      if (
        params[at]!.kind === "fd" &&
        operand.kind === "int" &&
        [0n, 1n, 2n].includes(operand.value)
      )
        faults.push("a descriptor from 0 to 2");
      faults.push(...operandFaults(program, calls, call, operand));
    });
    for (const after of call.after)
      if (calls[after]?.label === undefined || after === id)
        faults.push(`after ${after}: no label`);
    for (const sent of call.notified ?? [])
      if (!call.after.includes(sent) || !isRequest(program, calls[sent]!) || !isSend(calls[sent]!))
        faults.push(`after ${sent}: no notification`);
  });
  for (const call of calls)
    if (isRequest(program, call) && isSend(call) && !isZerocopySend(call))
      faults.push("a request that sends a copy");
  if (hasCircle(program)) faults.push("calls wait for each other");
  return faults;
}

const isRequest = ({ threads }: Program, call: Call): boolean =>
  threads.some(({ chain, calls }) => chain !== undefined && calls.includes(call));

function operandFaults(
  program: Program,
  calls: readonly Call[],
  call: Call,
  operand: Operand,
): string[] {
  switch (operand.kind) {
    case "file":
      return program.files[operand.file] === undefined ? ["no such file"] : [];
    case "socket":
      return program.sockets[operand.socket] === undefined ? ["no such socket"] : [];
    case "wire":
      return program.wires[operand.wire] === undefined ? ["no such wire"] : [];
    case "pipe":
      return program.pipes[operand.pipe] === undefined ? ["no such pipe"] : [];
    case "name":
      return operand.name >= program.names.length ? ["no such name"] : [];
    case "data":
    case "vector":
      return segmentsOf(operand)!.some(areBadRuns) ? ["runs of data"] : [];
    case "result":
    case "made-pipe": {
      const maker = calls[operand.call];
      const thread = program.threads.find((each) => each.calls.includes(call));
      if (maker !== undefined && makesMapping(maker.syscall))
        return mappingFaults(program, call, maker, operand, thread);
      const own = maker !== undefined && isInFront(program, thread, maker, call);
      if (!own) return ["a descriptor of another thread, or of a later call"];
      const right = operand.kind === "made-pipe" ? ["pipe2"] : ["open", "dup", "memfd_create"];
      const named = operand.kind === "made-pipe" || maker.register !== undefined;
      return right.includes(maker.syscall) && named ? [] : ["a descriptor of a wrong call"];
    }
    default:
      return [];
  }
}

/** Whether a call stands in front of another one, or in front of the io_uring_enter() that hands it over. */
function isInFront(
  { threads }: Program,
  thread: Thread | undefined,
  maker: Call,
  call: Call,
): boolean {
  if (thread?.chain === undefined)
    return maker.id < call.id && thread?.calls.includes(maker) === true;
  const index = threads.indexOf(thread);
  return threads.some(({ calls }) =>
    calls.some(
      (each) => chainsEntered(each).includes(index) && maker.id < each.id && calls.includes(maker),
    ),
  );
}

function areBadRuns(content: Content): boolean {
  const alike = content.some((run, i) => run.byte === content[i - 1]?.byte);
  const faults = content.slice(0, -1).some((run) => run.byte === "fault");
  return alike || faults || content.some((run) => run.lenBytes <= 0 || run.byte === "hole");
}

/** A mapping may be another thread's; in its own thread it is made first. */
function mappingFaults(
  program: Program,
  call: Call,
  maker: Call,
  operand: Operand,
  thread: Thread | undefined,
): string[] {
  if (!MAPPING_USERS.has(call.syscall) || !call.operands.slice(0, 2).includes(operand))
    return ["a mapping where a descriptor is wanted"];
  if (maker.syscall === "fork" && ["fork", "vmsplice", "sendmsg"].includes(call.syscall))
    return ["a child's mapping where one of the first process is wanted"];
  if (maker.register === undefined) return ["a mapping without a name"];
  const late = maker.id >= call.id && thread?.calls.includes(maker);
  if (thread?.chain !== undefined && !isInFront(program, thread, maker, call))
    return ["a mapping that may not be there when a request is handed over"];
  return late === true ? ["a mapping that is made later"] : [];
}

/** Calls whose numbers mean whole pages. */
const BY_PAGES: ReadonlySet<string> = new Set([
  "mmap",
  "munmap",
  "madvise",
  "msync",
  "posix_fadvise",
]);

const MAPPING_USERS: ReadonlySet<string> = new Set([
  "munmap",
  "madvise",
  "msync",
  "fork",
  "load",
  "store",
  "vmsplice",
  "sendmsg",
]);

/** Whether program order and `after` together go in a circle. */
function hasCircle(program: Program): boolean {
  const waits = waitsOf(program.threads);
  const done = new Set<number>();
  const next = program.threads.map(() => 0);
  let moved = true;
  while (moved) {
    moved = false;
    program.threads.forEach((thread, i) => {
      const call = thread.calls[next[i]!];
      if (call === undefined) return;
      // One that nobody hands over waits for itself.
      const others = (waits.get(call.id) ?? call.after).filter((id) => id !== call.id);
      if (others.some((id) => !done.has(id))) return;
      done.add(call.id);
      next[i]!++;
      moved = true;
    });
  }
  return done.size < callsOf(program).length;
}

const isMapped = ({ byte }: Run): boolean => byte !== "fault";

/** All amounts of data in a program that its grid must divide. */
export function amountsOf(program: Program): number[] {
  const amounts = program.files.flatMap((file) => file.content.map((run) => run.lenBytes));
  for (const call of callsOf(program))
    call.operands.forEach((operand, at) => {
      // Mappings are made of whole pages, whatever their numbers say.
      if (BY_PAGES.has(call.syscall)) return;
      const kind = syscallRow(call.syscall).params[at]!.kind;
      const memory = segmentsOf(operand)?.flat();
      if (memory !== undefined) amounts.push(contentBytes(memory.filter(isMapped)));
      if (operand.kind === "pointer") amounts.push(Number(operand.value));
      if (operand.kind === "int" && ["count", "offset", "length"].includes(kind))
        amounts.push(Number(operand.value));
    });
  return amounts.filter((amount) => amount >= 0);
}
