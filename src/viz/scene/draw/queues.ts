// The right of the stage as marks: the rings of pipes, the queues of sockets and wires.
//
// Interface: pipeMarks, socketMarks.

import type { Box } from "../layout.js";
import { HEADER_HEIGHT, STRIP_HEIGHT, STRIP_TOP } from "../layout.js";
import { fitText } from "../moment.js";
import type { PipeShape, SlotShape, UsedPart } from "../pipe.js";
import type { FragShape, SocketShape } from "../sockets.js";
import { cardMark, headMark, LETTER, outline } from "./card.js";
import { once, shape, text, type Mark, type Pen } from "./mark.js";
import { stripMarks } from "./strip.js";

/** Where the foot of a card stands. */
const FOOT_TOP = 66;
/** Narrower cards have no room for it; the outline and the label say it too. */
const WAS_WIDTH = 130;

/** A pipe and its slots. */
export function pipeMarks(pipe: PipeShape, pen: Pen): Mark[] {
  const lock = pipe.lock === "" ? "" : `mutex: ${pipe.lock}`;
  const label = `pipe ${pipe.name}: ${pipe.usage}${lock && `, ${lock}`}`;
  const identity = { key: pipe.key, term: "pipe", label, looks: ["head"] } as const;
  return [
    headMark(identity, pipe.box, pen, { name: pipe.name, note: pipe.usage, lock }),
    ...pipe.slots.map((slot) => once(slot, pen, () => slotMark(slot, pen))),
  ];
}

function slotMark(slot: SlotShape, pen: Pen): Mark {
  const { used } = slot;
  const term = used?.frame === 0 ? "zero-page" : "slot";
  return card(slot, term, used, used?.flags ?? "free", pen);
}

/** A socket or a wire, and its frags. */
export function socketMarks(socket: SocketShape, pen: Pen): Mark[] {
  const lock = socket.lock === "" ? "" : `locked: ${socket.lock}`;
  const label = [`socket ${socket.name}: ${socket.usage}`, ...socket.sent].join(", ");
  const identity = { key: socket.key, term: "socket", label, looks: ["head"] } as const;
  const { box } = socket;
  const sent = socket.sent.map((words, i) => {
    const y = HEADER_HEIGHT + 8 + 15 * i;
    const look = i === 0 ? "at" : "at changed";
    return text(`sent ${i}`, 0, y, look, fitText(words, box.width, LETTER.small));
  });
  return [
    headMark(identity, box, pen, { name: socket.name, note: socket.usage, lock }, sent),
    ...socket.frags.map((frag) =>
      once(frag, pen, () => card(frag, "frag", frag.used, stateOf(frag), pen, frag.bound)),
    ),
  ];
}

const stateOf = ({ used }: FragShape): string => (used === undefined ? "" : used.state);

function card(
  { key, box, title, label }: SlotShape | FragShape,
  term: "slot" | "frag" | "zero-page",
  used: UsedPart | undefined,
  note: string,
  pen: Pen,
  bound = false,
): Mark {
  const looks = ["slot", ...(used ? [] : ["free"]), ...(used?.changed ? ["changed"] : [])];
  const { width, height } = box;
  const hasFoot = height > FOOT_TOP;
  // Without a foot the range stands in the heading; flags are rarer than slots.
  const words = hasFoot || used === undefined || note !== "no flags" ? note : used.range;
  const room = width - 26 - title.length * LETTER.mono;
  return cardMark({ key, term, label, looks }, box, pen, [
    outline(box),
    text("title", 10, 18, "name", fitText(title, width - 16, LETTER.mono)),
    ...(room < words.length * LETTER.sans ? [] : [text("note", width - 10, 18, "note end", words)]),
    ...(used === undefined ? [] : usedMarks(key, box, used, hasFoot, pen)),
    ...(bound ? [boundMark(box)] : []),
  ]);
}

/** Where a message ends. */
const boundMark = ({ width, height }: Box): Mark =>
  shape("line", "bound", { class: "bound", x1: 0, x2: width, y1: height, y2: height });

function usedMarks(
  key: string,
  { width }: Box,
  used: UsedPart,
  hasFoot: boolean,
  pen: Pen,
): Mark[] {
  const strip = { card: key, x: 10, y: STRIP_TOP, width: width - 20, isGhost: true };
  const range = fitText(used.range, width - 20, LETTER.small);
  const room = width - 30 - range.length * LETTER.small;
  const was = used.was !== "" && width >= WAS_WIDTH && room >= used.was.length * LETTER.sans;
  return [
    ...stripMarks(used.strip, strip, pen),
    ...(hasFoot ? [text("range", 10, FOOT_TOP, "at", range)] : []),
    ...(hasFoot && was ? [text("was", width - 10, FOOT_TOP, "was end", used.was)] : []),
    ...(used.frame === 0
      ? []
      : [shape("circle", "dot", { class: "dot", cy: STRIP_TOP + STRIP_HEIGHT / 2, r: 3 })]),
  ];
}
