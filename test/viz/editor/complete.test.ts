// What completion offers, by where the cursor is; texts are half written as they are while one types.

import { CompletionContext } from "@codemirror/autocomplete";
import { expect, test } from "vitest";
import { errnosOf } from "../../../src/language/errnos.js";
import { SYSCALL_NAMES, syscallRow } from "../../../src/language/syscalls.js";
import { litmusCompletions } from "../../../src/viz/editor/complete.js";
import { completionsAt, stateAt } from "./cursor.js";

const HEAD = 'litmus x\n"doc"\nfile f = 0x11 * 4096\nfile g\npipe p\nsocket s\nwire w\n';
const CALLS = [...SYSCALL_NAMES, "after"];
const REQUESTS = SYSCALL_NAMES.filter((name) => syscallRow(name).request !== undefined);
const ENDS = ["f", "g", "p.r", "p.w", "s.a", "s.b", "w.tx"];
const TOP = ["litmus", "file", "pipe", "socket", "wire", "background", "thread", "chain"];
const ALL = [...TOP, "forall", "exists", "~exists", "filter", "locations"];
const FLAGS = ["SPLICE_F_MOVE", "SPLICE_F_NONBLOCK", "SPLICE_F_MORE", "SPLICE_F_GIFT"];

/** In thread a, behind a thread that names things. */
const inThread = (line: string): string =>
  `${HEAD}thread b {\n  o: fd = open("f", O_RDWR)\n  m = mmap(NULL, 1, 1, 1, f, 0)\n  n = read(f, 1)\n}\n` +
  `thread a {\n  c: d = dup(f)\n  ${line}\n}\n`;

test.each<[where: string, marked: string, offered: readonly string[]]>([
  ["an empty text", "|", ALL],
  ["between declarations", `${HEAD}|`, ["loopback", "queue", "retransmit", ...ALL]],
  ["behind a thread", `${HEAD}thread a {\n close(f)\n}\nth|`, ALL],
  ["a fresh name", `${HEAD}pipe |`, []],
  ["flags of a chain", `${HEAD}chain c |`, ["IOSQE_IO_DRAIN", "IOSQE_IO_HARDLINK"]],
  ["more flags of a chain", `${HEAD}chain c IOSQE_IO_DRAIN | |`, ["IOSQE_IO_HARDLINK"]],
  ["a request", `${HEAD}chain c IOSQE_IO_DRAIN | IOSQE_IO_HARDLINK {\n  |\n}\n`, REQUESTS],
  ["a chain", `${HEAD}chain c {}\nthread a {\n  io_uring_enter(|\n}\n`, ["c"]],
  [
    "flags of a pipe",
    "litmus x\npipe p |",
    ["O_CLOEXEC", "O_NONBLOCK", "O_DIRECT", "size", ...ALL],
  ],
  ["more flags of a pipe", "litmus x\npipe p O_DIRECT | O_N|", ["O_CLOEXEC", "O_NONBLOCK"]],
  [
    "kinds and flags of a socket",
    "litmus x\nsocket s |",
    ["tcp", "dgram", "seqpacket", "udp", "SOCK_NONBLOCK", "SOCK_CLOEXEC", ...ALL],
  ],
  ["flags of a kind", "litmus x\nsocket s tcp |", ["SOCK_NONBLOCK", "SOCK_CLOEXEC", ...ALL]],
  ["content of a file", "litmus x\nfile f = h|", ["hole", "hex"]],
  ["behind content", "litmus x\nfile f = 0x11 * 4096 |", ["folio order", ...ALL]],
  ["background tasks", "litmus x\nbackground w|", ["writeback", "reclaim"]],
  ["a statement", inThread("|"), CALLS],
  ["a statement that begins", inThread("spl|"), CALLS],
  ["behind a label", inThread("s:spl|"), CALLS],
  ["behind a register", inThread("r = re|"), CALLS],
  ["after", inThread("after |"), ["b:o", "b:fd", "b:m", "b:n", "a:c", "a:d"]],
  ["after, once more", inThread("after b:o, b|"), ["b:o", "b:fd", "b:m", "b:n", "a:c", "a:d"]],
  ["a descriptor", inThread("read(|"), [...ENDS, "b:fd", "d"]],
  ["a descriptor in an open call", inThread("splice(f, 0, p.|"), [...ENDS, "b:fd", "d"]],
  ["a mapping", inThread("load(|"), ["b:m"]],
  ["flags", inThread("splice(f, 0, p.w, NULL, 1, |)"), FLAGS],
  ["more flags", inThread("splice(f, 0, p.w, NULL, 1, SPLICE_F_MOVE | S|)"), FLAGS.slice(1)],
  ["a command", inThread("lseek(f, 0, S|)"), ["SEEK_SET", "SEEK_CUR", "SEEK_END"]],
  ["a pointer", inThread("splice(f, |"), ["NULL"]],
  ["data", inThread("write(f, |"), ["hex", "fault"]],
  ["a path", inThread("unlink(|"), ['"f"', '"g"']],
  ["a path in quotes", inThread('unlink("f|")'), ['"f"', '"g"']],
  ["a number", inThread("pread(f, 1, |"), []],
  ["the second count of a vector", inThread("readv(f, [1, |"), ["fault"]],
  ["behind a vector", inThread("preadv2(f, [1, 2], 0, RWF_HI|").slice(0, -1), ["RWF_HIPRI"]],
  ["an errno", inThread("close(f) = -1 E|"), ["EBADF"]],
  ["a result", inThread("close(f) = |"), ["-1 EBADF"]],
  ["no such call", inThread("clone(|"), []],
  ["a comment", inThread("# spl|"), []],
])("%s", (_, marked, offered) => {
  const found = completionsAt(marked);
  if (marked.includes("RWF_HI")) expect(found).toContain(offered[0]);
  else expect(found).toEqual(offered);
});

