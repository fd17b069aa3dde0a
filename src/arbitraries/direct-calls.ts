// Files without their page cache in generated programs.
//
// Interface: DIRECT_KINDS. What the thread opens so is then among the files that its other calls are on.

import {
  F_SETFL,
  O_APPEND,
  O_CREAT,
  O_DIRECT,
  O_RDWR,
  O_TMPFILE,
} from "../../assembly/abi/fcntl.js";
import type { Operand } from "../language/program.js";
import type { CallKind, Decoded, Site } from "./calls.js";

const int = (value: number): Operand => ({ kind: "int", value: BigInt(value) });

/** Most often the first file that the scenario declares. */
function open({ digits, context, thread, id }: Site): Decoded {
  const files = context.declared.files.length;
  const which = digits.weighted([70, 14, 10, 6]);
  const name = which === 0 ? 0 : which === 1 ? files - 1 : which === 2 ? files : -1;
  if (which === 2) context.newNameUsed = true;
  const more = [0, O_APPEND, O_CREAT, O_TMPFILE][which === 0 ? Number(digits.rarely(10)) : which]!;
  context.makeResult(thread, "file", id);
  const flags = O_RDWR | O_DIRECT | (which === 1 ? 0 : more);
  return {
    syscall: "open",
    operands: [{ kind: "name", name }, int(flags), int(which > 1 ? 0o600 : 0)],
  };
}

/** A description comes to be direct, or no longer. */
function setFlags({ digits, context, thread }: Site): Decoded {
  const of = context.fd(digits, thread, "file");
  const flags = digits.weighted([70, 30]) === 0 ? O_DIRECT : 0;
  return { syscall: "fcntl", operands: [of, int(F_SETFL), int(flags)] };
}

/** The kinds. */
export const DIRECT_KINDS: readonly CallKind[] = [
  { weight: 40, place: 0, decode: open },
  { weight: 20, place: 0, decode: setFlags },
];
