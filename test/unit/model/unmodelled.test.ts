// What is sent into a socket beyond what fits for certain: the reason names the limits and a remedy that works. What runs beside what
// a request had last.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { explore } from "../../../src/model/explore.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";

const [profile, policy] = [parseProfile("6.18/ext4"), parsePolicy("linux")];

/** How a search ends over TCP. */
function endingOf(sender: string, reader: string, chain = "") {
  const { program } = parseProgram(`litmus sent
file f = 0x1f * 65536
socket c tcp
thread sender { ${sender} }
thread reader { ${reader} }
${chain}`);
  return explore({ program: program!, profile, policy, environment: ENVIRONMENT }).ending;
}

/** A number of a file of the core. */
const limit = (file: string, name: string): string => {
  const found = new RegExp(`const ${name}: \\w+ = (\\d+);`).exec(readFileSync(file, "utf8"));
  return found![1]!;
};

test("64 KiB of sendfile over TCP: every limit is named, as the core has it", () => {
  const ending = endingOf("sendfile(c.a, f, NULL, 65536)", "read(c.b, 65536)");
  expect(ending.word).toBe("unmodelled");
  const why = ending.word === "unmodelled" ? ending.why : "";
  expect(why).toContain(`${limit("assembly/net/tcp.ts", "UNREAD_BYTES_MAX")} bytes may wait`);
  expect(why).toContain(`${limit("assembly/net/tcp.ts", "SEGMENT_BYTES_MAX")} may come`);
  expect(why).toContain(`${limit("assembly/net/skb.ts", "SKB_FRAGS_MAX")} frags`);
  expect(why).toMatch(/; send less, or receive in between$/);
});

test("what it says to do helps", () => {
  const half = "sendfile(c.a, f, NULL, 32768)";
  expect(endingOf(half, "read(c.b, 65536)").word).toBe("complete");
  const turns = `${half} after reader:r ${half}`;
  expect(endingOf(turns, "r: read(c.b, 32768) read(c.b, 32768)").word).toBe("complete");
});

test("a request behind one that had a socket last: which is first is not known", () => {
  const chain = (last: string): string => `chain k { read(c.b, 4) ${last} }`;
  const closes = "io_uring_enter(k) close(c.b)";
  const sends = 'after sender write(c.a, "sent")';
  const enters = (last: string) =>
    endingOf(`${closes} x: dup(f)`, sends.replace("sender", "sender:x"), chain(last)).word;
  expect(enters("pread(f, 1, 0)")).toBe("unmodelled");
  expect(enters("")).toBe("complete");
});
