// `kernel --retransmit`: one page of a file, sent twice by TCP, before and after a write to it; and what the model says of that.
//
// Interface: checkRetransmission.
// Where no network namespace can be made, what waits behind a closed window takes its place: it needs no rights.

import { tmpdir } from "node:os";
import { probeHost } from "../kernel/features.js";
import { ExecutorUnavailable } from "../kernel/host.js";
import { CannotRetransmit, fillWindow, sendTwice } from "../kernel/late-bytes.js";
import type { Retransmission, Segment } from "../kernel/late-bytes.js";
import { jsonLine } from "../report/json.js";
import { requireDirectory } from "./backends.js";
import type { Edge } from "./edge.js";
import { CannotRun, EXIT } from "./exit.js";
import type { ExitCode } from "./exit.js";
import { decidingRun } from "./explore/deciding.js";
import { closedWindowSchema, retransmissionSchema } from "./json.js";
import { readProgram, setupOf } from "./scenario.js";

/** Sends on this machine, prints what was sent, and asks the model for a run that does the same. */
export async function checkRetransmission(
  edge: Edge,
  folder: string = tmpdir(),
  json = false,
): Promise<ExitCode> {
  requireDirectory(folder);
  try {
    const { release, fileSystem } = await probeHost(folder);
    const host = { edge, json, kernel: release, fileSystem: fileSystem.name };
    edge.err(`Linux ${release}, ${fileSystem.name}: TCP, IPv4`);
    try {
      return await tellSegments(host, await sendTwice(folder, edge.signal));
    } catch (error) {
      if (!(error instanceof CannotRetransmit)) throw error;
      edge.err(`without a retransmission: ${error.message}`);
      return await tellWindow(host, await fillWindow(folder, edge.signal));
    }
  } catch (error) {
    if (edge.signal.aborted) return EXIT.interrupted;
    if (!(error instanceof ExecutorUnavailable)) throw error;
    throw new CannotRun(error.message, "splicelab doctor lists what this machine can do");
  }
}

interface Host {
  readonly edge: Edge;
  readonly json: boolean;
  readonly kernel: string;
  readonly fileSystem: string;
}

/** Whether the model has a run that ends so, and a token of one. */
async function allowedBy(edge: Edge, condition: string, wire: string): Promise<string | undefined> {
  const text = `litmus retransmit
"TCP sends a page by reference; the file is written to before the acknowledgement."

file f = 0x1f * 4096
wire w${wire}

thread server {
  s: sendfile(w.tx, f, 0, 4096) = 4096
}
thread writer {
  after server:s
  pwrite(f, 0xf0 * 4096, 0)
}

exists (${condition})
`;
  const program = readProgram(edge, text, "the scenario of --retransmit");
  return (await decidingRun(edge, text, setupOf(program, {}))).token;
}

/** Says whether the model allows it, and gives the exit code. */
function tellModel(edge: Edge, token: string | undefined): ExitCode {
  edge.out(
    token === undefined
      ? "the model does not allow it"
      : `the model allows it: npx splicelab run ${token}`,
  );
  return token === undefined ? EXIT.violated : EXIT.asClaimed;
}

const contentOf = ({ data }: Segment): string =>
  data.map(({ byte, lenBytes }) => `0x${hex(byte, 2)} * ${lenBytes}`).join(", ");
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

async function tellSegments(host: Host, sent: Retransmission): Promise<ExitCode> {
  const { edge, json, kernel, fileSystem } = host;
  const { first, again, writtenMs } = sent;
  const condition = `w = {${contentOf(first)}} /\\ w.last = {${contentOf(again)}}`;
  const token = await allowedBy(edge, condition, " retransmit");
  if (json) {
    edge.out(
      jsonLine(retransmissionSchema, {
        kind: "retransmission",
        kernel,
        fileSystem,
        ...sent,
        token: token ?? null,
      }),
    );
    return token === undefined ? EXIT.violated : EXIT.asClaimed;
  }
  edge.out(lineOf("sent", first));
  edge.out(`${atMs(writtenMs)}  pwrite(f, 0xf0 * 4096, 0), no acknowledgement yet`);
  edge.out(lineOf("sent again", again));
  return tellModel(edge, token);
}
const atMs = (ms: number): string => `${ms} ms`.padStart(7);
const lineOf = (what: string, it: Segment): string =>
  `${atMs(it.ms)}  ${what.padEnd(10)}  sequence ${it.seq}: ${contentOf(it)}, checksum 0x${hex(it.checksum, 4)}, ${it.valid ? "valid" : "not valid"}`;

async function tellWindow(
  host: Host,
  got: { queuedBytes: number; oldBytes: number; newBytes: number },
): Promise<ExitCode> {
  const { edge, json, kernel, fileSystem } = host;
  const token = got.newBytes === 0 ? undefined : await allowedBy(edge, "w = 0xf0 * 4096", "");
  if (json) {
    edge.out(
      jsonLine(closedWindowSchema, {
        kind: "closed-window",
        kernel,
        fileSystem,
        ...got,
        token: token ?? null,
      }),
    );
    return token === undefined ? EXIT.violated : EXIT.asClaimed;
  }
  edge.out(`queued behind a closed window: ${got.queuedBytes} bytes of a page of 0x1f`);
  edge.out("pwrite(f, 0xf0 * 4096, 0), and the receiver reads");
  edge.out(`received: ${got.oldBytes} bytes 0x1f, ${got.newBytes} bytes 0xf0`);
  return tellModel(edge, token);
}
