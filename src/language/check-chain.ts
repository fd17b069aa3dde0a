// Chains of requests: what a request may be, and who hands it over.
//
// Interface: checkChainHead, checkChainOperand, checkChains.
// A request is written down when io_uring_enter() hands it over: what its registers hold is known by then, or it is reported.

import { IOSQE_IO_DRAIN, REQUEST_LEN_MAX } from "../../assembly/abi/uring.js";
import type { Ast, CallNode, ThreadNode, Value } from "./ast.js";
import type { CallSite } from "./check-maker.js";
import { soleAtom } from "./check-maker.js";
import { orderOf, reaches } from "./check-order.js";
import { chainsEntered, isSend, isZerocopySend } from "./chains.js";
import { CHAIN_FLAGS } from "./constants.js";
import type { Reporter } from "./diagnostic.js";
import { evaluate } from "./evaluate.js";
import type { Call, CallId, Operand, Thread } from "./program.js";
import { didYouMean } from "./suggest.js";
import { SYSCALL_NAMES, syscallRow } from "./syscalls.js";
import type { SyscallName } from "./syscalls.js";

const KNOWN_FLAGS = Object.values(CHAIN_FLAGS).reduce((bits, bit) => bits | BigInt(bit), 0n);
/** Names a registered file. Mirrors: SPLICE_F_FD_IN_FIXED. */
const FD_IN_FIXED = 1n << 31n;

/** The flags of a chain; undefined for a thread. */
export function checkChainHead(node: ThreadNode, reporter: Reporter): number | undefined {
  const { isChain, flags: expr } = node;
  if (!isChain) {
    if (expr !== undefined)
      reporter.error(expr, "a thread has no flags", `write \`thread ${node.name.text} {\``);
    return undefined;
  }
  const link = expr?.atoms.find((atom) => atom.kind === "ref" && atom.name === "IOSQE_IO_LINK");
  if (link !== undefined) {
    const message = "the requests of a chain are linked: IOSQE_IO_LINK is not written";
    reporter.error(link, message, "leave it out; requests of chains of their own are not linked");
    return 0;
  }
  const flags = expr && evaluate(expr, "a flag of a chain", reporter, CHAIN_FLAGS);
  if (flags === undefined) return 0;
  if ((flags & ~KNOWN_FLAGS) === 0n) return Number(flags);
  const message = `${flags} is not among the flags of a chain`;
  reporter.error(expr!, message, `use ${Object.keys(CHAIN_FLAGS).join(", ")}`);
  return 0;
}

/** An argument of io_uring_enter(). */
export function checkChainOperand(site: CallSite, value: Value): Operand | undefined {
  const { scope, reporter } = site;
  const atom = soleAtom(value);
  const name = atom?.kind === "ref" ? atom.name : undefined;
  const thread = scope.threads.findIndex((each) => each.isChain && each.name === name);
  if (thread >= 0) return { kind: "chain", thread };
  const chains = scope.threads.filter(({ isChain }) => isChain).map((each) => each.name);
  const remedy = "declare, say, `chain c { splice(f, 0, p.w, NULL, 4096, 0) }`";
  const message = name === undefined ? "a chain is expected here" : `there is no chain \`${name}\``;
  reporter.error(value, message, didYouMean(name ?? "", chains, remedy));
  return undefined;
}

/** Reports requests that cannot be, and chains that are handed over twice, late or never. */
export function checkChains(
  { threads: nodes }: Ast,
  threads: readonly Thread[],
  reporter: Reporter,
): void {
  if (threads.every(({ chain }) => chain === undefined)) return;
  const calls = nodes.flatMap((node) => node.calls);
  const enteredBy = checkEntries(threads, calls, reporter);
  const order = orderOf(threads);
  threads.forEach((thread, index) => {
    if (thread.chain === undefined) return;
    const enter = enteredBy.get(index);
    if (enter === undefined)
      reporter.warning(
        nodes[index]!.name,
        "no io_uring_enter() hands this chain over: it never starts",
        `write \`io_uring_enter(${nodes[index]!.name.text})\` in a thread`,
      );
    for (const call of thread.calls) {
      const node = calls[call.id]!;
      checkRequest(call, node, reporter);
      if (enter !== undefined) checkRegisters(call, node, enter, order, reporter);
    }
  });
}

