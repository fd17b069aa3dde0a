// What copy_file_range may still do, from its beginning or from where it stands.
//
// Interface: foreseeCopy. Part of future-calls.ts.
// Not modelled: which pages it is about; that it may be past its locks.

import { SWITCH_REFLINK } from "../abi/switches";
import { has, markProtects } from "../config";
import { TARGET_INODE, fileAt } from "../layout";
import { isPipe } from "../sched/call";
import { OBJECT_PIPE, OBJECT_POSITION, declareRead, declareWrite } from "../touch";
import { foreseeCut } from "./future-inode";
import { foreseeMappings } from "./future-memory";
import { foreseeCopied } from "./future-rows";

/** Whether a description is a file's; of a pipe, a clone asks where it is. */
function isFile(file: u32): bool {
  const it = fileAt(file);
  if (isPipe(it)) declareRead(OBJECT_PIPE, it.id);
  return it.target == TARGET_INODE;
}

/** `from`, `to`: the descriptions. */
export function foreseeCopy(task: u32, from: u32, to: u32, now: u8): void {
  if (!isFile(from) || !isFile(to)) return;
  declareWrite(OBJECT_POSITION, from);
  declareWrite(OBJECT_POSITION, to);
  if (markProtects()) foreseeMappings();
  foreseeCopied(task, from, fileAt(to).id, now);
  if (!has(SWITCH_REFLINK)) return;
  foreseeCut(fileAt(from).id);
  foreseeCut(fileAt(to).id);
}
