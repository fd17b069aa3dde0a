// The page's side of a search: a worker that does not answer is ended, what it told stays; witnesses that come late.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NO_COUNTS } from "../../../src/compare/judge.js";
import { parseProgram } from "../../../src/language/parse-program.js";
import { GRACE_MS, SearchClient } from "../../../src/viz/explore/client.js";
import type { Known, WorkerLike } from "../../../src/viz/explore/client.js";
import type { Answer, Finding, Question, Request } from "../../../src/viz/explore/protocol.js";

const { program } = parseProgram(`litmus one
file f = 0x1f * 4096
thread t { a = read(f, 4096) }
forall (t:a = 0x1f * 4096)
`);
const question: Question = {
  program: program!,
  model: { profile: "6.18/ext4", policy: "linux" },
  tear: false,
  reduced: true,
};
const finding: Finding = {
  key: "k",
  shows: "t:a=0x1f * 4096",
  parts: [{ place: "t:a", value: "0x1f * 4096" }],
  counts: { ...NO_COUNTS, positive: 1 },
  blocked: false,
  lostWake: false,
};
const witness = { schedule: [0, 0], preemptions: 0, minimal: false };
const verdict = {
  observation: "Always",
  ...NO_COUNTS,
  positive: 1,
  holds: "unknown",
} as const;

/** A worker that answers when the test says so. */
class Puppet implements WorkerLike {
  onmessage: WorkerLike["onmessage"] = null;
  onerror: WorkerLike["onerror"] = null;
  readonly heard: Request[] = [];
  isEnded = false;

  postMessage(request: Request): void {
    this.heard.push(request);
  }

  terminate(): void {
    this.isEnded = true;
  }

  say(answer: Answer): void {
    this.onmessage?.({ data: answer } as MessageEvent<Answer>);
  }

  tell(findings: readonly Finding[]): void {
    const reached = { ...client.known.reached, states: 7, outcomes: findings.length };
    const told = findings.map((each, place) => [place, each] as const);
    this.say({ kind: "progress", reached, verdict, findings: told, waits: [] });
  }
}

let worker: Puppet;
let client: SearchClient;
let last: Known;

beforeEach(() => {
  vi.useFakeTimers();
  worker = new Puppet();
  client = new SearchClient(worker, question, (known) => (last = known));
});
afterEach(() => {
  vi.useRealTimers();
});

test("a worker that does not stop is ended, and what it found stays, marked bounded", () => {
  worker.tell([finding]);
  client.stop();
  expect(worker.heard.map(({ kind }) => kind)).toEqual(["ask", "stop"]);
  vi.advanceTimersByTime(GRACE_MS - 1);
  expect([last.state, worker.isEnded]).toEqual(["searching", false]);
  vi.advanceTimersByTime(1);
  expect([last.state, last.live, worker.isEnded]).toEqual(["done", false, true]);
  expect(last.ended!.how).toEqual({ word: "bounded", bound: "stopped" });
  expect(last.findings).toEqual([finding]);
  expect(last.reached.states).toBe(7);
});

test("a worker that stops in time lives on until every outcome has its witness", () => {
  worker.tell([finding]);
  client.stop();
  const how = { word: "bounded", bound: "stopped" } as const;
  worker.say({ kind: "ended", ended: { how, verdict, reached: last.reached } });
  vi.advanceTimersByTime(10 * GRACE_MS);
  expect([last.state, worker.isEnded]).toEqual(["done", false]);
  worker.say({ kind: "idle" });
  expect([last.live, worker.isEnded]).toEqual([false, true]);
});

test("a witness that is not known yet is asked for, and comes when it is", () => {
  worker.tell([finding]);
  worker.say({ kind: "settled" });
  const came = vi.fn();
  client.witness("k", came);
  expect(worker.heard.at(-1)).toEqual({ kind: "way", key: "k" });
  expect(came).not.toHaveBeenCalled();
  worker.tell([{ ...finding, witness }]);
  expect(came).toHaveBeenCalledExactlyOnceWith({ ...finding, witness });
  client.witness("k", came);
  expect(came).toHaveBeenCalledTimes(2);
  expect(worker.heard).toHaveLength(2);
});

test("a trap is told with what led to it, and what was found stays", () => {
  worker.tell([finding]);
  const failed = { failure: "trap", message: "an assertion failed", schedule: [0] } as const;
  worker.say({ kind: "failed", failed });
  expect([last.state, last.failed, worker.isEnded]).toEqual(["done", failed, true]);
  expect(last.findings).toEqual([finding]);
});

test("a worker that cannot start is a failure, too", () => {
  worker.onerror?.({ message: "" } as ErrorEvent);
  expect(last.failed!.failure).toBe("broken");
  expect(last.failed!.message).not.toBe("");
});
