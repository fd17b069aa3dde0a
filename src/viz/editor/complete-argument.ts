// Completion inside the parentheses of a call, by the kind of the argument.
//
// Interface: argumentOptions.

import type { Completion } from "@codemirror/autocomplete";
import { DEVICES } from "../../language/program.js";
import { SYSCALLS, fdsMadeBy, makesMapping, syscallRow } from "../../language/syscalls.js";
import type { Param, SyscallName } from "../../language/syscalls.js";
import { endsOf } from "./declared.js";
import type { CallName, Declared, ThreadNames } from "./declared.js";
import type { CallSite } from "./site.js";
import { constantOptions, wordOption } from "./word-options.js";
import { WORDS } from "./words.js";

/** What fits as this argument of the call. */
export function argumentOptions(site: CallSite, declared: Declared, at: number): Completion[] {
  if (!Object.hasOwn(SYSCALLS, site.callee)) return [];
  const syscall = site.callee as SyscallName;
  const param = syscallRow(syscall).params[site.index];
  if (param === undefined) return [];
  const own = declared.threads.find(({ span }) => span.from <= at && at <= span.to);
  switch (param.kind) {
    case "fd":
      return [...endOptions(declared), ...registers(declared, own, makesDescriptor)];
    case "mapping":
      return registers(declared, own, makesMapping);
    case "path":
      return pathOptions(syscall, declared);
    case "data":
    case "sources":
      return [WORDS.hex, WORDS.fault].map((row) => wordOption(row));
    case "count":
    case "targets":
      return param.faults || param.kind === "targets" ? [wordOption(WORDS.fault)] : [];
    case "pointer":
    case "address":
      return [wordOption(WORDS.NULL)];
    case "newpipe":
      return [];
    case "chain":
      return declared.threads
        .filter(({ isChain }) => isChain)
        .map(({ name }) => ({ label: name, type: "variable", detail: "chain" }));
    case "flags":
    case "command":
    case "int":
    case "length":
    case "offset":
      return namedValues(param, site.words);
  }
}

const makesDescriptor = (syscall: SyscallName): boolean => fdsMadeBy(syscall) === 1;

/** The constants that are not in the argument yet; a command is one of them only. */
function namedValues({ set, kind }: Param, words: readonly string[]): Completion[] {
  if (kind === "command" && words.length > 0) return [];
  return constantOptions(set ?? {}).filter(({ label }) => !words.includes(label));
}

/** Which end is wanted is not known: the ends that read stand first where they are declared so. */
const endOptions = ({ things }: Declared): Completion[] =>
  things.flatMap((thing) =>
    endsOf(thing).map((label) => ({ label, type: "variable", detail: thing.kind })),
  );

/** Registers whose calls make what is wanted; another thread's by the thread's name. */
function registers(
  { threads }: Declared,
  own: ThreadNames | undefined,
  makes: (syscall: SyscallName) => boolean,
): Completion[] {
  const fits = ({ by, syscall }: CallName): boolean =>
    by === "register" && syscall !== undefined && makes(syscall);
  return threads.flatMap((thread) =>
    thread.calls.filter(fits).map(({ name, syscall }) => ({
      label: thread === own ? name : `${thread.name}:${name}`,
      type: "variable",
      detail: `register of ${syscall!}()`,
    })),
  );
}

function pathOptions(syscall: SyscallName, { things }: Declared): Completion[] {
  const files = things.filter(({ kind }) => kind === "file").map(({ name }) => name);
  const others = syscall === "open" ? [".", ...DEVICES.map(({ path }) => path)] : [];
  return [...files, ...others].map((name) => ({ label: `"${name}"`, type: "text" }));
}
