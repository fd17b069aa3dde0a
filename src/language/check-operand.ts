// The arguments of calls: each checked by its kind in the call table, and resolved.
//
// Interface: checkOperand, checkName.

import type { Value } from "./ast.js";
import type { Reporter, Span } from "./diagnostic.js";
import { evaluate } from "./evaluate.js";
import { FD_RESERVED_FROM, NAME_LENGTH_MAX } from "./limits.js";
import { DEVICES } from "./program.js";
import type { Operand } from "./program.js";
import type { Thing } from "./scope.js";
import { didYouMean } from "./suggest.js";
import type { Param, SyscallName } from "./syscalls.js";
import type { CallSite } from "./check-maker.js";
import { checkChainOperand } from "./check-chain.js";
import { checkMaker, checkMapping, soleAtom } from "./check-maker.js";
import { checkData, checkMemory, checkVector } from "./check-segments.js";
import { checkCommand, checkFlags, checkInt } from "./check-number.js";

/** The operand that an argument is; undefined if it was reported. */
export function checkOperand(site: CallSite, param: Param, value: Value): Operand | undefined {
  switch (param.kind) {
    case "fd":
      return checkFd(site, param, value);
    case "path":
      return checkPath(site, value);
    case "data":
      return checkData(site, value);
    case "sources":
    case "targets":
      return checkVector(site, param, value);
    case "pointer":
      return checkPointer(site, param, value);
    case "newpipe":
      return checkNewPipe(site, value);
    case "address":
      return checkAddress(site, value);
    case "mapping":
      return checkMapping(site, param, value);
    case "chain":
      return checkChainOperand(site, value);
    case "count":
      return param.faults && (value.kind === "fault" || value.kind === "group")
        ? checkMemory(site, param, value)
        : checkNumber(site, param, value);
    case "length":
    case "offset":
    case "flags":
    case "command":
    case "int":
      return checkNumber(site, param, value);
  }
}

function checkNumber(site: CallSite, param: Param, value: Value): Operand | undefined {
  const { reporter, syscall } = site;
  const what = param.set === undefined ? `\`${param.name}\`` : `a value for \`${param.name}\``;
  if (value.kind !== "expr") {
    const example = Object.keys(param.set ?? {})[0] ?? "4096";
    reporter.error(
      value,
      `\`${param.name}\` of ${syscall}() is a number`,
      `write, say, ${example}`,
    );
    return undefined;
  }
  const number = evaluate(value, `${what} of ${syscall}()`, reporter, param.set);
  if (number === undefined) return undefined;
  const set = param.set ?? {};
  const fits =
    param.kind === "flags"
      ? checkFlags(syscall, number, set, value, reporter)
      : param.kind === "command"
        ? checkCommand(syscall, number, set, value, reporter)
        : checkInt(syscall, param, number, value, reporter);
  return fits ? { kind: "int", value: number } : undefined;
}

function checkPointer(site: CallSite, param: Param, value: Value): Operand | undefined {
  if (value.kind === "expr" && value.atoms[0]?.kind === "null") return { kind: "null" };
  const target =
    value.kind === "vector" && value.segments.length === 1 ? value.segments[0]! : value;
  if (target.kind === "expr") {
    const number = evaluate(target, `\`${param.name}\``, site.reporter);
    if (number === undefined) return undefined;
    if (!checkInt(site.syscall, param, number, target, site.reporter)) return undefined;
    // In a request -1 stands for NULL.
    const isNull = number === -1n && site.scope.threads[site.thread]!.isChain;
    return isNull ? { kind: "null" } : { kind: "pointer", value: number };
  }
  site.reporter.error(value, `\`${param.name}\` is an offset or NULL`, "write NULL, or say, 4096");
  return undefined;
}

function checkNewPipe(site: CallSite, value: Value): Operand | undefined {
  const name = soleAtom(value);
  if (name?.kind === "ref") return { kind: "newpipe", name: name.name };
  const remedy = "write a name: `pipe2(p, 0)`; its ends are `p.r` and `p.w`";
  site.reporter.error(value, "the first argument names the new pipe", remedy);
  return undefined;
}

