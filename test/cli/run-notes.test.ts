// What `run` says beside the calls: where a token ends and what could come next, who waited, which picks did not fit.

import { describe, expect, test } from "vitest";
import { decodeToken, encodeToken } from "../../src/trace/token.js";
import { runCli } from "./fake-edge.js";

const RACE = "litmus/mail-race.litmus";
const WAITS = "writer's pwrite waits for a folio that pipe p holds";

/** The first token that a command prints. */
async function tokenOf(args: readonly string[]): Promise<string> {
  const { out } = await runCli(args);
  return out.find((line) => line.startsWith("sl1:"))!;
}

describe("a token that ends midway", () => {
  const STABLE = ["explore", RACE, "--policy", "stable"];

  test("says where each call is, and what could come next", async () => {
    const { out, code } = await runCli(["run", await tokenOf(STABLE)]);
    expect(code).toBe(2);
    expect(out.slice(0, 7)).toEqual([
      "[client] splice(f, 0, p.w, NULL, 8192, 0) = ? (the run stops before push)",
      "[client] a = read(p.r, 4096) = ? (not started by then)",
      "[client] b = read(p.r, 4096) = ? (not started by then)",
      "[writer] pwrite(f, 0xf0 * 4096, 0) = ? (waits where the run stops)",
      "[writer] pwrite(f, 0xf0 * 4096, 4096) = ? (not started by then)",
      `the token ends here, after 6 steps; ${WAITS}`,
      "next could come: client: push, in splice",
    ]);
    expect(out.join("\n")).not.toMatch(/unexpected|blocked/);
  });

  test("says so in JSON", async () => {
    const { out } = await runCli(["run", await tokenOf(STABLE), "--json"]);
    const objects = out.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects[0]).toMatchObject({ kind: "call", left: "the run stops before push" });
    expect(objects.at(-1)).toMatchObject({ unexpected: [], next: ["client: push, in splice"] });
  });
});

describe("a token", () => {
  test.each([
    ["explore", RACE],
    ["run", RACE],
    ["run", "litmus/mail.litmus"],
  ])("of %s %s is printed again by its run", async (...args) => {
    const token = await tokenOf(args);
    expect((await runCli(["run", token])).out.at(-1)).toBe(token);
  });

  const OTHER =
    "this is another run than the token's, which is under profile 6.18/ext4, policy linux";

  test("is another under another policy, and the run says so", async () => {
    const token = await tokenOf(["explore", RACE]);
    const { out } = await runCli(["run", token, "--policy", "copy"]);
    expect(out).toContain(OTHER);
    expect(out.join("\n")).not.toContain("the token's schedule");
    expect(out.at(-1)).not.toBe(token);
  });

  test("says where its schedule does not fit", async () => {
    const token = await tokenOf(["explore", RACE]);
    const { out } = await runCli(["run", token, "--policy", "stable"]);
    expect(out).toContain(OTHER);
    expect(out.join("\n")).toMatch(
      /^from step \d+ on the token's schedule does not fit: where it does not, the first that can step goes$/m,
    );
  });

  test("says where its schedule ends early", async () => {
    const witness = decodeToken(await tokenOf(["run", RACE]));
    const token = encodeToken({ ...witness, schedule: witness.schedule.slice(0, 9), cursor: 0 });
    const { out } = await runCli(["run", token]);
    expect(out).toContain(
      "the token's schedule ends after 9 steps: the run goes on, the first that can step goes",
    );
  });
});

