// The orders of the calls that runs have, for choosing one.
//
// Interface: ordersOf, orderKey, OrderChoice, dayText.

import type { OrderSeen } from "../../report/kernel-run.js";
import type { SeenRun } from "./read.js";

/** An order that some run has. */
export interface OrderChoice {
  readonly key: string;
  /** "2: client, writer, client — differs on ext4". */
  readonly title: string;
}

/** Equal for equal orders. */
export const orderKey = ({ schedule }: OrderSeen): string => schedule.join(",");

/** Words for what is worth a look; nothing for an order that the model allows. */
const WORDS: Readonly<Record<OrderSeen["verdict"], string>> = {
  allowed: "",
  diverged: "differs",
  unmodelled: "not modelled",
  trapped: "not modelled",
  failed: "failed",
};

/** All orders of the runs, in the order of the first run that has them. */
export function ordersOf(runs: readonly SeenRun[]): OrderChoice[] {
  const found = new Map<string, string[]>();
  for (const { run } of runs)
    for (const order of run.orders) {
      const key = orderKey(order);
      const word = WORDS[order.verdict];
      const told = word === "" ? [] : [`${word} on ${run.kernel.fileSystem}`];
      found.set(key, [...(found.get(key) ?? []), ...told]);
    }
  return [...found].map(([key, told], i) => ({ key, title: titleOf(i, key, told) }));
}

function titleOf(index: number, key: string, told: readonly string[]): string {
  const notes = told.length === 0 ? "" : ` (${told.join(", ")})`;
  return `${index + 1}: ${stretches(key.split(","))}${notes}`;
}

/** "client × 2, writer": names that follow each other are counted. */
function stretches(names: readonly string[]): string {
  const parts: { name: string; count: number }[] = [];
  for (const name of names) {
    const last = parts.at(-1);
    if (last?.name === name) last.count++;
    else parts.push({ name, count: 1 });
  }
  return parts.map(({ name, count }) => (count === 1 ? name : `${name} × ${count}`)).join(", ");
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "26 Nov 2026" for "2026-11-26". */
export function dayText(date: string): string {
  const [year, month, day] = date.split("-");
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}
