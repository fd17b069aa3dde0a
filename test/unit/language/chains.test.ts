// Chains of requests: what the checker says of each mistake, and what each chain waits for.

import { expect, test } from "vitest";
import { waitsOf } from "../../../src/language/chains.js";
import { parseProgram } from "../../../src/language/parse-program.js";
import { checkCases } from "./mistakes.js";
import type { Case } from "./mistakes.js";

/** A request in column 3 of line 9, of a chain that is handed over in line 6. */
const requesting = (request: string): string =>
  `litmus x\nfile f\npipe p\nthread a {\n  x: write(p.w, "a")\n  io_uring_enter(c)\n}\nchain c {\n  ${request}\n}\n`;
const SPLICE = "splice(f, 0, p.w, NULL, 1, 0)";
/** Calls of a thread, from line 5 on, which hands chains c and d over; d is drained. */
const handing = (...calls: readonly string[]): string =>
  `litmus x\nfile f\npipe p\nthread a {\n${calls.join("\n")}\n}\nchain c { ${SPLICE} }\nchain d IOSQE_IO_DRAIN { ${SPLICE} }\n`;

const CASES: Case[] = [
  [
    requesting("recv(4, 8, 0)"),
    "9:3",
    "recv() is no request here",
    "write read(fd, count), or use a thread",
  ],
  [
    requesting("close(p.w)"),
    "9:3",
    "close() is no request here",
    "use read(), write(), pread(), pwrite(), splice(), tee(), send(), sendmsg(), or a thread",
  ],
  [
    'litmus x\nsocket s tcp\nthread a { io_uring_enter(c) }\nchain c { send(s.a, "a", 0) }\n',
    "4:26",
    "a request that sends is IORING_OP_SEND_ZC or IORING_OP_SENDMSG_ZC here",
    "write write(fd, data), or add MSG_ZEROCOPY",
  ],
  [
    'litmus x\nsocket s tcp\nthread a { io_uring_enter(c) }\nchain c IOSQE_IO_DRAIN { send(s.a, "a", MSG_ZEROCOPY) }\n',
    "4:26",
    "a zero-copy send in a ring with a drained chain is not modelled: drained, or behind one, it waits for its own notification",
    "leave IOSQE_IO_DRAIN out, or hand the chains over in two threads",
  ],
  [
    "litmus x\nsocket s tcp\nthread a {\n  after c:x.notif\n  close(s.a)\n}\nchain c { x: read(s.a, 1) }\n",
    "4:12",
    "only a send() or sendmsg() of a chain has a notification",
    "write `after c:x`",
  ],
  [
    requesting("pread(f, 10, -1)"),
    "9:16",
    "the offset -1 of a request is the file position",
    "write read(), without an offset",
  ],
  [
    requesting("read(f, 0x100000000)"),
    "9:11",
    "the length of a request has 32 bits",
    "write, say, 4096",
  ],
  [
    requesting(`after a:x\n  ${SPLICE}`),
    "9:9",
    "a request waits for nothing but its chain",
    "put `after` in front of io_uring_enter()",
  ],
  [
    requesting("splice(f, 0, p.w, NULL, 0x100000000, 0)"),
    "9:27",
    "the length of a request has 32 bits",
    "write, say, 4096",
  ],
  [
    requesting("tee(p.r, p.w, -1, 0)"),
    "9:17",
    "the length of a request has 32 bits",
    "write, say, 4096",
  ],
  [
    requesting("splice(f, 0, p.w, NULL, 1, 0x80000000)"),
    "9:30",
    "registered files are not modelled",
    "leave the flag out",
  ],
  [
    handing("io_uring_enter(c)", "fd = dup(f)").replace(
      "chain c { splice(f",
      "chain c { splice(a:fd",
    ),
    "8:18",
    "this may not be there yet when io_uring_enter() hands the request over",
    "make it in front of that call, or let that call wait for it",
  ],
  [
    handing("io_uring_enter(d)", "io_uring_enter(c)"),
    "6:1",
    "what a ring is given after a drained chain, in another call, is not modelled",
    "hand all over in one io_uring_enter()",
  ],
  [
    handing("io_uring_enter(c, c)"),
    "5:19",
    "the chain is handed over twice",
    "declare a second one",
  ],
  [handing("io_uring_enter(e)"), "5:16", "there is no chain `e`", "did you mean `c`?"],
  [
    handing("io_uring_enter()"),
    "5:1",
    "io_uring_enter() takes 1 to 6 arguments, not 0",
    "write io_uring_enter(chain, …)",
  ],
  [handing("io_uring_enter(4)"), "5:16", "a chain is expected here", "did you mean `c`?"],
  [
    "litmus x\nchain c IOSQE_IO_LINK {}\n",
    "2:9",
    "the requests of a chain are linked: IOSQE_IO_LINK is not written",
    "leave it out; requests of chains of their own are not linked",
  ],
  [
    "litmus x\nchain c IOSQE_IO_DRAIN IOSQE_IO_HARDLINK {}\n",
    "2:24",
    "a `|` is missing between two flags",
    "put `|` here",
  ],
  ["litmus x\nchain c {}\nthread c {}\n", "3:8", "`c` is already a chain", "choose another name"],
  [
    handing("after b:x io_uring_enter(c)"),
    "5:7",
    "there is no thread or chain `b`",
    "did you mean `a`?",
  ],
  ["litmus x\nthread a O_RDWR {}\n", "2:10", "a thread has no flags", "write `thread a {`"],
  [
    "litmus x\nchain c 1 {}\n",
    "2:9",
    "1 is not among the flags of a chain",
    "use IOSQE_IO_DRAIN, IOSQE_IO_HARDLINK",
  ],
];

