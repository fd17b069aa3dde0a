// The names of errno values, for messages.
//
// Interface: ERRNO_NAMES. Derived from assembly/abi/errno.ts, the one place that knows the numbers.

import * as errno from "../../assembly/abi/errno.js";

/** errno to its name: 11 is "EAGAIN". */
export const ERRNO_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(errno).map(([name, value]) => [value, name]),
);
