// Registers as arguments: what the call that fills one has made.
//
// Interface: checkMaker, checkMapping, soleAtom, CallSite.

import type { Atom, Value } from "./ast.js";
import type { Reporter, Span } from "./diagnostic.js";
import type { DataBudget } from "./evaluate.js";
import type { CallId, Operand } from "./program.js";
import type { NamedCall, Scope } from "./scope.js";
import { makesMapping } from "./syscalls.js";
import type { Param, SyscallName } from "./syscalls.js";

/** The call whose argument is checked. */
export interface CallSite {
  readonly call: CallId;
  readonly thread: number;
  readonly syscall: SyscallName;
  readonly scope: Scope;
  readonly budget: DataBudget;
  readonly reporter: Reporter;
}

/** The atom that a value is, if it is nothing more. */
export const soleAtom = (value: Value): Atom | undefined =>
  value.kind === "expr" && value.atoms.length === 1 ? value.atoms[0] : undefined;

/** What a register may hold beside a result, which calls make it, and how one is filled. */
const MAKERS = {
  descriptor: {
    calls: ["open", "dup", "memfd_create"] as readonly SyscallName[],
    example: "fd = open(…)",
    names: "open(), dup() or memfd_create()",
  },
  mapping: {
    calls: ["mmap", "fork"] as readonly SyscallName[],
    example: "m = mmap(…)",
    names: "mmap() or fork()",
  },
} as const;

/** Calls that no child makes. */
const OWN_MEMORY: readonly SyscallName[] = ["fork", "vmsplice", "sendmsg"];

/** A register whose call made a descriptor or a mapping, used after that call. */
export function checkMaker(
  site: CallSite,
  span: Span,
  name: string,
  named: NamedCall,
  kind: keyof typeof MAKERS,
): Operand | undefined {
  const { reporter, call, scope, thread } = site;
  const { calls, example, names } = MAKERS[kind];
  if (named.by === "label") {
    const remedy = `put a register in front of the call: \`${example}\``;
    reporter.error(span, `\`${name}\` is a label and holds no ${kind}`, remedy);
    return undefined;
  }
  if (!calls.includes(named.syscall)) {
    const remedy = `use a register in front of ${names}`;
    const held = makesMapping(named.syscall) ? "a mapping" : "a result";
    const holds = MAKERS.descriptor.calls.includes(named.syscall) ? "a descriptor" : held;
    reporter.error(span, `\`${name}\` holds no ${kind} but ${holds}`, remedy);
    return undefined;
  }
  if (named.syscall === "fork" && OWN_MEMORY.includes(site.syscall)) {
    const message = `\`${name}\` is a child's, and ${site.syscall}() by a child is not modelled`;
    reporter.error(span, message, "use a register in front of mmap()");
    return undefined;
  }
  const own = scope.threads[thread]!.calls.get(name)?.call === named.call;
  if (own && named.call >= call) {
    reporter.error(span, `\`${name}\` is not filled yet`, "use it after the call that fills it");
    return undefined;
  }
  return { kind: "result", call: named.call };
}

/** A mapping: the register of an mmap() or a fork(). */
export function checkMapping(site: CallSite, param: Param, value: Value): Operand | undefined {
  const { scope, reporter, thread } = site;
  const atom = soleAtom(value);
  if (atom?.kind === "qualified") {
    const named = scope.callOf(atom, reporter, "mmap");
    return named && checkMaker(site, atom, atom.name.text, named, "mapping");
  }
  if (atom?.kind === "ref") {
    const named = scope.threads[thread]!.calls.get(atom.name);
    if (named !== undefined) return checkMaker(site, atom, atom.name, named, "mapping");
    const owner = scope.threads.find((each) => each.calls.get(atom.name)?.by === "register");
    const remedy =
      owner === undefined
        ? `put it in front of an mmap(): \`${atom.name} = mmap(…)\``
        : `write \`${owner.name}:${atom.name}\` for the register of thread \`${owner.name}\``;
    reporter.error(atom, `there is no register \`${atom.name}\``, remedy);
    return undefined;
  }
  const message = `\`${param.name}\` of ${site.syscall}() is a mapping`;
  reporter.error(value, message, "write the register of an mmap(): `m = mmap(…)`, then `m`");
  return undefined;
}
