// `kernel --retransmit`: what TCP of this machine sends of a page that is written to before its acknowledgement.

import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { EXIT } from "../../src/cli/exit.js";
import { CannotRetransmit, fillWindow, sendTwice } from "../../src/kernel/late-bytes.js";
import type { Retransmission } from "../../src/kernel/late-bytes.js";
import { runCli } from "./fake-edge.js";

const PAGE = 4096;
const sent: Retransmission | string = await sendTwice(tmpdir()).catch((error: unknown) => {
  if (!(error instanceof CannotRetransmit)) throw error;
  return error.message;
});
if (typeof sent === "string") console.warn(`skipped: no retransmission: ${sent}`);

describe.skipIf(typeof sent === "string")("a page that TCP sends twice", () => {
  const { first, again, writtenMs } = sent as Retransmission;

  test("has the same sequence number, and the bytes of its time", () => {
    expect(again.seq).toBe(first.seq);
    expect(first.data).toEqual([{ byte: 0x1f, lenBytes: PAGE }]);
    expect(again.data).toEqual([{ byte: 0xf0, lenBytes: PAGE }]);
    expect(first.ms).toBeLessThanOrEqual(writtenMs);
    expect(again.ms).toBeGreaterThanOrEqual(writtenMs);
  });

  test("has a valid checksum both times, and not the same", () => {
    expect([first.valid, again.valid]).toEqual([true, true]);
    expect(again.checksum).not.toBe(first.checksum);
  });

  test("is told with the model's run that does the same", async () => {
    const { code, out } = await runCli(["kernel", "--retransmit"]);
    expect(code).toBe(EXIT.asClaimed);
    const token = /npx splicelab run (sl1:\S+)/.exec(out.at(-1)!)![1]!;
    const run = await runCli(["run", token]);
    expect(run.out.join("\n")).toContain("exists: holds");
  });

  test("is told as JSON", async () => {
    const { out } = await runCli(["kernel", "--retransmit", "--json"]);
    const { kind, again: second } = JSON.parse(out[0]!) as { kind: string } & Retransmission;
    expect(kind).toBe("retransmission");
    expect(second.data).toEqual(again.data);
  });
});

test("what waits behind a closed window is sent as it has become", async () => {
  const { queuedBytes, oldBytes, newBytes } = await fillWindow(tmpdir());
  expect(queuedBytes).toBeGreaterThan(PAGE);
  expect([oldBytes, newBytes]).toEqual([0, queuedBytes]);
});

test.each([
  [["--seed", "3"], "--seed says nothing with --retransmit"],
  [["litmus/mail.litmus"], "a scenario says nothing with --retransmit"],
])("nothing else goes with it: %j", async (words, why) => {
  const { code, err } = await runCli(["kernel", "--retransmit", ...words]);
  expect(code).toBe(EXIT.couldNotRun);
  expect(err.join("\n")).toContain(why);
});
