// The wait queues of a pipe: rd_wait and wr_wait. Mirrors: kernel/sched/wait.c.
//
// Interface: sleepIn, wakeOne, wakeAll, readQueue, writeQueue.
// Law: a task sleeps exactly if it stands in one queue; non-exclusive waiters stand before exclusive ones.
// Not modelled: signals.

import { emit, EVENT_SLEEP, EVENT_WAKE } from "../events";
import { Pipe, pipeAt, queueAt, taskAt } from "../layout";
import { OBJECT_TASK, declareWrite } from "../touch";
import { WAKES_ONLY_FIRST } from "../mutants";

/** A waiter that is woken alone. */
const EXCLUSIVE: u8 = 0x80;

export function readQueue(pipe: u32): u32 {
  return pipe * 2;
}
export function writeQueue(pipe: u32): u32 {
  return pipe * 2 + 1;
}
export function waiters(queue: u32): u32 {
  const pipe = pipeAt(queue >> 1);
  return queue & 1 ? pipe.writeWaiters : pipe.readWaiters;
}
function setWaiters(pipe: Pipe, queue: u32, count: u32): void {
  if (queue & 1) pipe.writeWaiters = <u8>count;
  else pipe.readWaiters = <u8>count;
}
/** The task of the nth entry. */
export function waiter(queue: u32, nth: u32): u32 {
  return load<u8>(queueAt(queue) + nth) & ~EXCLUSIVE;
}

/** Puts a task to sleep: non-exclusive waiters enter at the head, exclusive ones at the tail. */
export function sleepIn(queue: u32, task: u32, exclusive: bool): void {
  const count = waiters(queue);
  const at = queueAt(queue);
  if (exclusive) store<u8>(at + count, (<u8>task) | EXCLUSIVE);
  else {
    memory.copy(at + 1, at, count);
    store<u8>(at, <u8>task);
  }
  setWaiters(pipeAt(queue >> 1), queue, count + 1);
  taskAt(task).queue = <u8>(queue + 1);
  emit(EVENT_SLEEP, task, queue >> 1);
}

/** Wakes every non-exclusive waiter and the first exclusive one. Mirrors: wake_up_interruptible(). */
export function wakeOne(queue: u32, by: u32): void {
  while (waiters(queue)) {
    const exclusive = (load<u8>(queueAt(queue)) & EXCLUSIVE) != 0;
    wakeFirst(queue, by);
    if (exclusive || MUTANT == WAKES_ONLY_FIRST) return;
  }
}

/** Wakes everybody. Mirrors: wake_up_interruptible_all(). */
export function wakeAll(queue: u32, by: u32): void {
  while (waiters(queue)) wakeFirst(queue, by);
}

function wakeFirst(queue: u32, by: u32): void {
  const at = queueAt(queue);
  const count = waiters(queue);
  const task = waiter(queue, 0);
  // A waiter is declared by the pipe whose queue it stands in.
  declareWrite(OBJECT_TASK, task);
  memory.copy(at, at + 1, count - 1);
  store<u8>(at + count - 1, 0);
  setWaiters(pipeAt(queue >> 1), queue, count - 1);
  taskAt(task).queue = 0;
  emit(EVENT_WAKE, task, by);
}
