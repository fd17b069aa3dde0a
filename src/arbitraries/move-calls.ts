// The calls of generated programs that move bytes in other ways than read, write and splice do.
//
// Interface: MOVE_KINDS, mapAnonymous.

import { F_SETFL, O_APPEND, O_DIRECT, O_NONBLOCK } from "../../assembly/abi/fcntl.js";
import {
  MADV_DONTNEED,
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_READ,
  PROT_WRITE,
} from "../../assembly/abi/mman.js";
import { PAGE_SIZE } from "../../assembly/abi/pipe.js";
import type { CallKind, Decoded, Site } from "./calls.js";
import {
  amount,
  count,
  fd,
  filledEnd,
  fillingEnd,
  int,
  NULL,
  offset,
  pageOffset,
  pointer,
  spliceFlags,
  tooEarly,
} from "./calls.js";

/** Where sendfile takes its bytes from: most often at an offset of its own. */
const offsetIn = (site: Site) =>
  site.digits.weighted([65, 35]) === 0 ? pointer(pageOffset(site)) : NULL;

/** Into a pipe, a file or a socket; now and then from a pipe, which fails. */
function sendfile(site: Site): Decoded {
  const { digits, context } = site;
  const { files, sockets } = context.declared;
  const from = digits.rarely(4) ? filledEnd(site) : fd(site, "file");
  const at = digits.rarely(1) ? pointer(-1) : offsetIn(site);
  const to = digits.weighted([50, 35, sockets.length > 0 ? 40 : 0]);
  if (to === 2) {
    const len = context.takeSend(amount(site));
    return { syscall: "sendfile", operands: [fd(site, "sender"), from, at, int(len)] };
  }
  const wanted = digits.rarely(3) ? 0 : amount(site);
  if (to === 0 || !context.budget.takeAnywhere(wanted))
    return { syscall: "sendfile", operands: [fillingEnd(site), from, at, int(count(site))] };
  const other = files.length > 1 && !digits.rarely(15);
  const into = from.kind === "file" && other ? { ...from, file: 1 - from.file } : fd(site, "file");
  return { syscall: "sendfile", operands: [into, from, at, int(wanted)] };
}

const FLAGS = [O_NONBLOCK, 0, O_DIRECT, O_DIRECT | O_NONBLOCK] as const;

/** Of a pipe's ends, now and then of a file: appending, or as it was. Whatever is written then may lengthen it. */
function setFlags(site: Site): Decoded {
  const { digits, context } = site;
  const of = digits.weighted([45, 25, 20, context.declared.sockets.length > 0 ? 20 : 0]);
  const role = (["write-end", "read-end", "file", "receiver"] as const)[of]!;
  const appends = role === "file" && digits.pick(2) === 1;
  const flags =
    role === "file" ? (appends ? O_APPEND : 0) : FLAGS[digits.weighted([40, 30, 20, 10])]!;
  if (appends) context.appends = true;
  return { syscall: "fcntl", operands: [fd(site, role), int(F_SETFL), int(flags)] };
}

export function mapAnonymous({ digits, context, thread, id }: Site): Decoded {
  const kind = [MAP_PRIVATE, MAP_SHARED, 0][digits.weighted([66, 33, 1])]!;
  const prot = [PROT_READ | PROT_WRITE, PROT_READ, 0][digits.weighted([92, 6, 2])]!;
  const pages = 1 + digits.weighted([40, 40, 20]);
  context.makeMapping(thread, id);
  const flags = int(kind | MAP_ANONYMOUS);
  const operands = [NULL, int(pages * PAGE_SIZE), int(prot), flags, int(-1), int(0)];
  return { syscall: "mmap", operands };
}

function madvise(site: Site): Decoded {
  const { digits, context, thread } = site;
  const call = context.mapping(digits, thread);
  if (call === undefined) return mapAnonymous(site);
  const length = [4 * PAGE_SIZE, PAGE_SIZE, 0][digits.weighted([60, 36, 4])]!;
  return {
    syscall: "madvise",
    operands: [{ kind: "result", call }, int(length), int(MADV_DONTNEED)],
  };
}

/** Of a mapping of the first process: children have none. */
function fork(site: Site): Decoded {
  const { digits, context, thread, id } = site;
  const call = context.mapping(digits, thread, false);
  if (call === undefined) return mapAnonymous(site);
  context.makeCopy(thread, id);
  return { syscall: "fork", operands: [{ kind: "result", call }] };
}

/** Into a pipe, or out of one. */
function vmsplice(site: Site): Decoded {
  const { digits, context, thread } = site;
  const call = context.mapping(digits, thread, false);
  if (call === undefined) return mapAnonymous(site);
  const takes = digits.weighted([65, 35]) === 0 || tooEarly(site);
  const end = takes ? fillingEnd(site) : filledEnd(site);
  const at = digits.weighted([70, 30]) === 0 ? 0 : offset(site);
  const operands = [end, { kind: "result", call } as const, int(amount(site)), int(at)];
  return { syscall: "vmsplice", operands: [...operands, spliceFlags(site)] };
}

/** The kinds, behind those of calls.ts. */
export const MOVE_KINDS: readonly CallKind[] = [
  { weight: 9, place: 2, decode: sendfile },
  { weight: 3, place: 4, decode: setFlags },
  { weight: 7, place: 0, decode: mapAnonymous },
  { weight: 2, place: 7, decode: madvise },
  { weight: 8, place: 4, decode: vmsplice },
  { weight: 6, place: 4, decode: fork },
];
