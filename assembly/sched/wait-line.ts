// The line SLEEP: go on if the condition holds, else enter the queue. Mirrors: include/linux/wait.h:___wait_event().
//
// Interface: stepSleep (for sockets too), stepInputSleep, stepOutputSleep; isReady: the condition itself.
// The check and the queueing are one step, so that no wake-up is lost between them.

import { SYS_READ, SYS_WRITE } from "../abi/syscalls";
import { TASK_SLEPT, pipesMax, taskAt } from "../layout";
import { readable, writable } from "../fs/pipe";
import { readQueue, sleepIn, socketQueue, writeQueue } from "../fs/wait";
import { SENDS_MESSAGES, does } from "../net/kinds";
import { isTcp } from "../net/layout";
import { receivable } from "../net/receive";
import { plainCode } from "../program";
import {
  currentCall,
  fileIn,
  fileOut,
  finish,
  isPipe,
  isSocket,
  isSplice,
  isVmspliceIn,
  isVmspliceOut,
} from "./call";
import { LINE_INPUT, LINE_LOCK, LINE_OUTPUT } from "./line";
import { LOST_WAKEUP } from "../mutants";

/** Whether what is waited for in a queue, but for poll, is there. */
export function isReady(queue: u32): bool {
  if (queue >= 2 * pipesMax) return receivable(queue - 2 * pipesMax);
  const pipe = queue >> 1;
  return queue == readQueue(pipe) ? readable(pipe) : writable(pipe);
}

/** Waits for data (true) or for room. */
function wait(task: u32, pipe: u32, forData: bool, exclusive: bool, next: u8): void {
  const it = taskAt(task);
  const queue = forData ? readQueue(pipe) : writeQueue(pipe);
  if (MUTANT != LOST_WAKEUP && isReady(queue)) {
    it.flags |= TASK_SLEPT;
    it.line = next;
  } else sleepIn(queue, task, exclusive);
}

/** read, write: exclusive; splice between a file and a pipe, vmsplice: not. */
export function stepSleep(task: u32): void {
  const code = plainCode(currentCall(task));
  if (isSocket(fileIn(task)) && !isSplice(task)) return waitForSocket(task, fileIn(task).id);
  if (code == SYS_READ) wait(task, fileIn(task).id, true, true, LINE_LOCK);
  else if (code == SYS_WRITE) wait(task, fileIn(task).id, false, true, LINE_LOCK);
  else if (isVmspliceIn(task)) wait(task, fileIn(task).id, false, false, LINE_LOCK);
  else if (isVmspliceOut(task)) wait(task, fileIn(task).id, true, false, LINE_LOCK);
  else if (isPipe(fileOut(task))) wait(task, fileOut(task).id, false, false, LINE_LOCK);
  else wait(task, fileIn(task).id, true, false, LINE_LOCK);
}
/** Readers of a socket are woken together, but for messages, of which each wakes one. Mirrors: net/unix/af_unix.c:
 *  unix_stream_data_wait(), net/core/datagram.c:__skb_wait_for_more_packets(). */
function waitForSocket(task: u32, sock: u32): void {
  const it = taskAt(task);
  if (isTcp(sock) && it.want == 0) return waitForNothing(task, sock);
  if (isReady(socketQueue(sock))) it.line = LINE_LOCK;
  else sleepIn(socketQueue(sock), task, does(sock, SENDS_MESSAGES));
}
/** TCP has a recv() of no bytes wait once, for whatever wakes it: it looks at nothing any more. Mirrors: tcp_recvmsg_locked(). */
function waitForNothing(task: u32, sock: u32): void {
  const it = taskAt(task);
  if (it.flags & TASK_SLEPT || isReady(socketQueue(sock))) return finish(task, 0);
  it.flags |= TASK_SLEPT;
  sleepIn(socketQueue(sock), task, false);
}
export function stepInputSleep(task: u32): void {
  wait(task, fileIn(task).id, true, false, LINE_INPUT);
}
export function stepOutputSleep(task: u32): void {
  wait(task, fileOut(task).id, false, false, LINE_OUTPUT);
}
