// /dev/null and /dev/zero: what is written to them is gone, what is read are no bytes, or zeros.
//
// Mirrors: drivers/char/mem.c:read_null(), read_iter_zero(), splice_write_null(), null_lseek();
// fs/splice.c:copy_splice_read(), splice_from_pipe().
// Interface: openDevice, isDeviceName; readWriteDevice; spliceFromDevice, spliceToDevice (with the pipe mutex free).
// What a holder sees: zeros of the slot's own. Who drops slots into a device looks at no byte (P1).
// Not modelled: other devices; sendfile to and from these.

import { EEXIST, EFAULT, EINVAL, ENOTDIR } from "../abi/errno";
import { O_CREAT, O_DIRECT, O_EXCL } from "../abi/fcntl";
import { PAGE_SIZE, SLOT_DEFAULT } from "../abi/pipe";
import { NAME_NULL, NAME_ZERO } from "../abi/program";
import { TARGET_DEVICE, pipeAt, slotAt, taskAt } from "../layout";
import { PAGE_SHIFT } from "../limits";
import { allocFolio, getFolio } from "../mm/folio";
import { mappedBytes } from "../program";
import { currentCall, fail, fileIn, fileOut, finish } from "../sched/call";
import { installFd, newFile, reserveFd } from "./file-table";
import { consumeFront, isFull, pushSlot, queuedBytes, used } from "./pipe";
import { keepOffset, storeOffset } from "./splice-offset";
import { readQueue, wakeOne, writeQueue } from "./wait";

const DEVICE_NULL: u32 = 0;
const DEVICE_ZERO: u32 = 1;

/** Whether open is given a device. */
export function isDeviceName(name: u32): bool {
  return name == NAME_NULL || name == NAME_ZERO;
}

/** Everything of open on a device. */
export function openDevice(task: u32, name: u32, flags: u32, tmpfile: bool): void {
  if (tmpfile) return fail(task, ENOTDIR);
  if (flags & O_CREAT && flags & O_EXCL) return fail(task, EEXIST);
  if (flags & O_DIRECT) return fail(task, EINVAL);
  const fd = reserveFd();
  installFd(fd, newFile(TARGET_DEVICE, name == NAME_ZERO ? DEVICE_ZERO : DEVICE_NULL, flags));
  finish(task, fd);
}

/** read, write and their like, whose arguments are checked: at once. The bytes of a call are zero until it reads some. */
export function readWriteDevice(task: u32, reads: bool, count: i64): void {
  if (reads && fileIn(task).id == DEVICE_NULL) return finish(task, 0);
  const mapped = reads ? mappedBytes(currentCall(task)) : count;
  finish(task, mapped == 0 ? -EFAULT : min<i64>(mapped, count));
}

/** Fills the pipe with pages of zeros; nothing can be spliced from /dev/null. */
export function spliceFromDevice(task: u32): void {
  const it = taskAt(task);
  const pipe: u32 = fileOut(task).id;
  if (fileIn(task).id == DEVICE_NULL) {
    keepOffset(task, 1, fileIn(task));
    return fail(task, EINVAL);
  }
  const room = (<i64>pipeAt(pipe).maxUsage - used(pipe)) << PAGE_SHIFT;
  const want = min<i64>(it.want, room);
  while (it.done < want && !isFull(pipe)) {
    const frame = allocFolio(0);
    if (frame == 0) return;
    getFolio(frame);
    const len = min<i64>(want - it.done, PAGE_SIZE);
    pushSlot(pipe, frame, 0, <u32>len, 0, SLOT_DEFAULT);
    it.done += len;
  }
  wakeOne(readQueue(pipe), task);
  it.want = 0;
  storeOffset(task, 1, fileIn(task));
  finish(task, it.done);
}

/** Drops what is in the pipe, up to what is wanted. */
export function spliceToDevice(task: u32): void {
  const it = taskAt(task);
  const pipe: u32 = fileIn(task).id;
  const want = min<i64>(it.want, queuedBytes(pipe));
  let freed = false;
  while (it.done < want) {
    const n = min<i64>(want - it.done, slotAt(pipe, pipeAt(pipe).tail).len);
    if (consumeFront(pipe, <u32>n)) freed = true;
    it.done += n;
  }
  if (freed) wakeOne(writeQueue(pipe), task);
  it.want = 0;
  storeOffset(task, 3, fileOut(task));
  finish(task, it.done);
}
