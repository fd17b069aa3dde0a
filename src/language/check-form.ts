// Calls whose command decides what else they take: fcntl and ioctl, looked at before their arguments are.
//
// Interface: checkForm.

import type { CallNode } from "./ast.js";
import { soleAtom } from "./check-maker.js";
import { Reporter } from "./diagnostic.js";
import { evaluate } from "./evaluate.js";
import { syscallRow } from "./syscalls.js";
import type { SyscallName } from "./syscalls.js";

/** How each command is written. Those that get something give it as the call's result. */
const FORMS: Partial<Record<SyscallName, Readonly<Record<string, readonly string[]>>>> = {
  fcntl: {
    F_SETFL: ["fd", "F_SETFL", "O_NONBLOCK"],
    F_SETPIPE_SZ: ["fd", "F_SETPIPE_SZ", "4096"],
    F_ADD_SEALS: ["fd", "F_ADD_SEALS", "F_SEAL_WRITE"],
    F_GETPIPE_SZ: ["fd", "F_GETPIPE_SZ"],
    F_GET_SEALS: ["fd", "F_GET_SEALS"],
  },
  ioctl: {
    FIONREAD: ["fd", "FIONREAD"],
    SIOCOUTQ: ["fd", "SIOCOUTQ"],
    FICLONE: ["fd", "FICLONE", "src_fd"],
    FICLONERANGE: ["fd", "FICLONERANGE", "src_fd", "src_offset", "src_length", "dest_offset"],
  },
};

/** What strace shows of F_SETFL, and the kernel passes over. */
const ACCESS_MODES: readonly string[] = ["O_RDONLY", "O_WRONLY", "O_RDWR"];

/** Whether a command has as many arguments as it takes; reports where not. */
export function checkForm(node: CallNode, syscall: SyscallName, reporter: Reporter): boolean {
  const command = commandOf(node, syscall);
  if (command === undefined) return true;
  if (command === "F_SETFL" && !checkAccessMode(node, reporter)) return false;
  const form = FORMS[syscall]?.[command];
  if (form === undefined || form.length === node.args.length) return true;
  const message = `${syscall}() takes ${form.length} arguments for ${command}, not ${node.args.length}`;
  const gets = form.length === 2 ? "; what it gets is the result, as in `n = …`" : "";
  reporter.error(node, message, `write ${syscall}(${form.join(", ")})${gets}`);
  return false;
}

/** The name of the command, if it has one, however its number is written. */
function commandOf({ args }: CallNode, syscall: SyscallName): string | undefined {
  const written = args[1];
  if (written?.kind !== "expr") return undefined;
  const atom = soleAtom(written);
  if (atom?.kind === "ref") return atom.name;
  const commands = syscallRow(syscall).params[1]?.set ?? {};
  // What is wrong with it is reported where its value is checked.
  const value = evaluate(written, "a command", new Reporter(""), commands);
  return Object.keys(commands).find((name) => BigInt(commands[name]!) === value);
}

function checkAccessMode({ args }: CallNode, reporter: Reporter): boolean {
  const atoms = args[2]?.kind === "expr" ? args[2].atoms : [];
  const mode = atoms.find((atom) => atom.kind === "ref" && ACCESS_MODES.includes(atom.name));
  if (mode?.kind !== "ref") return true;
  const message = "F_SETFL does not change whether a file is read or written";
  reporter.error(mode, message, `leave \`${mode.name}\` out`);
  return false;
}
