// sendfile: into a pipe it is a splice from the file; else it goes in rounds through the thread's own pipe.
// Mirrors: fs/read_write.c:do_sendfile(), fs/splice.c:splice_direct_to_actor().
//
// Interface: startRounds, ownPipeFilled, ownPipeEmptied: what follows the lines of a splice; endSendfile.
// While the own pipe is filled `pos` is the input's position and `other` the output's, while it is emptied the other way round.
// Not modelled: a position behind what the file system can have.

import { pipeAt, taskAt } from "../layout";
import { MAX_RW_COUNT } from "../limits";
import { HOLDS_BACK, does } from "../net/kinds";
import { fileIn, fileOut, finish, isRegular, isSocket, operand } from "../sched/call";
import { LINE_SEND } from "../sched/line";
import { readLine } from "./direct-read";
import { startWrite } from "./file-write";
import { ownPipe, ownPipeBytes } from "./own-pipe";
import { dropFront, isEmpty, queuedBytes } from "./pipe";
import { storeOffset, unchangedOffset } from "./splice-offset";

/** The pointer to the position. */
const OFFSET: u32 = 2;

function swapPositions(task: u32): void {
  const it = taskAt(task);
  const pos = it.pos;
  it.pos = it.other;
  it.other = pos;
}

/** Goes on with the next round, if there is anything left to ask for. */
export function startRounds(task: u32): void {
  const it = taskAt(task);
  const rest = min<i64>(operand(task, 3), MAX_RW_COUNT) - it.done;
  if (rest == 0) return endSendfile(task, it.done);
  it.want = min<i64>(rest, ownPipeBytes);
  it.line = readLine(task);
}

/** The file has given what it gives in this round: nothing at its end. */
export function ownPipeFilled(task: u32): void {
  const it = taskAt(task);
  const bytes: i64 = queuedBytes(ownPipe(task));
  if (bytes == 0) {
    if (!isSocket(fileOut(task)) || !does(fileOut(task).id, HOLDS_BACK))
      return endSendfile(task, it.done);
    it.want = 0;
    it.line = LINE_SEND;
    return;
  }
  it.done -= bytes;
  it.want = bytes;
  swapPositions(task);
  if (isSocket(fileOut(task))) it.line = LINE_SEND;
  else startWrite(task);
}

/** The output has taken what it takes: what is left in the pipe is dropped, and ends the call. */
export function ownPipeEmptied(task: u32, error: i64): void {
  const it = taskAt(task);
  const pipe = ownPipe(task);
  const left: i64 = queuedBytes(pipe);
  while (!isEmpty(pipe)) dropFront(pipe);
  pipeAt(pipe).head = 0;
  pipeAt(pipe).tail = 0;
  swapPositions(task);
  it.pos -= left;
  if (left == 0) startRounds(task);
  else endSendfile(task, it.done > 0 ? it.done : error);
}

/** Positions are stored if anything was moved. `pos` is the input's. */
export function endSendfile(task: u32, ret: i64): void {
  const output = fileOut(task);
  if (ret > 0 && isRegular(output)) output.pos = taskAt(task).other;
  if (ret > 0) storeOffset(task, OFFSET, fileIn(task));
  else if (ret == 0) unchangedOffset(task, OFFSET);
  finish(task, ret);
}
