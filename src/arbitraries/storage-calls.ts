// The calls on names and on whole files in generated programs.
//
// Interface: STORAGE_KINDS.

import type { Operand } from "../language/program.js";
import type { CallKind, Decoded, Site } from "./calls.js";

/** Most often a declared file's name, the first one's before all. */
function name({ digits, context }: Site): Operand {
  const files = context.declared.files.length;
  switch (digits.weighted([60, 25, 14, 1])) {
    case 0:
      return { kind: "name", name: 0 };
    case 1:
      return { kind: "name", name: files - 1 };
    case 2:
      context.newNameUsed = true;
      return { kind: "name", name: files };
    default:
      return { kind: "name", name: -1 };
  }
}

const unlink = (site: Site): Decoded => ({ syscall: "unlink", operands: [name(site)] });

const rename = (site: Site): Decoded => ({
  syscall: "rename",
  operands: [name(site), other(site)],
});

/** A name that a file may get: most often one that no file has, or the last file's. */
function other({ digits, context }: Site): Operand {
  const files = context.declared.files.length;
  const index = [files, files - 1, 0, -1][digits.weighted([50, 34, 15, 1])]!;
  if (index === files) context.newNameUsed = true;
  return { kind: "name", name: index };
}

/** The kinds. */
export const STORAGE_KINDS: readonly CallKind[] = [
  { weight: 9, place: 5, decode: unlink },
  { weight: 9, place: 5, decode: rename },
];
