// The laws of descriptions, of the ends of pipes, and of names. Part of invariants.ts.
//
// Interface: filesHold, endsHold, namesHold.
// Not modelled: laws about content.

import { fifoOf, isFifo } from "./fs/fifo";
import {
  INODE_LIVE,
  PIPE_NAMED,
  TARGET_NONE,
  TARGET_READ_END,
  TARGET_WRITE_END,
  fdAt,
  fds,
  fileAt,
  filesMax,
  inodeAt,
  inodesMax,
  nameAt,
  names,
  pipeAt,
  pipesMax,
  taskAt,
  tasks,
} from "./layout";
import { mappingsMax, rawMapping } from "./mm/page-table";
import { FD_RESERVED, isPipe } from "./sched/call";
import { LINE_LOCK } from "./sched/line";

export function filesHold(): bool {
  for (let f: u32 = 0; f < filesMax; f++) {
    const file = fileAt(f);
    if (file.target == TARGET_NONE) continue;
    let users: u32 = 0;
    for (let fd: u32 = 0; fd < fds; fd++)
      if (load<u8>(fdAt(fd)) == f + 1 && load<u8>(fdAt(fd)) != FD_RESERVED) users++;
    for (let t: u32 = 0; t < tasks; t++) {
      if (taskAt(t).fileIn == f + 1) users++;
      if (taskAt(t).fileOut == f + 1) users++;
      // A description that open() has not installed yet, beside the call's own reference.
      if (taskAt(t).fd && taskAt(t).fileIn == f + 1) users++;
    }
    for (let m: u32 = 0; m < mappingsMax; m++) if (rawMapping(m).file == f + 1) users++;
    if (file.refs != users) return false;
  }
  return true;
}

/** A FIFO's description, before its open has had the mutex. */
function isBeingOpened(file: u32): bool {
  for (let t: u32 = 0; t < tasks; t++)
    if (taskAt(t).fd && taskAt(t).fileIn == file + 1 && taskAt(t).line == LINE_LOCK) return true;
  return false;
}

export function endsHold(): bool {
  for (let p: u32 = 0; p < pipesMax; p++) {
    let readers: u32 = 0;
    let writers: u32 = 0;
    let open: u32 = 0;
    for (let f: u32 = 0; f < filesMax; f++) {
      const file = fileAt(f);
      if (file.id != p || !isPipe(file)) continue;
      open++;
      if (isBeingOpened(f)) continue;
      if (file.target != TARGET_WRITE_END) readers++;
      if (file.target != TARGET_READ_END) writers++;
    }
    const it = pipeAt(p);
    if (it.readers != readers || it.writers != writers || it.files != open) return false;
  }
  return true;
}

export function namesHold(): bool {
  for (let i: u32 = 0; i < inodesMax; i++) {
    const inode = inodeAt(i);
    let count: u32 = 0;
    for (let name: u32 = 0; name < names; name++) if (load<u8>(nameAt(name)) == i + 1) count++;
    if (
      inode.named != count ||
      (inode.live & INODE_LIVE) != (inode.named || inode.opens ? INODE_LIVE : 0)
    )
      return false;
  }
  for (let name: u32 = 0; name < names; name++) {
    const entry: u32 = load<u8>(nameAt(name));
    if (isFifo(entry) && !(pipeAt(fifoOf(entry)).live & PIPE_NAMED)) return false;
  }
  return true;
}
