// The keys of the page: what each does, the list that is shown, and where a key is somebody else's.
//
// Interface: keysOf, KEY_LIST, Act.

import type { Playback } from "./playback.svelte.js";

/** What a press does. */
export type Act = () => void;

/** What the list of keys shows: under each heading what is pressed, and what it does. */
export const KEY_LIST = [
  [
    "Time",
    [
      ["→", "step"],
      ["←", "back"],
      ["Shift →", "to the next event of interest"],
      ["Shift ←", "to the one before"],
      ["Home", "to the start"],
      ["End", "to the end"],
      ["Space", "play, pause"],
    ],
  ],
  [
    "In the picture",
    [
      ["Tab", "into it, and on"],
      ["Arrows", "from element to element"],
      ["Enter", "into a card, to its bytes; lights where a byte came from"],
      ["Escape", "out again; out of the editor, too"],
    ],
  ],
  ["Anywhere but in a field", [["?", "this list"]]],
] as const;

/** Where people write, and the list itself. */
const FIELDS = "input:not([type=range], [type=radio], [type=checkbox]), textarea";
const WRITTEN = `${FIELDS}, [contenteditable], dialog`;
/** Where the keys that move have a meaning of their own. */
const MOVED = `${WRITTEN}, input:not([type=range]), select, summary, [data-keys]`;
/** What a space presses. */
const PRESSED = "button, a";

/** What a key press means: undefined where it means nothing, or something else to what has the focus. `playback`: absent
 *  where there is nothing to play. */
export function keysOf(event: KeyboardEvent, help: Act, playback?: Playback): Act | undefined {
  const { key, target } = event;
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return undefined;
  const isIn = (selector: string): boolean =>
    target instanceof Element && target.closest(selector) !== null;
  if (key === "?") return isIn(WRITTEN) ? undefined : help;
  if (playback === undefined || isIn(MOVED) || (key === " " && isIn(PRESSED))) return undefined;
  return movesOf(playback)[event.shiftKey ? `Shift+${key}` : key];
}

const movesOf = (playback: Playback): Readonly<Record<string, Act>> => ({
  ArrowRight: () => playback.step(),
  ArrowLeft: () => playback.back(),
  "Shift+ArrowRight": () => playback.leap(1),
  "Shift+ArrowLeft": () => playback.leap(-1),
  Home: () => playback.seek(0),
  End: () => playback.seek(Infinity),
  " ": () => playback.toggle(),
});
