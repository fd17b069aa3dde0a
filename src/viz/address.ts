// The page's address: it follows the state, so that it can be copied at any moment; what opens something else begins an
// entry of the browser's history, so that Back leads to what was shown.
//
// Interface: followSoon, leave.

import type { Witness } from "../trace/token.js";
import { reader, whenRead } from "./reader.js";

/** One write for a burst of changes. */
const WAIT_MS = 300;

function write(witness: Witness): void {
  history.replaceState(null, "", `#${reader().fragmentOf(witness)}`);
}

/** Writes a state into the address shortly; returns what stops that. */
export function followSoon(witness: Witness): () => void {
  const timer = setTimeout(
    () =>
      whenRead(
        () => write(witness),
        () => undefined,
      ),
    WAIT_MS,
  );
  return () => clearTimeout(timer);
}

/** Begins an entry of the history. `witness`: what is shown until now; absent where the address has it. */
export function leave(witness?: Witness): void {
  if (witness !== undefined) write(witness);
  history.pushState(null, "", location.href);
}
