// drop_caches: clean folios that nobody holds leave the page cache, of every file.
//
// Mirrors: fs/drop_caches.c:drop_pagecache_sb(); mm/truncate.c:mapping_try_invalidate(), mapping_evict_folio().
// Interface: sysDropCaches, stepEvict (the line EVICT).
// What a holder sees: nothing, and nothing is written back. A folio of tmpfs is clean if nobody has written to it.
// Not modelled: the order of the files, which is that of the kernel's lists; the caches of names and inodes.

import { frameAt, inodesMax, pagesMax, taskAt } from "../layout";
import { folioPages } from "../mm/folio";
import { cachedFolio, isDirty } from "../mm/page-cache";
import { finish } from "../sched/call";
import { LINE_EVICT } from "../sched/line";
import { isIdle, letGo } from "./sync";

/** The task's `pos` is the next page, counted through all files. */
export function sysDropCaches(task: u32): void {
  taskAt(task).line = LINE_EVICT;
}

/** One folio leaves the cache; without any that may the call is over. */
export function stepEvict(task: u32): void {
  const it = taskAt(task);
  for (let page = <u32>it.pos; page < inodesMax * pagesMax; page++) {
    const head = cachedFolio(page / pagesMax, page % pagesMax);
    if (head == 0 || isDirty(frameAt(head)) || !isIdle(head)) continue;
    it.pos = page + folioPages(head);
    return letGo(head);
  }
  finish(task, 0);
}