checkCases("chains", CASES);

const programOf = (text: string) => {
  const { program, diagnostics } = parseProgram(text);
  return { program, messages: diagnostics.map(({ message }) => message) };
};

test("a label may be called like a file", () => {
  const { program, diagnostics } = parseProgram(requesting(`f: ${SPLICE}`));
  expect(diagnostics).toEqual([]);
  expect(program?.threads[1]!.calls[0]!.operands[0]).toEqual({ kind: "file", file: 0 });
});

test("a chain that nobody hands over is fine, and never starts", () => {
  const { program, messages } = programOf(handing("io_uring_enter(d)"));
  expect(messages).toEqual(["no io_uring_enter() hands this chain over: it never starts"]);
  expect(waitsOf(program!.threads)).toEqual(
    new Map([
      [1, [1]],
      [2, [0]],
    ]),
  );
});

test("a register that is filled for sure when a chain is handed over may be used", () => {
  const text = handing("fd = dup(f)", "io_uring_enter(c)", "io_uring_enter(d)");
  const { program } = programOf(text.replaceAll("{ splice(f", "{ splice(a:fd"));
  expect(program).toBeDefined();
});

/** Six chains of one ring, of two requests each, by their flags; what each waits for, as chains. */
test.each([
  ["all at once", ["", "", ""], [[], [], []]],
  ["behind a drained one", ["", "IOSQE_IO_DRAIN", "", ""], [[], [0], [0, 1], [0, 1]]],
  ["two drained", ["IOSQE_IO_DRAIN", "", "IOSQE_IO_DRAIN", ""], [[], [0], [0, 1], [0, 1, 2]]],
])("what chains wait for: %s", (_, flags, expected) => {
  const names = flags.map((__, i) => `c${i}`);
  const chains = flags.map((each, i) => `chain c${i} ${each} {\n${SPLICE}\n${SPLICE}\n}`);
  const { program } = programOf(
    `litmus x\nfile f\npipe p\nthread a { io_uring_enter(${names.join(", ")}) }\n${chains.join("\n")}\n`,
  );
  const waits = waitsOf(program!.threads);
  expect(flags.map((__, i) => waits.get(1 + 2 * i))).toEqual(
    expected.map((each) => [0, ...each.map((chain) => 2 + 2 * chain)]),
  );
});

test("a chain with a flag that splice does not know does not wait to be refused", () => {
  const bad = handing("io_uring_enter(c, d)").replace(/1, 0\) }\n$/, "1, 0x40) }\n");
  expect(waitsOf(programOf(bad).program!.threads).get(2)).toEqual([0]);
});