/** Each chain's io_uring_enter(). */
function checkEntries(
  threads: readonly Thread[],
  nodes: readonly CallNode[],
  reporter: Reporter,
): Map<number, CallId> {
  const enteredBy = new Map<number, CallId>();
  for (const { calls } of threads) {
    let drained = false;
    for (const call of calls) {
      const chains = chainsEntered(call);
      const node = nodes[call.id]!;
      if (drained && chains.length > 0) {
        const message =
          "what a ring is given after a drained chain, in another call, is not modelled";
        reporter.error(node, message, "hand all over in one io_uring_enter()");
      }
      chains.forEach((chain, i) => {
        if (enteredBy.has(chain))
          reporter.error(node.args[i]!, "the chain is handed over twice", "declare a second one");
        enteredBy.set(chain, call.id);
      });
      if (calls.some((each) => isDrained(each, threads)))
        reportSends(chains, threads, nodes, reporter);
      drained ||= chains.some((chain) => (threads[chain]!.chain! & IOSQE_IO_DRAIN) !== 0);
    }
  }
  return enteredBy;
}

const isDrained = (call: Call, threads: readonly Thread[]): boolean =>
  chainsEntered(call).some((chain) => (threads[chain]!.chain! & IOSQE_IO_DRAIN) !== 0);

/** In a ring that drains: there a zero-copy send waits for its own notification, for ever. */
function reportSends(
  chains: readonly number[],
  threads: readonly Thread[],
  nodes: readonly CallNode[],
  reporter: Reporter,
): void {
  for (const call of chains.flatMap((chain) => threads[chain]!.calls))
    if (isSend(call))
      reporter.error(
        nodes[call.id]!,
        "a zero-copy send in a ring with a drained chain is not modelled: drained, or behind one, it waits for its own notification",
        "leave IOSQE_IO_DRAIN out, or hand the chains over in two threads",
      );
}

const REQUESTS = SYSCALL_NAMES.filter((name) => syscallRow(name).request !== undefined);

/** How a request is written that does what a call does. */
const LIKE: Partial<Readonly<Record<SyscallName, string>>> = {
  recv: "read(fd, count)",
  readv: "read(fd, count)",
  preadv2: "pread(fd, count, offset)",
  writev: "write(fd, data)",
  pwritev2: "pwrite(fd, data, offset)",
  sendfile: "splice() twice, over a pipe",
};

function checkRequest(call: Call, node: CallNode, reporter: Reporter): void {
  const { syscall, operands } = call;
  const { params, request } = syscallRow(syscall);
  if (request === undefined) {
    const names = REQUESTS.map((name) => `${name}()`).join(", ");
    const like = LIKE[syscall];
    const remedy =
      like === undefined ? `use ${names}, or a thread` : `write ${like}, or use a thread`;
    reporter.error(node, `${syscall}() is no request here`, remedy);
    return;
  }
  checkSend(call, node, reporter);
  for (const after of node.afters)
    reporter.error(
      after,
      "a request waits for nothing but its chain",
      "put `after` in front of io_uring_enter()",
    );
  operands.forEach((operand, i) => {
    if (operand.kind !== "int") return;
    const { kind } = params[i]!;
    const { value } = operand;
    if (kind === "count" && (value < 0n || value > BigInt(REQUEST_LEN_MAX)))
      reporter.error(node.args[i]!, "the length of a request has 32 bits", "write, say, 4096");
    if (kind === "offset" && value === -1n)
      reporter.error(
        node.args[i]!,
        "the offset -1 of a request is the file position",
        `write ${syscall.slice(1)}(), without an offset`,
      );
    if (kind === "flags" && (value & FD_IN_FIXED) !== 0n)
      reporter.error(node.args[i]!, "registered files are not modelled", "leave the flag out");
  });
}

/** A request that sends does so without a copy. */
function checkSend(call: Call, node: CallNode, reporter: Reporter): void {
  if (!isSend(call) || isZerocopySend(call)) return;
  const message = "a request that sends is IORING_OP_SEND_ZC or IORING_OP_SENDMSG_ZC here";
  const remedy =
    call.syscall === "send" ? "write write(fd, data), or add MSG_ZEROCOPY" : "add MSG_ZEROCOPY";
  reporter.error(node.args.at(-1)!, message, remedy);
}

/** A request has the number that a register holds when it is handed over. */
function checkRegisters(
  { operands }: Call,
  node: CallNode,
  enter: CallId,
  order: ReadonlyMap<CallId, readonly CallId[]>,
  reporter: Reporter,
): void {
  operands.forEach((operand, i) => {
    const maker =
      operand.kind === "result" || operand.kind === "made-pipe" ? operand.call : undefined;
    if (maker === undefined || reaches(order, enter, maker)) return;
    const message = "this may not be there yet when io_uring_enter() hands the request over";
    reporter.error(
      node.args[i]!,
      message,
      "make it in front of that call, or let that call wait for it",
    );
  });
}
