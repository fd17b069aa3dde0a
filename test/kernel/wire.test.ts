// The wire format: golden bytes, and that nothing in a reply is trusted.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compilerOf, nativeFolder } from "../../src/kernel/host.js";
import { WireError, decodeBatch, decodeFrameHead, encodeBatch } from "../../src/kernel/wire.js";
import { GOLDEN_JOBS, golden } from "./golden.js";
import { numbersBelow } from "../helpers/numbers.js";

describe("golden bytes", () => {
  test("a request", () => {
    expect(encodeBatch(GOLDEN_JOBS, 7)).toEqual(golden("request"));
  });

  test("a reply", () => {
    const page = new Uint8Array(4096).fill(0x1f);
    const file = new Uint8Array(8195).fill(0x1f);
    file.set([0x61, 0x62, 0x63], 8192);
    const none = new Uint8Array(0);
    expect(decodeBatch(golden("reply"))).toEqual({
      leaving: true,
      attempts: [
        {
          ok: true,
          outcome: {
            results: [
              {
                call: 0,
                status: "returned",
                ret: 4096,
                errno: 0,
                out: 12288,
                data: page,
                sigpipe: false,
                startedAt: 0,
                returnedAt: 1,
              },
              {
                call: 1,
                status: "blocked",
                ret: 0,
                errno: 0,
                data: none,
                sigpipe: false,
                startedAt: 1,
                returnedAt: -1,
              },
              {
                call: 2,
                status: "returned",
                ret: -1,
                errno: 32,
                data: none,
                sigpipe: true,
                startedAt: 2,
                returnedAt: 2,
              },
            ],
            files: [
              { name: 0, bytes: file },
              { fd: 5, bytes: none },
            ],
            pipes: [{ fd: 4, bytes: Uint8Array.of(0x1f, 0x61, 0x62, 0x63) }],
          },
        },
        { ok: false, failure: "timed-out", reason: "the time is up" },
      ],
    });
  });

  test("C reads and writes the same bytes", async ({ skip }) => {
    if ((await compilerOf()) === undefined) skip("no C compiler: apt-get install gcc libc6-dev");
    const build = mkdtempSync(join(tmpdir(), "splicelab-wire-"));
    try {
      const parts = [
        "arena.c",
        "caches.c",
        "calls.c",
        "children.c",
        "flags.c",
        "memory.c",
        "locks.c",
        "proc.c",
        "program.c",
        "reply.c",
        "request.c",
        "ring.c",
        "syscalls.c",
        "tcp.c",
        "uring.c",
        "workers.c",
      ];
      const sources = ["test/wire_test.c", ...parts];
      const command = process.env["CC"] ?? "cc";
      execFileSync(command, ["-std=gnu11", "-I.", "-o", join(build, "wire_test"), ...sources], {
        cwd: nativeFolder(),
      });
      const folder = new URL("../fixtures/wire", import.meta.url).pathname;
      const said = execFileSync(join(build, "wire_test"), [folder], { encoding: "utf8" });
      expect(said).toContain("agree");
    } finally {
      rmSync(build, { recursive: true });
    }
  });
});

describe("a damaged reply", () => {
  test("a cut one is refused at every length", () => {
    const whole = golden("reply");
    for (let length = 0; length < whole.length; length++)
      expect(() => decodeBatch(whole.subarray(0, length)), `cut at ${length}`).toThrow(WireError);
  });

  test("a changed one gives attempts or WireError, never another error", () => {
    const random = numbersBelow(1);
    for (let i = 0; i < 3000; i++) {
      const bytes = golden("reply").slice();
      for (let n = 0; n <= random(3); n++) bytes[random(bytes.length)] = random(256);
      try {
        expect(decodeBatch(bytes).attempts.length).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }
  });

  test("a frame head of another protocol", () => {
    expect(() => decodeFrameHead(golden("request").subarray(0, 16))).toThrow(WireError);
  });
});
