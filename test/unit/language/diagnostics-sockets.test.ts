// What the checker says about sockets and wires: each mistake with a remedy.

import { checkCases, declared } from "./mistakes.js";
import type { Case } from "./mistakes.js";

/** A call in column 3 of line 6, behind a socket s and a wire w. */
const calling = (call: string): string =>
  `litmus x\npipe p\nsocket s\nwire w\nthread a {\n  ${call}\n}\n`;
/** A call in column 3 of line 3, in a scenario that declares nothing. */
const alone = (call: string): string => `litmus x\nthread a {\n  ${call}\n}\n`;
/** A question in line 6. */
const asking = (question: string): string =>
  `litmus x\nsocket s\nwire w\nfile f\nthread a {}\n${question}\n`;

const CASES: Case[] = [
  [
    declared("socket"),
    "3:7",
    "expected a name for the socket",
    "`thread` is a word of the language",
  ],
  [
    declared("socket s O_DIRECT"),
    "3:10",
    "`O_DIRECT` is not a kind or flag of a socket",
    "choose one of `tcp`, `dgram`, `seqpacket`, `udp`, `SOCK_NONBLOCK`, `SOCK_CLOEXEC`",
  ],
  [
    declared("socket s UDP SOCK_NONBLOCK"),
    "3:10",
    "`UDP` is no kind of socket",
    "did you mean `udp`?",
  ],
  [
    declared("socket s udb"),
    "3:10",
    "`udb` is not a kind or flag of a socket",
    "did you mean `udp`?",
  ],
  [
    declared("socket s 1"),
    "3:10",
    "1 is not among the flags of a socket",
    "use SOCK_NONBLOCK, SOCK_CLOEXEC",
  ],
  [
    declared("socket s tcp O_DIRECT"),
    "3:14",
    "`O_DIRECT` is not a flag of a socket",
    "choose one of `SOCK_NONBLOCK`, `SOCK_CLOEXEC`",
  ],
  [declared("wire w queue 0"), "3:14", "a queue of 0 frags", "use 1 to 256"],
  [declared("wire f"), "3:6", "`f` is already a file", "choose another name"],
  [
    calling("read(s, 8)"),
    "6:8",
    "`s` is a socket, and the call needs one end",
    "write `s.a` or `s.b`",
  ],
  [calling("read(s.r, 8)"), "6:8", "a socket has no end `r`", "write `s.a` or `s.b`"],
  [calling("close(w)"), "6:9", "`w` is a wire", "write `w.tx` for the end that can be written to"],
  [calling("close(w.rx)"), "6:9", "a wire has no end `rx`", "write `w.tx`"],
  [calling("close(t.a)"), "6:9", "there is no pipe `t`", "did you mean `s.a`?"],
  [alone("close(other.tx)"), "3:9", "there is no pipe `other`", "declare `wire other`"],
  [alone("close(other.b)"), "3:9", "there is no pipe `other`", "declare `socket other`"],
  [
    calling("recvfrom(s.a, 8, 0)"),
    "6:3",
    "recvfrom() is not modelled yet",
    "write `recv(fd, count, flags)`",
  ],
  [
    asking('forall s = ""'),
    "6:8",
    "a socket holds bytes at each of its ends",
    "write `s.a` or `s.b`: the bytes that wait at that end",
  ],
  [asking('forall s.w = ""'), "6:8", "a socket has no end `w`", "write `s.a` or `s.b`"],
  [
    asking('forall w.tx = ""'),
    "6:8",
    "a wire has nothing called `tx`",
    "write `w`, the bytes as they were sent first, or `w.last`",
  ],
];

checkCases("sockets and wires", CASES);