function checkAddress(site: CallSite, value: Value): Operand | undefined {
  if (value.kind === "expr" && value.atoms[0]?.kind === "null") return { kind: "null" };
  const remedy = "write NULL: the kernel chooses the address";
  site.reporter.error(value, "a mapping cannot be given an address here", remedy);
  return undefined;
}

/** How calls that take a name are written. */
const PATH_EXAMPLES: Partial<Record<SyscallName, string>> = {
  memfd_create: 'memfd_create("m", 0)',
  mkfifo: 'mkfifo("q", 0600)',
  unlink: 'unlink("f")',
  rename: 'rename("f", "g")',
};

const PATH = /^[A-Za-z0-9_.-]+$/;

function checkPath(site: CallSite, value: Value): Operand | undefined {
  const { reporter, scope, syscall } = site;
  if (value.kind !== "text") {
    const example = PATH_EXAMPLES[syscall] ?? 'open("f", O_RDWR)';
    reporter.error(value, "a path stands in double quotes", `write, say, ${example}`);
    return undefined;
  }
  const device = DEVICES.find(({ path }) => path === value.text);
  if (device !== undefined && syscall === "open") return { kind: "name", name: device.name };
  const name = checkName(value.text, value, reporter);
  if (name === undefined) return undefined;
  if (name === ".") return { kind: "name", name: -1 };
  const index = scope.nameOf(name, value, reporter);
  return index === undefined ? undefined : { kind: "name", name: index };
}

const FOLDER_REMEDY = "a scenario has one folder of its own: use letters, digits, `_`, `.` and `-`";
const DROP_CACHES = "/proc/sys/vm/drop_caches";
const DROP_REMEDY =
  "write `drop_caches()`, or `posix_fadvise(f, 0, 0, POSIX_FADV_DONTNEED)` for one file";

/** A name in the scenario's folder, "." included. */
export function checkName(name: string, span: Span, reporter: Reporter): string | undefined {
  if (name.length > NAME_LENGTH_MAX) {
    const remedy = `use at most ${NAME_LENGTH_MAX} characters`;
    reporter.error(span, "the name is too long", remedy);
    return undefined;
  }
  if (PATH.test(name) && name !== "..") return name;
  const remedy = name === DROP_CACHES ? DROP_REMEDY : FOLDER_REMEDY;
  reporter.error(span, `"${name}" is no name of a file here`, remedy);
  return undefined;
}

function checkFd(site: CallSite, param: Param, value: Value): Operand | undefined {
  const atom = soleAtom(value);
  switch (atom?.kind) {
    case "number":
      return checkLiteral(site, atom, atom.value);
    case "ref":
      return checkFdName(site, atom, atom.name);
    case "end":
      return checkEnd(site, atom, atom.pipe, atom.end);
    case "qualified": {
      const named = site.scope.callOf(atom, site.reporter, "open");
      return named && checkMaker(site, atom, atom.name.text, named, "descriptor");
    }
    case "null":
    case undefined: {
      const message = `\`${param.name}\` of ${site.syscall}() is a descriptor`;
      site.reporter.error(value, message, fdRemedy(value));
      return undefined;
    }
  }
}

function fdRemedy(value: Value): string {
  if (value.kind !== "text")
    return "write a file `f`, an end of a pipe `p.r`, a register or a number";
  if (DEVICES.some(({ path }) => path === value.text))
    return `open it first: \`fd = open("${value.text}", O_RDWR)\``;
  return "write a file's name without quotes, an end of a pipe as `p.r`, or a number";
}

function checkLiteral(site: CallSite, span: Span, value: bigint): Operand | undefined {
  if (value >= 0n && value <= 2n) {
    const remedy = "the first descriptor of a scenario is 3";
    site.reporter.error(span, `descriptor ${value} is not the scenario's`, remedy);
    return undefined;
  }
  if (value >= BigInt(FD_RESERVED_FROM) || value < -(2n ** 31n)) {
    const remedy = `use a number below ${FD_RESERVED_FROM}`;
    site.reporter.error(span, `descriptor ${value} is out of range`, remedy);
    return undefined;
  }
  return { kind: "int", value };
}

