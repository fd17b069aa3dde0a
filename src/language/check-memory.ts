// What calls on memory and on ranges of files may be given: what Linux would do otherwise is not modelled.
//
// Interface: flagsProblem, intProblem, MAPPING_BYTES_MAX.

import { MAP_PRIVATE, MAP_SHARED } from "../../assembly/abi/mman.js";
import type { Constants } from "./evaluate.js";
import { FILE_BYTES_MAX } from "./limits.js";
import type { Param, SyscallName } from "./syscalls.js";

type Problem = [message: string, remedy: string];

/** A mapping is no longer than a file, and begins inside one. */
export const MAPPING_BYTES_MAX = FILE_BYTES_MAX;
/** Below the largest file of every file system. */
const RANGE_MAX = 2n ** 40n;

const SHARED_VALIDATE = BigInt(MAP_SHARED | MAP_PRIVATE);

/** What is wrong with flags whose bits are all in the set. */
export function flagsProblem(set: Constants, flags: bigint): Problem | undefined {
  if ("MAP_SHARED" in set && (flags & SHARED_VALIDATE) === SHARED_VALIDATE)
    return ["MAP_SHARED and MAP_PRIVATE exclude each other", "write one of them"];
  return undefined;
}

/** Calls on a range of a file that need not be there. */
const RANGES: readonly SyscallName[] = ["fallocate", "posix_fadvise"];
const MEMORY: readonly SyscallName[] = [
  "mmap",
  "munmap",
  "madvise",
  "msync",
  "load",
  "store",
  "vmsplice",
  "sendmsg",
];

/** What is wrong with a number. */
export function intProblem(syscall: SyscallName, param: Param, value: bigint): Problem | undefined {
  if (
    MEMORY.includes(syscall) &&
    param.kind !== "flags" &&
    (value < 0n || value > BigInt(MAPPING_BYTES_MAX))
  )
    return [
      `${value} is outside of every mapping: \`${param.name}\``,
      `use 0 to ${MAPPING_BYTES_MAX}`,
    ];
  if (syscall === "posix_fadvise" && param.name === "offset" && value < 0n)
    return [`${value} is no offset in a file`, "use 0 or more"];
  if (RANGES.includes(syscall) && value > RANGE_MAX)
    return [`${value} is too large for \`${param.name}\``, `use at most ${RANGE_MAX}`];
  if (syscall === "sendfile" && param.kind === "pointer" && value > RANGE_MAX)
    return [`${value} is too large for \`${param.name}\``, `use at most ${RANGE_MAX}`];
  return undefined;
}
