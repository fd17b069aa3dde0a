// What becomes of an instance of the core whose code traps: an assertion failed, or a bound was missed.
//
// Interface: CoreTrap; guarded, an instance's exports that answer nothing more behind a trap.

import type { Setup } from "./core.js";

/** The core trapped. That is a defect of the core, never of a scenario. */
export class CoreTrap extends Error {
  override readonly name = "CoreTrap";

  constructor(
    message: string,
    /** What was run; absent before the first reset. */
    readonly setup?: Setup,
    /** The actions up to the one that trapped, where the run was led from outside step by step. */
    readonly schedule: readonly number[] = [],
  ) {
    super(message);
  }
}

type Exports = Record<string, unknown>;
type Export = (...args: unknown[]) => unknown;

/** The exports of an instance. Whatever one of them throws goes through `trapOf`, and is thrown by all of them from then on:
 *  the instance is in a half state. */
export function guarded(exports: object, trapOf: (error: unknown) => CoreTrap): Exports {
  let trap: CoreTrap | undefined;
  const guard =
    (run: Export): Export =>
    (...args) => {
      if (trap !== undefined) throw trap;
      try {
        return run(...args);
      } catch (error) {
        throw (trap = trapOf(error));
      }
    };
  const entries = Object.entries(exports as Exports).map(([name, value]) => [
    name,
    typeof value === "function" ? guard(value as Export) : value,
  ]);
  return Object.fromEntries(entries) as Exports;
}
