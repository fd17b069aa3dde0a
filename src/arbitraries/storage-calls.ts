// The calls on names and on whole files in generated programs.
//
// Interface: STORAGE_KINDS, CACHES_KINDS.

import { POSIX_FADV_DONTNEED } from "../../assembly/abi/fcntl.js";
import { MS_ASYNC, MS_INVALIDATE, MS_SYNC } from "../../assembly/abi/mman.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import type { Operand } from "../language/program.js";
import type { CallKind, Decoded, Site } from "./calls.js";

const int = (value: number): Operand => ({ kind: "int", value: BigInt(value) });

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

/** The kernel leaves open whether write-back is over that a call has only begun, and who drops clean pages then would tell: a
 *  program has renames, or one advice, or drops the caches. */
function rename(site: Site): Decoded {
  site.context.writeBack ??= "rename";
  if (site.context.writeBack !== "rename") return unlink(site);
  return { syscall: "rename", operands: [name(site), other(site)] };
}

/** A name that a file may get: most often one that no file has, or the last file's. */
function other({ digits, context }: Site): Operand {
  const files = context.declared.files.length;
  const index = [files, files - 1, 0, -1][digits.weighted([50, 34, 15, 1])]!;
  if (index === files) context.newNameUsed = true;
  return { kind: "name", name: index };
}

const fsync = (site: Site): Decoded => ({
  syscall: "fsync",
  operands: [site.context.fd(site.digits, site.thread, "file")],
});

/** Most often the whole file; pages of it, or nearly. */
function fadvise(site: Site): Decoded {
  const { digits, context, thread } = site;
  if (context.writeBack !== undefined) return fsync(site);
  context.writeBack = "posix_fadvise";
  const of = context.fd(digits, thread, "file");
  const wide = digits.weighted([60, 40]) === 0;
  const at = wide ? 0 : PAGE_SIZE * digits.pick(3) + [0, 1, 4095][digits.weighted([80, 10, 10])]!;
  const pages = PAGE_SIZE * (1 + digits.pick(3));
  const len = wide ? 0 : pages + [0, -1, 1][digits.weighted([80, 10, 10])]!;
  const bad = digits.rarely(1);
  const operands = [of, int(at), int(bad ? -1 : len), int(POSIX_FADV_DONTNEED)];
  return { syscall: "posix_fadvise", operands };
}

function dropCaches(site: Site): Decoded {
  site.context.writeBack ??= "drop_caches";
  if (site.context.writeBack !== "drop_caches") return fsync(site);
  return { syscall: "drop_caches", operands: [] };
}

const SYNC_FLAGS = [MS_SYNC, MS_ASYNC, MS_INVALIDATE, MS_SYNC | MS_ASYNC, 0] as const;

/** Of a mapping that the program has, most often the whole. */
function msync(site: Site): Decoded {
  const { digits, context, thread } = site;
  const call = context.mapping(digits, thread);
  if (call === undefined) return fsync(site);
  const length = [4 * PAGE_SIZE, PAGE_SIZE, 0][digits.weighted([60, 36, 4])]!;
  const flags = SYNC_FLAGS[digits.weighted([84, 6, 6, 2, 2])]!;
  return { syscall: "msync", operands: [{ kind: "result", call }, int(length), int(flags)] };
}

/** The kinds. */
export const STORAGE_KINDS: readonly CallKind[] = [
  { weight: 9, place: 5, decode: unlink },
  { weight: 9, place: 5, decode: rename },
  { weight: 12, place: 3, decode: fsync },
  { weight: 14, place: 4, decode: fadvise },
  { weight: 8, place: 7, decode: msync },
];

/** The kinds where the caches may be dropped: a page that is dropped must be clean. */
export const CACHES_KINDS: readonly CallKind[] = [
  { weight: 12, place: 3, decode: fsync },
  { weight: 14, place: 5, decode: dropCaches },
];
