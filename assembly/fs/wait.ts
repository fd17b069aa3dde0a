// The wait queues: rd_wait and wr_wait of each pipe, then one of each socket. Mirrors: kernel/sched/wait.c.
//
// Interface: sleepIn, wakeOne, wakeAll, readQueue, writeQueue, socketQueue; queuesMax.
// Law: a task sleeps exactly if it stands in one queue; non-exclusive waiters stand before exclusive ones.
// Not modelled: signals.

import { emit, EVENT_SLEEP, EVENT_SLEEP_SOCKET, EVENT_WAKE } from "../events";
import { pipeAt, pipesMax, queueAt, taskAt } from "../layout";
import { sockAt, sockQueueAt, socksMax } from "../net/layout";
import { OBJECT_TASK, declareRead, declareWrite } from "../touch";
import { pollWants } from "../sched/call";
import { LINE_POLL } from "../sched/line";
import { WAKES_ONLY_FIRST } from "../mutants";

/** A waiter that is woken alone. */
const EXCLUSIVE: u8 = 0x80;

export function readQueue(pipe: u32): u32 {
  return pipe * 2;
}
export function writeQueue(pipe: u32): u32 {
  return pipe * 2 + 1;
}
/** Readers and pollers of a socket wait in one queue. Mirrors: sk_sleep(). */
export function socketQueue(sock: u32): u32 {
  return pipesMax * 2 + sock;
}
export function queuesMax(): u32 {
  return pipesMax * 2 + socksMax;
}
/** Address of a queue's entries, one byte each. */
function entriesOf(queue: u32): usize {
  return queue < pipesMax * 2 ? queueAt(queue) : sockQueueAt(queue - pipesMax * 2);
}
export function waiters(queue: u32): u32 {
  if (queue >= pipesMax * 2) return sockAt(queue - pipesMax * 2).waiters;
  const pipe = pipeAt(queue >> 1);
  return queue & 1 ? pipe.writeWaiters : pipe.readWaiters;
}
function setWaiters(queue: u32, count: u32): void {
  if (queue >= pipesMax * 2) sockAt(queue - pipesMax * 2).waiters = <u8>count;
  else if (queue & 1) pipeAt(queue >> 1).writeWaiters = <u8>count;
  else pipeAt(queue >> 1).readWaiters = <u8>count;
}
/** The task of the nth entry. */
export function waiter(queue: u32, nth: u32): u32 {
  return load<u8>(entriesOf(queue) + nth) & ~EXCLUSIVE;
}

/** Puts a task to sleep: non-exclusive waiters enter at the head, exclusive ones at the tail. */
export function sleepIn(queue: u32, task: u32, exclusive: bool): void {
  const count = waiters(queue);
  const at = entriesOf(queue);
  if (exclusive) store<u8>(at + count, (<u8>task) | EXCLUSIVE);
  else {
    memory.copy(at + 1, at, count);
    store<u8>(at, <u8>task);
  }
  setWaiters(queue, count + 1);
  taskAt(task).queue = <u8>(queue + 1);
  if (queue < pipesMax * 2) emit(EVENT_SLEEP, task, queue >> 1);
  else emit(EVENT_SLEEP_SOCKET, task, queue - pipesMax * 2);
}

/** Wakes every non-exclusive waiter and the first exclusive one. `events`: POLL* that the wake-up tells of, and that poll() may
 *  not have asked for; 0 concerns everybody. Mirrors: wake_up_interruptible(), wake_up_interruptible_sync_poll(). */
export function wakeOne(queue: u32, by: u32, events: u32 = 0): void {
  let nth: u32 = 0;
  while (nth < waiters(queue)) {
    if (events && !concerns(waiter(queue, nth), events)) {
      nth++;
      continue;
    }
    const exclusive = (load<u8>(entriesOf(queue) + nth) & EXCLUSIVE) != 0;
    wake(queue, nth, by);
    if (exclusive || MUTANT == WAKES_ONLY_FIRST) return;
  }
}

/** Whether a waiter hears of events: one in poll() only of its own. Mirrors: fs/select.c:pollwake(). */
function concerns(task: u32, events: u32): bool {
  declareRead(OBJECT_TASK, task);
  return taskAt(task).line != LINE_POLL || (events & pollWants(task)) != 0;
}

/** Wakes everybody. Mirrors: wake_up_interruptible_all(). */
export function wakeAll(queue: u32, by: u32): void {
  while (waiters(queue)) wake(queue, 0, by);
}

/** Wakes the nth waiter. */
function wake(queue: u32, nth: u32, by: u32): void {
  const at = entriesOf(queue) + nth;
  const count = waiters(queue) - nth;
  const task = waiter(queue, nth);
  // A waiter is declared by the pipe or socket whose queue it stands in.
  declareWrite(OBJECT_TASK, task);
  memory.copy(at, at + 1, count - 1);
  store<u8>(at + count - 1, 0);
  setWaiters(queue, nth + count - 1);
  taskAt(task).queue = 0;
  emit(EVENT_WAKE, task, by);
}
