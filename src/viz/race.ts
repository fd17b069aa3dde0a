// The README's picture: the mail's race under two policies, at the first stop at which both have read.
//
// Interface: raceSvg.

import { encodeToken } from "../trace/token.js";
import { Runner } from "./runner.js";
import { RACE } from "./scenario.js";
import { captionOf } from "./scene/caption.js";
import { provenanceOf } from "./scene/provenance.js";
import type { Moment } from "./scene/timeline.js";
import { sceneSvg } from "./svg.js";

/** The picture, some pixels wide. */
export function raceSvg(widthPx: number): string {
  const { text, program, models, order } = RACE;
  const { traces, timeline } = new Runner().run(program, models, order);
  const rests = timeline.moments.filter((m) => m.endsCall);
  const hasRead = ({ done }: Moment): boolean =>
    traces.every(({ outcome }, side) => {
      const past = provenanceOf(traces[side]!).at(done[side]!);
      return outcome.results.some(({ call, data }) => data.length > 0 && past.hasReturned(call));
    });
  const found = rests.findIndex(hasRead);
  if (found < 1) throw new Error("there is no stop at which both sides have read");
  const sides = traces.map((trace, side) => {
    const [since, done] = [rests[found - 1]!.done[side]!, rests[found]!.done[side]!];
    return { trace, since, done, caption: captionOf(trace, since, done) };
  });
  const [own, beside] = models;
  const [{ trace, done }] = sides as [(typeof sides)[number]];
  const token = encodeToken({
    ...{ text, ...own!, schedule: trace.schedule, cursor: done },
    ...(beside && { beside }),
  });
  return sceneSvg({ sides, widthPx, token });
}
