// The calls of generated programs that move bytes in other ways than read, write and splice do.
//
// Interface: MOVE_KINDS.

import type { CallKind, Decoded, Site } from "./calls.js";
import {
  amount,
  count,
  fd,
  filledEnd,
  fillingEnd,
  int,
  NULL,
  pageOffset,
  pointer,
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

/** The kinds, behind those of calls.ts. */
export const MOVE_KINDS: readonly CallKind[] = [{ weight: 9, place: 2, decode: sendfile }];
