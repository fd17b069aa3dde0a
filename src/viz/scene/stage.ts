// One side of the page: all panels of a moment, ready to be drawn. A static picture is drawn from it
// as well.
//
// Interface: StageScene, stageScene.

import type { Trace } from "../../trace/trace.js";
import { folioScene, type FolioShape } from "./folios.js";
import type { Layout } from "./layout.js";
import { pageCacheScene, type FileShape } from "./page-cache.js";
import { pipeScene, type PipeShape } from "./pipe.js";
import type { Provenance } from "./provenance.js";
import { readerScene, type ReaderShape } from "./readers.js";
import { referenceScene, type ReferenceShape } from "./references.js";
import { worldAt } from "./timeline.js";

/** Everything on a stage. */
export interface StageScene {
  readonly layout: Layout;
  readonly files: readonly FileShape[];
  readonly folios: readonly FolioShape[];
  readonly pipes: readonly PipeShape[];
  readonly references: readonly ReferenceShape[];
  readonly readers: readonly ReaderShape[];
}

/** The scene of a trace after `done` steps. `provenance` is provenanceOf(trace). */
export function stageScene(
  trace: Trace,
  provenance: readonly Provenance[],
  layout: Layout,
  done: number,
): StageScene {
  const world = worldAt(trace, done);
  const input = { program: trace.program, world, provenance: provenance[done]!, layout };
  return {
    layout,
    files: pageCacheScene(input),
    folios: folioScene(input),
    pipes: pipeScene(input),
    references: referenceScene(input),
    readers: readerScene(input),
  };
}