test("a condition has the places of the text, then words", () => {
  const words = ["snapshot", "not", "true"];
  const places = ["a:s", "f", "g", "p", "s.a", "s.b", "w", "w.last"];
  const text = `${HEAD}thread a {\n  s: close(f)\n}\n`;
  expect(completionsAt(`${text}forall (|`)).toEqual([...places, ...words]);
  expect(completionsAt(`${text}exists a:s = 0 /\\ |`)).toEqual([...places, ...words]);
  expect(completionsAt(`${text}forall a:s = |`)).toEqual(["hex"]);
  expect(completionsAt(`${text}locations [a:s, |`)).toEqual(places);
});

test("a pipe that pipe2() makes has ends too", () => {
  expect(completionsAt("litmus x\nthread a {\n  pipe2(q, 0)\n  read(|\n}")).toEqual(["q.r", "q.w"]);
});

test("nothing opens by itself where no word begins, and each call's errors are its own", () => {
  const state = stateAt(inThread("close(f) = -1 |"));
  const head = state.selection.main.head;
  expect(litmusCompletions(new CompletionContext(state, head, false))).toBeNull();
  expect(completionsAt(inThread("tee(p.r, p.w, 1, 0) = -1 E|"))).toEqual(errnosOf("tee"));
});

test("a call tells its arguments and what it does; a closing quote is taken along", () => {
  const state = stateAt(inThread('unlink("f|")'));
  const head = state.selection.main.head;
  const found = litmusCompletions(new CompletionContext(state, head, true))!;
  expect([found.from, found.to]).toEqual([head - 2, head + 1]);
  const calls = stateAt(inThread("te|"));
  const at = calls.selection.main.head;
  const options = litmusCompletions(new CompletionContext(calls, at, false))!.options;
  expect(options.find(({ label }) => label === "tee")).toMatchObject({
    detail: "(fd_in, fd_out, len, flags)",
    info: "duplicates the content of one pipe into another without consuming it",
  });
});
