// The table of system calls for docs/language.md, made from SYSCALLS.
//
// Interface: callTable.

import { prototypeOf } from "./check-call.js";
import { errnosOf } from "./errnos.js";
import { SYSCALL_NAMES, syscallRow } from "./syscalls.js";
import type { SyscallName } from "./syscalls.js";

const REGISTER = {
  ret: "the return value",
  data: "the bytes read",
  out: "the number stored",
} as const;

function rowOf(name: SyscallName): string {
  const { params, yields, doc } = syscallRow(name);
  const constants = params.flatMap(({ set }) => Object.keys(set ?? {}));
  const names = constants.length === 0 ? "" : constants.map((each) => `\`${each}\``).join(" ");
  const errnos = errnosOf(name).join(" ");
  return `| \`${prototypeOf(name)}\` | ${doc} | ${REGISTER[yields]} | ${names} | ${errnos} |`;
}

/** A Markdown table: one row for each call. */
export function callTable(): string {
  const head = [
    "| call | what it does | a register gets | names | fails with |",
    "|---|---|---|---|---|",
  ];
  return [...head, ...SYSCALL_NAMES.map(rowOf)].join("\n");
}