describe("who waited", () => {
  test("for a folio", async () => {
    const { out } = await runCli([
      "run",
      RACE,
      "--policy",
      "stable",
      "--schedule",
      "client,writer",
    ]);
    expect(out.join("\n")).toMatch(new RegExp(`^${WAITS}, from step 8 to step 13$`, "m"));
  });

  test("in its sleep", async () => {
    const input =
      "litmus s\npipe p\nthread r { read(p.r, 1) }\nthread w { write(p.w, 0x41 * 1) }\n";
    const { out } = await runCli(["run", "-"], { input });
    expect(out.join("\n")).toMatch(/^r's read sleeps, from step \d+ to step \d+$/m);
    const other = await runCli(["run", "-", "--schedule", "w,r"], { input });
    expect(other.out.join("\n")).not.toContain("sleeps");
  });
});

test("a call that is not modelled is not said to be blocked", async () => {
  const input =
    "litmus x\nwire w\npipe p\nthread a { shutdown(w.tx, SHUT_WR) }\nthread b { read(p.r, 1) }\n";
  const { out, code } = await runCli(["run", "-", "--schedule", "b,a"], { input });
  expect(out.slice(0, 2)).toEqual([
    "[a] shutdown(w.tx, SHUT_WR) = ? (not modelled: a call is used in a form that is not modelled)",
    "[b] read(p.r, 1) = ? (blocked)",
  ]);
  expect(code).toBe(2);
});

describe("--schedule", () => {
  const notesOf = async (picks: string, file = RACE): Promise<string[]> => {
    const { out } = await runCli(["run", file, "--schedule", picks, "--json"]);
    return (JSON.parse(out.at(-1)!) as { notes?: string[] }).notes ?? [];
  };

  test.each([
    ["client,writer,writer,client,client", []],
    ["", []],
    [
      "writer",
      ["--schedule has no more picks after 1 call: the other 4 follow, the first thread first"],
    ],
    [
      "writer,writer,writer,client,client,client,client",
      ["--schedule: passed over, as no call could be started then: 3 (writer), 7 (client)"],
    ],
  ])("%s", async (picks, notes) => {
    expect(await notesOf(picks)).toEqual(notes);
  });

  /** Who did something, and what, in order. */
  const doneIn = async (file: string, ...args: string[]): Promise<string[]> =>
    (await runCli(["run", file, ...args])).out.flatMap(
      (line) => /^\[(.+)\] (\w+)/.exec(line)?.slice(1).join(" ") ?? [],
    );

  test("lets a chain that it names wait for its turns", async () => {
    const file = "litmus/io_uring/mail-race.litmus";
    const [own, named] = ["server,writer", "server,c,writer,c,receiver"];
    expect((await doneIn(file, "--schedule", own)).slice(1, 4)).toEqual([
      "c splice",
      "c splice",
      "writer pwrite",
    ]);
    expect((await doneIn(file, "--schedule", named)).slice(1, 4)).toEqual([
      "c splice",
      "writer pwrite",
      "c splice",
    ]);
    expect(await notesOf(named, file)).toEqual([]);
  });

  const WIRE = "litmus/wire-retransmit.litmus";

  test.each(["nic-w,writer,nic-w:retransmit", "nic w, writer, nic w: retransmit"])(
    "lets a card that it names wait for its turns: %s",
    async (turns) => {
      const picks = `server,server,${turns}`;
      expect((await doneIn(WIRE, "--schedule", picks)).slice(2)).toEqual([
        "nic w transmit",
        "writer pwrite",
        "nic w retransmit",
        "nic w ack",
      ]);
      expect(await notesOf(picks, WIRE)).toEqual([]);
    },
  );

  test("says where a card had nothing to do", async () => {
    expect(await notesOf("server,nic-w,server,writer", WIRE)).toEqual([
      "--schedule: passed over, as there was nothing to do then: 2 (nic-w)",
    ]);
  });

  test("tells the names that there are", async () => {
    const { err } = await runCli(["run", WIRE, "--schedule", "nic-x"]);
    expect(err.join("\n")).toMatch(
      /no thread, chain or action .*"nic-x"\n.*server, writer, nic-w$/,
    );
  });

  test("a timer goes last by itself, and when it is named", async () => {
    const input =
      'litmus held\nsocket s tcp\nthread a {\n  send(s.a, "abc", MSG_MORE)\n}\n' +
      "thread b {\n  n = ioctl(s.b, FIONREAD)\n}\n";
    const order = async (...args: string[]): Promise<string[]> =>
      (await runCli(["run", "-", ...args], { input })).out.flatMap(
        (line) => /^\[([^\]]+)\]/.exec(line)?.[1] ?? [],
      );
    expect(await order()).toEqual(["a", "b", "timer of s.a"]);
    expect(await order("--schedule", "a,timer-of-s.a,b")).toEqual(["a", "timer of s.a", "b"]);
  });
});
