// Completion: the words that fit where the cursor is.
//
// Interface: litmusCompletions, a source for CodeMirror's autocompletion; optionsAt, the same as data.

import { snippetCompletion } from "@codemirror/autocomplete";
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { ensureSyntaxTree, syntaxTree } from "@codemirror/language";
import type { Tree } from "@lezer/common";
import { prototypeOf } from "../../language/check-call.js";
import { SOCKET_FLAGS } from "../../language/check-socket.js";
import { CHAIN_FLAGS, PIPE_FLAGS } from "../../language/constants.js";
import { ERRNO_DOCS, errnosOf } from "../../language/errnos.js";
import { BACKGROUND_TASKS } from "../../language/program.js";
import { SYSCALLS, SYSCALL_NAMES, syscallRow } from "../../language/syscalls.js";
import type { SyscallName } from "../../language/syscalls.js";
import { argumentOptions } from "./complete-argument.js";
import { declaredIn, endsOf } from "./declared.js";
import type { Declared } from "./declared.js";
import { siteAt } from "./site.js";
import type { Site } from "./site.js";
import { constantOptions, wordOption } from "./word-options.js";
import { BEGINNINGS, SOCKET_WORDS, WORDS } from "./words.js";

/** How long a key may wait for the tree. */
const PARSE_MS = 50;

const CALLS: readonly Completion[] = SYSCALL_NAMES.map((name) => {
  const { params, doc } = syscallRow(name);
  const required = params.filter(({ optional }) => optional === undefined);
  const fields = required.map((param) => `\${${param.name}}`).join(", ");
  const detail = prototypeOf(name).slice(name.length);
  return snippetCompletion(`${name}(${fields})`, {
    label: name,
    type: "function",
    detail,
    info: doc,
  });
});

/** What io_uring makes, in a chain. */
const REQUESTS = CALLS.filter((_, i) => syscallRow(SYSCALL_NAMES[i]!).request !== undefined);

const labelsOf = ({ threads }: Declared): Completion[] =>
  threads.flatMap((thread) =>
    thread.calls.map(({ name, by, syscall }) => ({
      label: `${thread.name}:${name}`,
      type: "property",
      detail: syscall === undefined ? by : `${by} of ${syscall}()`,
    })),
  );

/** What a condition or a list of locations may speak of. */
function placesOf(declared: Declared): Completion[] {
  const things = declared.things.flatMap((thing): Completion[] => {
    const { kind, name } = thing;
    const places =
      kind === "socket" ? endsOf(thing) : kind === "wire" ? [name, `${name}.last`] : [name];
    return places.map((label) => ({ label, type: "variable", detail: kind }));
  });
  return [...labelsOf(declared), ...things];
}

const tops = (): Completion[] => BEGINNINGS.map((row) => wordOption(row));

const isSocketWord = (word: string | undefined): boolean =>
  SOCKET_WORDS.some((row) => row.word === word);

/** Behind the name of a pipe, a socket, a wire, a file or a chain. */
function partOptions(of: string, given: readonly string[]): Completion[] {
  const last = given.at(-1);
  if (last === "size" || last === "queue" || last === "order") return [];
  const without = (set: Readonly<Record<string, number>>): Completion[] =>
    constantOptions(set).filter(({ label }) => !given.includes(label));
  if (of === "chain") return given.length === 1 || last === "|" ? without(CHAIN_FLAGS) : [];
  if (last === "|") return without(of === "pipe" ? PIPE_FLAGS : SOCKET_FLAGS);
  if (of === "pipe")
    return [...(given.length === 1 ? without(PIPE_FLAGS) : []), wordOption(WORDS.size), ...tops()];
  if (of === "socket") {
    const isFirst = given.length === 1;
    const takesFlags = isFirst || (given.length === 2 && isSocketWord(last));
    return [
      ...(isFirst ? SOCKET_WORDS.map((row) => wordOption(row)) : []),
      ...(takesFlags ? without(SOCKET_FLAGS) : []),
      ...tops(),
    ];
  }
  if (of === "wire")
    return [...[WORDS.loopback, WORDS.queue, WORDS.retransmit].map(wordOption), ...tops()];
  return [wordOption(WORDS.folio), ...tops()];
}

function errnoOptions(callee: string, failed: boolean): Completion[] {
  if (!Object.hasOwn(SYSCALLS, callee)) return [];
  return errnosOf(callee as SyscallName).map((name) => ({
    label: failed ? name : `-1 ${name}`,
    type: "constant",
    info: ERRNO_DOCS[name],
  }));
}

/** What fits at a site of a text. */
export function optionsAt(site: Site, declared: Declared, at: number): readonly Completion[] {
  switch (site.kind) {
    case "top":
      return tops();
    case "statement":
      return site.of === "chain" ? REQUESTS : [...CALLS, wordOption(WORDS.after)];
    case "after":
      return labelsOf(declared);
    case "argument":
      return argumentOptions(site, declared, at);
    case "result":
      return errnoOptions(site.callee, site.failed);
    case "tasks":
      return BACKGROUND_TASKS.map((task) => wordOption(WORDS[task]));
    case "content":
      return [WORDS.hole, WORDS.hex].map((row) => wordOption(row));
    case "place":
      return [
        ...placesOf(declared),
        ...[WORDS.snapshot, WORDS.not, WORDS.true].map((row) => wordOption(row, -1)),
      ];
    case "locations":
      return placesOf(declared);
    case "value":
      return [wordOption(WORDS.hex)];
    case "joint":
      return tops();
    case "options":
      return partOptions(site.of, site.given);
    case "name":
    case "nothing":
      return [];
  }
}

/** Where the word begins that is being typed; in a string, the string. */
function wordStart(context: CompletionContext, tree: Tree): number {
  const { name, from } = tree.resolveInner(context.pos, -1);
  if (name === "String" && from < context.pos) return from;
  return context.matchBefore(/[~\w.:-]*/)!.from;
}

/** The completions at the cursor, for CodeMirror. */
export function litmusCompletions(context: CompletionContext): CompletionResult | null {
  const { state, pos } = context;
  const tree = ensureSyntaxTree(state, pos, PARSE_MS) ?? syntaxTree(state);
  const text = state.doc.toString();
  const start = wordStart(context, tree);
  const site = siteAt(tree, text, start);
  const typed = text.slice(start, pos);
  const from = start + (site.kind === "statement" ? typed.lastIndexOf(":") + 1 : 0);
  if (!context.explicit && !/^[~A-Za-z_"]/.test(text.slice(from, pos))) return null;
  const options = optionsAt(site, declaredIn(tree, text), pos);
  if (options.length === 0) return null;
  const closed = typed.startsWith('"') && text[pos] === '"';
  return { from, to: closed ? pos + 1 : pos, options, validFor: /^["~\w.:/-]*$/ };
}
