// One side of the page: all panels of a moment, ready to be drawn. A still picture and the table are
// made from it as well.
//
// Interface: StageScene, stageScene.

import type { Trace } from "../../trace/trace.js";
import { folioScene, type FolioShape } from "./folios.js";
import type { Layout } from "./layout.js";
import { mappingScene, type MappingShape } from "./mappings.js";
import { pageCacheScene, type FileShape } from "./page-cache.js";
import { pipeScene, type PipeShape } from "./pipe.js";
import { provenanceOf } from "./provenance.js";
import { readerScene, type ReaderShape } from "./readers.js";
import { referenceScene, type ReferenceShape } from "./references.js";
import { socketScene, type SocketShape } from "./sockets.js";
import { worldAt } from "./timeline.js";

/** Everything on a stage. */
export interface StageScene {
  readonly layout: Layout;
  readonly files: readonly FileShape[];
  readonly mappings: readonly MappingShape[];
  readonly folios: readonly FolioShape[];
  readonly pipes: readonly PipeShape[];
  readonly sockets: readonly SocketShape[];
  readonly references: readonly ReferenceShape[];
  readonly readers: readonly ReaderShape[];
}

/** The scene of a trace after `done` steps; copies that were made behind `since` steps are told as new. */
export function stageScene(
  trace: Trace,
  layout: Layout,
  done: number,
  since = done - 1,
): StageScene {
  const input = {
    program: trace.program,
    world: worldAt(trace, done),
    provenance: provenanceOf(trace).at(done),
    layout,
    values: trace.outcome.values,
    results: trace.outcome.results,
    copies: copiesIn(trace, since, done),
  };
  return {
    layout,
    files: pageCacheScene(input),
    mappings: mappingScene(input),
    folios: folioScene(input),
    pipes: pipeScene(input),
    sockets: socketScene(input),
    references: referenceScene(input),
    readers: readerScene(input),
  };
}

/** Of which frame each frame became a copy in some steps. */
function copiesIn(trace: Trace, since: number, done: number): ReadonlyMap<number, number> {
  const copies = new Map<number, number>();
  for (const { events } of trace.steps.slice(Math.max(0, since), done))
    for (const event of events)
      if (event.kind === "copy" || event.kind === "replace") copies.set(event.by, event.frame);
  return copies;
}
