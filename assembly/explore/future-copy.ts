// What copy_file_range may still do, from its beginning or from where it stands.
//
// Interface: foreseeCopy. Part of future-calls.ts.
// Not modelled: which pages it is about; that it may be past its locks.

import { SWITCH_REFLINK } from "../abi/switches";
import { has, markProtects } from "../config";
import { TARGET_INODE, fileAt } from "../layout";
import { OBJECT_POSITION, declareWrite } from "../touch";
import { foreseeCut } from "./future-inode";
import { foreseeMappings } from "./future-memory";
import { foreseeCopied } from "./future-rows";

/** `from`, `to`: the descriptions. */
export function foreseeCopy(task: u32, from: u32, to: u32, now: u8): void {
  if (fileAt(from).target != TARGET_INODE || fileAt(to).target != TARGET_INODE) return;
  declareWrite(OBJECT_POSITION, from);
  declareWrite(OBJECT_POSITION, to);
  if (markProtects()) foreseeMappings();
  foreseeCopied(task, from, fileAt(to).id, now);
  if (!has(SWITCH_REFLINK)) return;
  foreseeCut(fileAt(from).id);
  foreseeCut(fileAt(to).id);
}
