// Receiving from a socket: read and recv take what waits at an end, frag by frag. What is TCP's alone: tcp.ts; of messages: dgram.ts.
// Mirrors: net/unix/af_unix.c:unix_stream_read_generic().
//
// Interface: receivable; stepSocketLock, aimReceive, stepSocketEnd, the lines of read and recv; what splices from a socket
// share: findNothing, findEmpty, peeks, frontFrag and received, advance.
// Law: the references of an skb are dropped when its last byte has been received, not before; MSG_PEEK receives nothing.
// Not modelled: control data, out-of-band data, signals.

import { EAGAIN } from "../abi/errno";
import { MSG_PEEK, MSG_WAITALL } from "../abi/socket";
import { noteReceived } from "../fs/consume";
import { aimAt, takeCopy } from "../fs/copy-out";
import { TASK_NONBLOCK, cellsAt, gridShift, header, taskAt } from "../layout";
import { UNMODELLED_CALL } from "../limits";
import { PEEK_TAKES } from "../mutants";
import { messageFlags } from "../program";
import { currentCall, fileIn, finish, finishShort } from "../sched/call";
import { LINE_BEGIN, LINE_SLEEP } from "../sched/line";
import { dataOf } from "../syscall/data";
import { isSummed } from "./checksum";
import { lockMessage, takePart } from "./dgram";
import { ENDS_AT_ONCE, SENDS_MESSAGES, does } from "./kinds";
import { RCV_SHUTDOWN, Sock, arrived, fragAt, isTcp, sockAt } from "./layout";
import { dropFrags, skbFrags, unreadBytes } from "./skb";
import { tcpFindsNothing } from "./tcp";
import { asksErrors, takeCompletions } from "./zerocopy";

/** What a reader waits for. */
export function receivable(sock: u32): bool {
  const it = sockAt(sock);
  return arrived(sock) > 0 || (it.shut & RCV_SHUTDOWN) != 0 || it.error != 0;
}

/** The line LOCK of read and recv: takes the receive mutex if there is something to take. */
export function stepSocketLock(task: u32): void {
  const id: u32 = fileIn(task).id;
  if (asksErrors(task)) return takeCompletions(task);
  if (does(id, SENDS_MESSAGES)) return lockMessage(task);
  if (!isMore(task, id)) return findEmpty(task);
  if (taskAt(task).want == 0) return finish(task, 0);
  sockAt(id).iolock = <u8>(task + 1);
  taskAt(task).line = LINE_BEGIN;
}

/** There is nothing to take: whether the call ends, with progress, the error in `ret` or end of file; else it is to wait. */
export function findNothing(task: u32): bool {
  const id: u32 = fileIn(task).id;
  if (isTcp(id)) return tcpFindsNothing(task, id);
  const it = sockAt(id);
  const me = taskAt(task);
  if (it.error) {
    me.ret = -(<i64>it.error);
    it.error = 0;
  } else if (me.flags & TASK_NONBLOCK) {
    if (!(it.shut & RCV_SHUTDOWN && does(id, ENDS_AT_ONCE))) me.ret = -EAGAIN;
  } else if (!(it.shut & RCV_SHUTDOWN)) return false;
  return true;
}
/** The same for read and recv, which wait or return. */
export function findEmpty(task: u32): void {
  if (findNothing(task)) return finishShort(task);
  // Who waits while it looks would have to notice that another one takes what it has seen.
  if (peeks(task) && taskAt(task).done > 0) header().unmodelled = UNMODELLED_CALL;
  taskAt(task).line = LINE_SLEEP;
}

/** Whether a call leaves what it receives in the queue. */
export function peeks(task: u32): bool {
  return MUTANT != PEEK_TAKES && (messageFlags(currentCall(task)) & MSG_PEEK) != 0;
}
/** Whether a call goes on when the queue is empty. */
function waitsForAll(task: u32): bool {
  const all = (messageFlags(currentCall(task)) & MSG_WAITALL) != 0;
  return all && (isTcp(fileIn(task).id) || !peeks(task));
}

/** The frag with the next byte for a call; `received` are the bytes of it in front of that. */
export function frontFrag(task: u32): u32 {
  const sock: u32 = fileIn(task).id;
  let nth: u32 = 0;
  received = sockAt(sock).consumed + (peeks(task) ? <u32>taskAt(task).done : 0);
  for (; received >= <u32>fragAt(sock, nth).len; nth++) received -= fragAt(sock, nth).len;
  return nth;
}
export let received: u32 = 0;

/** Bytes of the front frag that are taken. */
function bytesOfFront(task: u32): u32 {
  const frag = fragAt(fileIn(task).id, frontFrag(task));
  return <u32>min<i64>(<i64>(<u32>frag.len - received), taskAt(task).want);
}
export function aimReceive(task: u32): void {
  const count = bytesOfFront(task) >> gridShift;
  const frag = fragAt(fileIn(task).id, frontFrag(task));
  aimAt(cellsAt(frag.frame) + ((<u32>frag.offset + received) >> gridShift), count);
}

/** One frag has been copied; an skb that is used up is released. */
export function stepSocketEnd(task: u32): void {
  const me = taskAt(task);
  const id: u32 = fileIn(task).id;
  const it = sockAt(id);
  const n = bytesOfFront(task);
  const nth = frontFrag(task);
  const offset = <u32>fragAt(id, nth).offset + received;
  takeCopy(task);
  if (!isSummed(id)) noteReceived(currentCall(task), id, nth, offset, n, dataOf(task));
  me.done += n;
  me.want -= n;
  if (does(id, SENDS_MESSAGES)) return takePart(task, n);
  if (!peeks(task)) advance(id, it, n);
  if (me.want > 0 && isMore(task, id)) {
    me.line = LINE_BEGIN;
    return;
  }
  it.iolock = 0;
  if (me.want > 0 && waitsForAll(task)) findEmpty(task);
  else finish(task, me.done);
}

function isMore(task: u32, id: u32): bool {
  return peeks(task) ? taskAt(task).done < <i64>unreadBytes(id) : arrived(id) > 0;
}

/** So many bytes were received; an skb that is used up goes with its references. */
export function advance(id: u32, it: Sock, bytes: u32): void {
  const frags = skbFrags(id);
  let skb: u32 = 0;
  for (let nth: u32 = 0; nth < frags; nth++) skb += fragAt(id, nth).len;
  it.consumed += bytes;
  if (it.consumed < skb) return;
  it.consumed = 0;
  dropFrags(id, frags);
}