function checkFdName(site: CallSite, span: Span, name: string): Operand | undefined {
  const { scope, reporter, thread } = site;
  const own = scope.threads[thread]!;
  const named = own.calls.get(name);
  const thing = scope.things.get(name);
  // A label may be called like a file: it is none of what a call could mean.
  const isLabel = named?.by === "label" && thing !== undefined;
  if (named !== undefined && !isLabel) return checkMaker(site, span, name, named, "descriptor");
  if (thing?.kind === "file") return { kind: "file", file: thing.file };
  if (thing !== undefined) {
    reporter.error(span, ...endMissing(name, thing));
    return undefined;
  }
  const other = scope.threads.find((each) => each.calls.get(name)?.by === "register");
  const remedy =
    other === undefined
      ? didYouMean(name, [...scope.things.keys(), ...own.calls.keys()], `declare \`file ${name}\``)
      : `write \`${other.name}:${name}\` for the register of thread \`${other.name}\``;
  reporter.error(span, `there is no file or register \`${name}\``, remedy);
  return undefined;
}

/** Message and remedy for a name that stands for more than one descriptor, or whose end has a name. */
function endMissing(name: string, thing: Thing): [message: string, remedy: string] {
  switch (thing.kind) {
    case "socket": {
      const remedy = `write \`${name}.a\` or \`${name}.b\``;
      return [`\`${name}\` is a socket, and the call needs one end`, remedy];
    }
    case "wire":
      return [`\`${name}\` is a wire`, `write \`${name}.tx\` for the end that can be written to`];
    default: {
      const remedy = `write \`${name}.r\` for the read end, \`${name}.w\` for the write end`;
      return [`\`${name}\` is a pipe, and the call needs one end`, remedy];
    }
  }
}

/** The ends of each kind of thing. */
const ENDS: Readonly<Record<Thing["kind"], readonly string[]>> = {
  file: [],
  pipe: ["r", "w"],
  made: ["r", "w"],
  socket: ["a", "b"],
  wire: ["tx"],
};

/** What to declare where `name.end` is not known. */
function declareRemedy(name: string, end: string): string {
  if (ENDS.socket.includes(end)) return `declare \`socket ${name}\``;
  if (ENDS.wire.includes(end)) return `declare \`wire ${name}\``;
  return `declare \`pipe ${name}\` or make it with pipe2()`;
}

/** An end of a socket, or of a wire. */
function checkSocketEnd(
  site: CallSite,
  span: Span,
  name: string,
  end: string,
): Operand | undefined {
  const thing = site.scope.things.get(name);
  if (thing?.kind === "socket" && (end === "a" || end === "b"))
    return { kind: "socket", socket: thing.socket, end };
  if (thing?.kind === "wire" && end === "tx") return { kind: "wire", wire: thing.wire };
  const kind = thing?.kind ?? "socket";
  const remedy = `write ${ENDS[kind].map((each) => `\`${name}.${each}\``).join(" or ")}`;
  site.reporter.error(span, `a ${kind} has no end \`${end}\``, remedy);
  return undefined;
}

function checkEnd(site: CallSite, span: Span, pipe: string, end: string): Operand | undefined {
  const { scope, reporter } = site;
  const thing = scope.things.get(pipe);
  if (thing === undefined || thing.kind === "file") {
    const ends = [...scope.things].flatMap(([name, { kind }]) =>
      ENDS[kind].map((each) => `${name}.${each}`),
    );
    const remedy = didYouMean(`${pipe}.${end}`, ends, declareRemedy(pipe, end));
    const isFile = thing === undefined ? `there is no pipe \`${pipe}\`` : `\`${pipe}\` is a file`;
    reporter.error(span, isFile, thing === undefined ? remedy : `write \`${pipe}\` alone`);
    return undefined;
  }
  if (thing.kind === "socket" || thing.kind === "wire")
    return checkSocketEnd(site, span, pipe, end);
  if (end !== "r" && end !== "w") {
    const remedy = `write \`${pipe}.r\` or \`${pipe}.w\``;
    reporter.error(span, `a pipe has no end \`${end}\``, remedy);
    return undefined;
  }
  if (thing.kind === "pipe") return { kind: "pipe", pipe: thing.pipe, end };
  if (thing.thread === site.thread && thing.call >= site.call) {
    reporter.error(span, `pipe \`${pipe}\` is not made yet`, "use it after its pipe2()");
    return undefined;
  }
  return { kind: "made-pipe", call: thing.call, end };
}
