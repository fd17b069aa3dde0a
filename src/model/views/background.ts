// Background actions by name.
//
// Interface: backgroundName, backgroundPhase, readActions, readBackground. Kinds: assembly/sched/background.ts.

import type { BackgroundView } from "../../trace/world.js";
import type { Face } from "./face.js";
import { socketName } from "./sockets.js";

/** By BACKGROUND_*: who acts, the step's name in docs/steps.md, and how its target is called. */
interface Kind {
  readonly actor: string;
  readonly phase: string;
  readonly target?: (face: Face, target: number) => string;
}

const nic = (phase: string): Kind => ({ actor: "nic", phase, target: socketName });

const KINDS: ReadonlyMap<number, Kind> = new Map<number, Kind>([
  [1, nic("transmit")],
  [2, nic("ack")],
  [3, nic("retransmit")],
  [4, { actor: "timer of", phase: "timer", target: socketName }],
  [5, { actor: "receiver of", phase: "receive", target: socketName }],
  [16, { actor: "writeback", phase: "write page", target: pageName }],
  [17, { actor: "reclaim", phase: "drop page", target: pageName }],
  [18, { actor: "write-back", phase: "drop behind", target: pageName }],
  [19, { actor: "clock for", phase: "tick", target: threadName }],
]);

/** "page 0 of f": pages are counted through all inodes. */
function pageName(face: Face, target: number): string {
  const pages = face.core.countPages();
  const inode = Math.floor(target / pages);
  return `of page ${target % pages} of ${face.program.names[inode] ?? `inode ${inode}`}`;
}

function threadName(face: Face, task: number): string {
  return face.program.threads[task]!.name;
}

function kindOf(face: Face, action: number): Kind | undefined {
  const k = action - face.core.countTasks();
  return k < 0 ? undefined : KINDS.get(face.core.backgroundKind(k));
}

/** Who performs an action, "nic w"; undefined for a thread. */
export function backgroundName(face: Face, action: number): string | undefined {
  const kind = kindOf(face, action);
  if (kind?.target === undefined) return kind?.actor;
  const target = face.core.backgroundTarget(action - face.core.countTasks());
  return `${kind.actor} ${kind.target(face, target)}`;
}

/** The name of a background action's step; undefined for a thread. */
export const backgroundPhase = (face: Face, action: number): string | undefined =>
  kindOf(face, action)?.phase;

/** What the kernel can ever do on its own. */
export function readActions(face: Face): BackgroundView[] {
  const tasks = face.core.countTasks();
  return Array.from({ length: face.core.countBackground() }, (_, k) => {
    const action = tasks + k;
    const name = backgroundName(face, action) ?? `${action}`;
    return { action, name, step: backgroundPhase(face, action) ?? "" };
  });
}

/** What it could do now. */
export function readBackground(face: Face): BackgroundView[] {
  const enabled = face.core.enabledMask();
  return readActions(face).filter(({ action }) => ((enabled >>> action) & 1) === 1);
}
