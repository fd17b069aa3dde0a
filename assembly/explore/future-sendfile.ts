// What a sendfile may still do: from a file into a pipe, or in rounds through the thread's own pipe.
//
// Interface: foreseeSendfile (a call that has not been entered), foreseeRounds (one in progress).
// Not modelled: how many rounds are left; every one is taken to reach all pages of the call.

import { OPERAND_NULL } from "../abi/program";
import { SYS_READ, SYS_SENDFILE } from "../abi/syscalls";
import { ownPipe } from "../fs/own-pipe";
import { TARGET_INODE, fileAt } from "../layout";
import { foreseeSocket } from "../net/declare";
import { operandKind, operandValue } from "../program";
import { isPipe, isSocket } from "../sched/call";
import { OBJECT_FILE, OBJECT_POSITION, declareAdd, declareWrite } from "../touch";
import { hearEverything } from "./footprint";
import { foreseeDrain, foreseeFrags } from "./future-rings";
import { foreseeRing, foreseeSpliceIn, foreseeSpliceOut, pagesOf, wholeFile } from "./future-rows";
import { FILE_UNKNOWN, fileBehind } from "./pending";

/** A sendfile that its task has not entered. `now`: facts of pending.ts. */
export function foreseeSendfile(task: u32, call: u32, now: u8): void {
  const output = fileBehind(call, 0, now);
  const input = fileBehind(call, 1, now);
  if (input == FILE_UNKNOWN || output == FILE_UNKNOWN) return hearEverything();
  if (input) declareAdd(OBJECT_FILE, input - 1);
  if (output) declareAdd(OBJECT_FILE, output - 1);
  if (input && output) foreseeRounds(task, call, input - 1, output - 1, now);
}

/** Everything between two descriptions. */
export function foreseeRounds(task: u32, call: u32, input: u32, output: u32, now: u8): void {
  const from = fileAt(input);
  const to = fileAt(output);
  if (isPipe(to)) foreseeRing(to.id, SYS_SENDFILE);
  if (isSocket(from)) return foreseeDrain(from, to);
  if (from.target != TARGET_INODE) return;
  const positioned = operandKind(call, 2) != OPERAND_NULL;
  if (!positioned) declareWrite(OBJECT_POSITION, input);
  if (positioned) pagesOf(operandValue(call, 2), operandValue(call, 3));
  else wholeFile();
  if (isPipe(to)) return foreseeSpliceIn(task, input, to.id, now);
  const own = ownPipe(task);
  foreseeSpliceIn(task, input, own, now);
  foreseeRing(own, SYS_READ);
  declareWrite(OBJECT_POSITION, output);
  if (isSocket(to)) {
    foreseeSocket(to, true);
    return foreseeFrags(own, to);
  }
  wholeFile();
  foreseeSpliceOut(own, to.id);
}
