// Calls that are told apart by more than their code.
//
// Interface: clones, copies. Asked of the program, before and while a task makes the call.
// Not modelled: requests that only the kernel knows.

import { FICLONE, FICLONERANGE } from "./abi/fcntl";
import { SYS_COPY_FILE_RANGE, SYS_IOCTL } from "./abi/syscalls";
import { callCode, operandValue } from "./program";

/** Whether a call is FICLONE or FICLONERANGE. */
export function clones(call: u32): bool {
  if (callCode(call) != SYS_IOCTL) return false;
  const request = operandValue(call, 1);
  return request == FICLONE || request == FICLONERANGE;
}

/** Whether a call goes from file to file: a copy_file_range, or a clone. */
export function copies(call: u32): bool {
  return callCode(call) == SYS_COPY_FILE_RANGE || clones(call);
}
