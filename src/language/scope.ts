// The names of a scenario: what each word of a text stands for.
//
// Interface: Scope, scopeOf. Filled while declarations are checked, read for operands and conditions.

import type { Qualified, Word } from "./ast.js";
import type { Reporter, Span } from "./diagnostic.js";
import { NAMES_MAX } from "./limits.js";
import type { CallId, PipeRef, Program } from "./program.js";
import { didYouMean } from "./suggest.js";
import { isReserved } from "./reserved.js";
import type { SyscallName } from "./syscalls.js";

/** A call that a label or register names. */
export interface NamedCall {
  readonly call: CallId;
  readonly syscall: SyscallName;
  readonly by: "label" | "register";
}

/** A file, pipe, socket or wire of the whole scenario. */
export type Thing =
  | { readonly kind: "file"; readonly file: number }
  | { readonly kind: "pipe"; readonly pipe: number }
  | { readonly kind: "socket"; readonly socket: number }
  | { readonly kind: "wire"; readonly wire: number }
  | { readonly kind: "made"; readonly call: CallId; readonly thread: number };

interface ThreadScope {
  readonly name: string;
  readonly isChain: boolean;
  readonly calls: Map<string, NamedCall>;
}

const kindOf = ({ isChain }: ThreadScope): string => (isChain ? "chain" : "thread");

export class Scope {
  readonly things = new Map<string, Thing>();
  readonly threads: ThreadScope[] = [];
  /** The names in the folder. */
  readonly names: string[] = [];

  /** Declares a file, pipe, socket or wire; a name that is taken is reported. */
  declare(word: Word, thing: Thing, reporter: Reporter): void {
    if (!isFree(word, reporter)) return;
    const taken = this.things.get(word.text);
    if (taken !== undefined) {
      const kind = taken.kind === "made" ? "pipe" : taken.kind;
      reporter.error(word, `\`${word.text}\` is already a ${kind}`, "choose another name");
      return;
    }
    this.things.set(word.text, thing);
  }

  declareThread(word: Word, isChain: boolean, reporter: Reporter): number {
    const taken = this.threads.find((thread) => thread.name === word.text);
    if (isFree(word, reporter) && taken !== undefined)
      reporter.error(word, `\`${word.text}\` is already a ${kindOf(taken)}`, "choose another name");
    return this.threads.push({ name: word.text, isChain, calls: new Map() }) - 1;
  }

  /** Declares a label or register of a thread. */
  declareCall(thread: number, word: Word, named: NamedCall, reporter: Reporter): void {
    if (!isFree(word, reporter)) return;
    const own = this.threads[thread]!.calls;
    const taken = own.get(word.text)?.by;
    if (taken !== undefined) {
      const message = `\`${word.text}\` is already a ${taken} of this ${kindOf(this.threads[thread]!)}`;
      reporter.error(word, message, "choose another name: each is given once");
      return;
    }
    if (named.by === "register" && this.things.has(word.text)) {
      const message = `\`${word.text}\` is already a file, a pipe or a socket`;
      reporter.error(word, message, "choose another name for the register");
      return;
    }
    own.set(word.text, named);
  }

  /** The index of a name in the folder, which is added if it is new; undefined if there are too many. */
  nameOf(name: string, span: Span, reporter: Reporter): number | undefined {
    const known = this.names.indexOf(name);
    if (known >= 0) return known;
    if (this.names.length < NAMES_MAX) return this.names.push(name) - 1;
    reporter.error(span, `there are more than ${NAMES_MAX} names`, "use fewer files");
    return undefined;
  }

  /** The call behind `thread:name`; what is not known is reported. */
  callOf(
    { thread, name }: Qualified,
    reporter: Reporter,
    maker?: SyscallName,
  ): NamedCall | undefined {
    const scope = this.threads.find((each) => each.name === thread.text);
    if (scope === undefined) {
      const remedy = didYouMean(
        thread.text,
        this.threads.map((each) => each.name),
        "declare the thread first",
      );
      const kinds = this.threads.some(({ isChain }) => isChain) ? "thread or chain" : "thread";
      reporter.error(thread, `there is no ${kinds} \`${thread.text}\``, remedy);
      return undefined;
    }
    const named = scope.calls.get(name.text);
    if (named !== undefined) return named;
    const what = maker === undefined ? "label or register" : "register";
    const message = `${kindOf(scope)} \`${thread.text}\` has no ${what} \`${name.text}\``;
    const names = [...scope.calls].flatMap(([each, { by }]) =>
      maker === undefined || by === "register" ? [each] : [],
    );
    const otherwise =
      maker === undefined
        ? `give a call of ${thread.text} the label: \`${name.text}: …\``
        : `put it in front of a call of ${thread.text}: \`${name.text} = ${maker}(…)\``;
    reporter.error(name, message, didYouMean(name.text, names, otherwise));
    return undefined;
  }

  /** The pipe that a name stands for. */
  pipeOf(name: string): PipeRef | undefined {
    const thing = this.things.get(name);
    if (thing?.kind === "pipe") return { pipe: thing.pipe };
    return thing?.kind === "made" ? { call: thing.call } : undefined;
  }
}

/** Whether a word may be a name; a word of the language is reported. */
function isFree(word: Word, reporter: Reporter): boolean {
  if (!isReserved(word.text)) return true;
  reporter.error(word, `\`${word.text}\` is a word of the language`, "choose another name");
  return false;
}

/** The scope of a finished program, for text that goes on from it. */
export function scopeOf(program: Program): Scope {
  const scope = new Scope();
  scope.names.push(...program.names);
  program.files.forEach((file, i) => scope.things.set(file.name, { kind: "file", file: i }));
  program.pipes.forEach((pipe, i) => scope.things.set(pipe.name, { kind: "pipe", pipe: i }));
  program.sockets.forEach(({ name }, socket) => scope.things.set(name, { kind: "socket", socket }));
  program.wires.forEach(({ name }, wire) => scope.things.set(name, { kind: "wire", wire }));
  program.threads.forEach(({ name, chain, calls: own }, thread) => {
    const calls = new Map<string, NamedCall>();
    for (const { id: call, syscall, label, register, operands } of own) {
      if (label !== undefined) calls.set(label, { call, syscall, by: "label" });
      if (register !== undefined) calls.set(register, { call, syscall, by: "register" });
      const made = operands[0];
      if (made?.kind === "newpipe") scope.things.set(made.name, { kind: "made", call, thread });
    }
    scope.threads.push({ name, isChain: chain !== undefined, calls });
  });
  return scope;
}
