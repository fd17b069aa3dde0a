// The rows of the table of system calls that are about messages: a part of syscalls.ts.
//
// Interface: MESSAGE_CALLS.

import { MSG_FLAGS } from "./constants.js";
import type { Param, SyscallRow } from "./syscall-row.js";

const fd: Param = { name: "fd", kind: "fd" };

export const MESSAGE_CALLS = {
  recvmsg: {
    code: 54,
    params: [fd, { name: "flags", kind: "flags", set: MSG_FLAGS }],
    yields: "out",
    doc: "a recv without room for bytes; MSG_ERRQUEUE: takes from the error queue which sends with MSG_ZEROCOPY are complete, as the first number and the last: `0..2`",
  },
  sendmsg: {
    code: 55,
    params: [
      fd,
      { name: "m", kind: "mapping" },
      { name: "count", kind: "count" },
      { name: "offset", kind: "offset" },
      { name: "flags", kind: "flags", set: MSG_FLAGS },
    ],
    yields: "ret",
    request: "IORING_OP_SENDMSG_ZC",
    doc: "a send of memory, bytes of a mapping from an offset in it on; MSG_ZEROCOPY: a wire refers to the pages until they are acknowledged",
  },
} as const satisfies Record<string, SyscallRow>;
