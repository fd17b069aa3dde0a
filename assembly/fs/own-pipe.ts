// The pipe that a thread has for itself: sendfile fills it from a file and empties it into what is no pipe.
// Mirrors: fs/splice.c:splice_direct_to_actor(), current->splice_pipe.
//
// Interface: countOwnPipes, makeOwnPipes (reset); ownPipe, ownerOf, ownPipeBytes; pipeFilled, pipeEmptied: the pipe of a call's step.
// They stand behind all other pipes, one for each thread that calls sendfile, and no descriptor leads to them.
// Not modelled: that the kernel makes the pipe when it is first needed.

import { SYS_SENDFILE } from "../abi/syscalls";
import { PIPE_RING, pipeAt, pipesMax, tasks } from "../layout";
import { PAGE_SHIFT, TASKS_MAX } from "../limits";
import * as program from "../program";
import { fileIn, fileOut, isPipe, isSendfile } from "../sched/call";

const NO_PIPE: u8 = 0xff;
/** Of each thread the pipe, NO_PIPE for none. */
const own: usize = memory.data(TASKS_MAX);
/** Bytes that one of them takes at once; nobody can resize it. */
export let ownPipeBytes: i64 = 0;

function needsPipe(thread: u32): bool {
  const first = program.threadFirstCall(thread);
  for (let call = first; call < first + program.threadCalls(thread); call++)
    if (program.callCode(call) == SYS_SENDFILE) return true;
  return false;
}

/** How many threads have one. */
export function countOwnPipes(): u32 {
  let count: u32 = 0;
  for (let t: u32 = 0; t < program.threadsCount(); t++) if (needsPipe(t)) count++;
  return count;
}

/** Makes them, the last pipes of the state. */
export function makeOwnPipes(slots: u32): void {
  let pipe = pipesMax - countOwnPipes();
  ownPipeBytes = (<i64>slots) << PAGE_SHIFT;
  for (let t: u32 = 0; t < tasks; t++) {
    store<u8>(own + t, NO_PIPE);
    if (!needsPipe(t)) continue;
    pipeAt(pipe).live = PIPE_RING;
    pipeAt(pipe).maxUsage = <u16>slots;
    store<u8>(own + t, <u8>pipe);
    pipe++;
  }
}

export function ownPipe(task: u32): u32 {
  return load<u8>(own + task);
}
/** The thread whose own pipe it is; `tasks` for a pipe that has descriptors. */
export function ownerOf(pipe: u32): u32 {
  let task: u32 = 0;
  while (task < tasks && ownPipe(task) != pipe) task++;
  return task;
}

/** The pipe that a call fills from a file. */
export function pipeFilled(task: u32): u32 {
  return isPipe(fileOut(task)) ? fileOut(task).id : ownPipe(task);
}
/** The pipe that a call empties into a file or a socket. */
export function pipeEmptied(task: u32): u32 {
  return isSendfile(task) ? ownPipe(task) : fileIn(task).id;
}
