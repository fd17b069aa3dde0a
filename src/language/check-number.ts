// Numbers in arguments: which flags, commands and ranges a scenario may use.
//
// Interface: checkFlags, checkCommand, checkInt; each returns whether the number may stand there.
// A number that Linux refuses is fine, for the refusal is what a scenario may be about. What is refused
// here would do something that nothing in this project models.

import { O_EXCL } from "../../assembly/abi/fcntl.js";
import { flagsProblem, intProblem } from "./check-memory.js";
import type { Reporter, Span } from "./diagnostic.js";
import type { Constants } from "./evaluate.js";
import type { Param, SyscallName } from "./syscalls.js";

/** pipe2's bit for watch queues has the value of O_EXCL. Mirrors: O_NOTIFICATION_PIPE. */
const O_NOTIFICATION_PIPE = BigInt(O_EXCL);
/** Calls whose unknown flags Linux does not refuse, or that would do what nothing here models. */
const STRICT: readonly SyscallName[] = ["open", "poll", "mmap", "fallocate", "memfd_create"];
const UINT32_MAX = 2n ** 32n - 1n;
const INT64_MAX = 2n ** 63n - 1n;
const MODE_MAX = 0o7777n;
/** SEEK_DATA and SEEK_HOLE, which ask the file system for its layout. */
const WHENCE_REFUSED: readonly bigint[] = [3n, 4n];

const list = (constants: Constants): string => Object.keys(constants).join(", ");

/** Flags: 32 bits, those outside the set only where Linux answers EINVAL. */
export function checkFlags(
  syscall: SyscallName,
  flags: bigint,
  set: Constants,
  span: Span,
  reporter: Reporter,
): boolean {
  const known = Object.values(set).reduce((bits, bit) => bits | BigInt(bit), 0n);
  const fits = flags >= 0n && flags <= UINT32_MAX;
  const refused = syscall === "pipe2" ? flags & O_NOTIFICATION_PIPE : 0n;
  const strict = STRICT.includes(syscall);
  if (fits && refused === 0n && (!strict || (flags & ~known) === 0n)) {
    const problem = flagsProblem(set, flags);
    if (problem !== undefined) reporter.error(span, ...problem);
    return problem === undefined;
  }
  const odd = fits ? `0x${(refused === 0n ? flags & ~known : refused).toString(16)}` : `${flags}`;
  reporter.error(span, `${odd} is not among the flags of ${syscall}()`, `use ${list(set)}`);
  return false;
}

/** Commands: those of the set; for lseek() and shutdown() also what Linux refuses. */
export function checkCommand(
  syscall: SyscallName,
  command: bigint,
  set: Constants,
  span: Span,
  reporter: Reporter,
): boolean {
  const known = Object.values(set).some((value) => BigInt(value) === command);
  const isInt = command >= -(2n ** 31n) && command <= UINT32_MAX;
  const refusedByLinux =
    syscall === "lseek"
      ? command > 2n && isInt && !WHENCE_REFUSED.includes(command)
      : syscall === "shutdown" && isInt;
  if (known || refusedByLinux) return true;
  reporter.error(span, `${syscall}() has no command ${command} here`, `use ${list(set)}`);
  return false;
}

/** Other numbers, by the name of their parameter. */
export function checkInt(
  syscall: SyscallName,
  param: Param,
  value: bigint,
  span: Span,
  reporter: Reporter,
): boolean {
  const problem = problemOf(syscall, param, value);
  if (problem === undefined) return true;
  reporter.error(span, ...problem);
  return false;
}

function problemOf(
  syscall: SyscallName,
  param: Param,
  value: bigint,
): [message: string, remedy: string] | undefined {
  if (param.kind !== "count" && value > INT64_MAX)
    return [`${value} is too large for \`${param.name}\``, `use at most ${INT64_MAX}`];
  if (param.name === "mode" && (value < 0n || value > MODE_MAX))
    return [`0x${value.toString(16)} is no mode of a file`, "write, say, 0600"];
  if (syscall === "poll" && param.name === "timeout" && value !== 0n && value !== -1n)
    return ["time does not pass in a scenario", "write 0 to ask, or -1 to wait"];
  return intProblem(syscall, param, value);
}
