// A kernel's runs in JSON: nothing is lost on the way, and what is none of the scenario is said.

import { readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import type { Program } from "../../../src/language/program.js";
import { Core } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { outcomesOfPicks } from "../../../src/model/schedule.js";
import { orderSeen, readOrder } from "../../../src/report/kernel-data.js";
import { orderSeenSchema, scenarioHash } from "../../../src/report/kernel-run.js";
import type { OrderSeen } from "../../../src/report/kernel-run.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";
import type { Outcome } from "../../../src/trace/outcome.js";
import type { FolioSeen, Snapshot } from "../../../src/trace/snapshot.js";
import { SCHEMA_FILES, schemaText } from "../../../tools/schemas.js";
import { inRoot } from "../../../tools/paths.js";

const programOf = (text: string): Program => parseProgram(text).program!;
const TEXT = `litmus two
"A write to a page that a pipe holds, and a read that must not wait."

file f = 0x1f * 4096
pipe p O_NONBLOCK

thread a {
  splice(f, 0, p.w, NULL, 4096, 0)
  got = read(p.r, 8192)
  again = read(p.r, 1)
}
thread b {
  pwrite(f, 0xf0 * 100, 0)
}

exists (f = 0x1f * 4096)
`;
const program = programOf(TEXT);
const PICKS = [0, 1, 0, 0];

function outcome(): Outcome {
  const profile = parseProfile("6.18/ext4");
  const setup = { program, profile, policy: parsePolicy("linux"), environment: ENVIRONMENT };
  return outcomesOfPicks(new Core(), setup, PICKS).outcomes[0]!;
}

const folio = (id: bigint, more: Partial<FolioSeen> = {}): FolioSeen => ({
  ...{ id, order: 0, refs: 2, mapped: 0, locked: false, uptodate: true, dirty: false },
  ...{ lru: true, hasPrivate: false, writeback: false, index: 0 },
  ...more,
});

/** One pipe whose slot holds the page of the file. */
function snapshot(shared: FolioSeen): Snapshot {
  const slot = { counter: 0, offset: 0, lenBytes: 4096, flags: 0, kind: "pagecache" } as const;
  const pipe = { id: 7n, head: 1, tail: 0, maxUsage: 16, readers: 1, writers: 1 };
  const file = { fd: 3, id: 9n, sizeBytes: 4096, pages: [{ index: 0, page: 0, folio: shared }] };
  return {
    pipes: [4, 5].map((fd) => ({ ...pipe, fd, slots: [{ ...slot, page: 0, folio: shared }] })),
    files: [file],
  };
}

const through = (order: OrderSeen): OrderSeen =>
  v.parse(orderSeenSchema, JSON.parse(JSON.stringify(order)));

describe("an order of the calls", () => {
  test("is the same after JSON, identities renumbered", () => {
    const observed = outcome();
    const shared = [0xffff888001n, 0xffff888001n, 5n, 5n, 5n].map((id, i) =>
      folio(id, { refs: i, dirty: i > 1, hasPrivate: i > 2 }),
    );
    const data = { picks: PICKS, outcome: observed, snapshots: shared.map(snapshot) };
    const order = through({ ...orderSeen(program, data), verdict: "allowed" });
    const read = readOrder(program, order);
    expect(read.picks).toEqual(PICKS);
    expect(read.outcome).toEqual({
      results: observed.results,
      files: observed.files,
      pipes: observed.pipes,
    });
    const renumbered = shared.map((each) => ({ ...each, id: each.id === 5n ? 2n : 1n }));
    const same = { pipe: 1n, file: 1n };
    expect(read.snapshots).toEqual(
      renumbered.map(snapshot).map(({ pipes, files }) => ({
        pipes: pipes.map((pipe) => ({ ...pipe, id: same.pipe })),
        files: files.map((file) => ({ ...file, id: same.file })),
      })),
    );
    expect(order.calls[2]).toMatchObject({ status: "returned", ret: -1, errno: "EAGAIN" });
  });

  const good = (): OrderSeen => ({
    ...orderSeen(program, { picks: PICKS, outcome: outcome() }),
    verdict: "allowed",
  });
  test.each([
    ["a thread", { schedule: ["a", "zed"] }, /no thread "zed"/],
    ["too few calls", { calls: [] }, /has 4 calls/],
    ["a file", { files: [{ name: "g", data: [] }] }, /no file "g"/],
    ["moments", { moments: [] }, /there are 5 moments, not 0/],
    ["an errno", { calls: good().calls.map((c) => ({ ...c, errno: "ENO" })) }, /no errno "ENO"/],
    [
      "a bomb",
      { pipes: [{ fd: 4, data: [{ byte: 0, lenBytes: 2 ** 40 }] }] },
      /more than 64 MiB of data/,
    ],
  ])("says what is none of the scenario: %s", (_, wrong: Partial<OrderSeen>, message) => {
    expect(() => readOrder(program, { ...good(), ...wrong })).toThrow(message);
  });
});

test("the hash of a scenario is that of what runs", () => {
  const hash = scenarioHash(program);
  const lines = TEXT.split("\n");
  const bare = lines.filter((line) => !/^("|exists)/.test(line));
  expect(scenarioHash(programOf(`# another comment\n${bare.join("\n")}`))).toBe(hash);
  expect(scenarioHash(programOf(TEXT.replace("0xf0 * 100, 0", "0xf0 * 200, 0")))).not.toBe(hash);
});

test.each(SCHEMA_FILES)("$file is not stale", async (published) => {
  const kept = readFileSync(inRoot(published.file), "utf8");
  const isCurrent = kept === (await schemaText(published));
  expect(isCurrent, `${published.file} is stale: bring it up to date with "npm run docs"`).toBe(
    true,
  );
  expect(kept).toMatch(/"\$comment": "sha256 of what made it: [0-9a-f]{64}\. /);
});
