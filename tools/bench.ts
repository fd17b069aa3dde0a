// `npm run bench`: how fast this machine runs the core, the properties and the cross-check.
// `npm run bench -- explore`: the search beside SPIN's; --large for scenarios of minutes.
// `npm run bench -- page`: the page in headless Chromium, beside its limits.
//
// Interface: run directly. --repeats N (5 if absent; the median counts), --json. Decides nothing.

import Table from "cli-table3";
import { cpus, release } from "node:os";
import { parseArgs } from "node:util";
import { buildSources } from "./build-sources.js";
import { measureCore } from "./bench/core.js";
import { measureKernels } from "./bench/kernel.js";
import { measureProperties } from "./bench/properties.js";
import type { Measured } from "./bench/measure.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    large: { type: "boolean", default: false },
    repeats: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});
const repeats = Number(values.repeats);
await buildSources();
if (positionals[0] === "explore") {
  const { benchExplore } = await import("./bench/explore.js");
  await benchExplore({ repeats, large: values.large, json: values.json });
  process.exit();
}
const machine = {
  processor: cpus()[0]?.model ?? "unknown",
  processors: cpus().length,
  kernel: release(),
  node: process.version,
};
if (positionals[0] === "page") {
  const { benchPage } = await import("./bench/page.js");
  await benchPage(machine, { repeats, json: values.json });
  process.exit();
}
const measured: Measured[] = [
  measureCore(repeats),
  ...measureProperties(repeats),
  ...(await measureKernels(repeats)),
];
if (values.json) console.log(JSON.stringify({ kind: "bench", machine, repeats, measured }));
else {
  const table = new Table({
    head: ["what", "per second", "lowest", "highest", "what was run"],
    style: { head: [], border: [], compact: true },
  });
  const whole = (value: number): string => Math.round(value).toLocaleString("en");
  for (const { name, unit, median, lowest, highest, note } of measured)
    table.push([name, `${whole(median)} ${unit}`, whole(lowest), whole(highest), note]);
  console.log(`${machine.processor}, ${machine.processors} processors, Linux ${machine.kernel}`);
  console.log(`Node ${machine.node}, median of ${repeats}`);
  console.log(table.toString());
}
