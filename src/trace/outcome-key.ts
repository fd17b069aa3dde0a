// A text that is equal for equal outcomes: sets of outcomes from several searches can be compared and merged.
//
// Interface: outcomeKey.
// Law: two outcomes have one key exactly if every result, every final content and the snapshot are equal; when calls
// started and returned does not count.

import { compress } from "../language/program.js";
import type { Outcome } from "./outcome.js";

const bytesKey = (bytes: Uint8Array): string =>
  compress(bytes)
    .map((run) => `${run.byte}*${run.lenBytes}`)
    .join(",");

/** The key of an outcome: for machines, in no format that anybody should read. */
export function outcomeKey(outcome: Outcome): string {
  const results = outcome.results.map(
    ({ status, ret, errno, out, data, sigpipe }) =>
      `${status} ${ret} ${errno} ${out ?? ""} ${sigpipe ? 1 : 0} ${bytesKey(data)}`,
  );
  const files = outcome.files.map(
    (file) => `${file.name ?? ""}/${file.fd ?? ""} ${bytesKey(file.bytes)}`,
  );
  const pipes = outcome.pipes.map((pipe) => `${pipe.fd} ${bytesKey(pipe.bytes)}`);
  return [results, files, pipes, [`${outcome.snapshot ?? ""}`]]
    .map((part) => part.join(";"))
    .join("|");
}
