// splice from a pipe to a file: all buffered slots go through the file's write path. Mirrors: fs/splice.c:
// iter_file_splice_write(), splice_from_pipe_next(), splice_to_socket().
//
// Interface: the lines LOCK and DONE of "splice pipe → file"; the write itself is file-write.ts, that into a
// socket net/send.ts.
// Not modelled: signals.

import { EAGAIN } from "../abi/errno";
import { TASK_NONBLOCK, TASK_WAKES, pipeAt, taskAt } from "../layout";
import { fail, fileIn, fileOut, finish, isDevice, isSendfile, isSocket } from "../sched/call";
import { LINE_SEND, LINE_SLEEP } from "../sched/line";
import { spliceToDevice } from "./device";
import { startWrite } from "./file-write";
import { isEmpty, queuedBytes } from "./pipe";
import { ownPipeEmptied } from "./sendfile";
import { keepOffset, storeOffset } from "./splice-offset";
import { wakeOne, writeQueue } from "./wait";

export function stepSpliceOutLock(task: u32): void {
  const it = taskAt(task);
  const id: u32 = fileIn(task).id;
  const pipe = pipeAt(id);
  if (!isEmpty(id)) {
    if (isDevice(fileOut(task))) return spliceToDevice(task);
    pipe.mutex = <u8>(task + 1);
    it.want = min<i64>(it.want, queuedBytes(id));
    if (isSocket(fileOut(task))) it.line = LINE_SEND;
    else startWrite(task);
  } else if (pipe.writers == 0) {
    storeOffset(task, 3, fileOut(task));
    finish(task, 0);
  } else if (it.flags & TASK_NONBLOCK) {
    keepOffset(task, 3, fileOut(task));
    fail(task, EAGAIN);
  } else it.line = LINE_SLEEP;
}

/** The file write is over: progress, or its error. */
export function stepSpliceOutDone(task: u32): void {
  const it = taskAt(task);
  if (isSendfile(task)) return ownPipeEmptied(task, it.ret);
  const id: u32 = fileIn(task).id;
  pipeAt(id).mutex = 0;
  if (it.flags & TASK_WAKES) wakeOne(writeQueue(id), task);
  if (it.done > 0) storeOffset(task, 3, fileOut(task));
  else keepOffset(task, 3, fileOut(task));
  finish(task, it.done > 0 ? it.done : it.ret);
}
