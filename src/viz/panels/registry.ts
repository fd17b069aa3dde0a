// The panels of a stage, from back to front. A new panel is a scene file and a row here.
//
// Interface: PANELS, PanelProps.

import type { Component } from "svelte";
import type { StageScene } from "../scene/stage.js";
import Folios from "./folios/Folios.svelte";
import PageCache from "./page-cache/PageCache.svelte";
import Pipe from "./pipe/Pipe.svelte";
import Readers from "./readers/Readers.svelte";
import References from "./references/References.svelte";

/** What every panel gets; `stage` makes the ids of its patterns unique on the page. */
export interface PanelProps {
  readonly scene: StageScene;
  readonly stage: string;
}

export const PANELS: readonly { readonly name: string; readonly panel: Component<PanelProps> }[] = [
  { name: "page-cache", panel: PageCache as Component<PanelProps> },
  { name: "folios", panel: Folios },
  { name: "pipe", panel: Pipe },
  { name: "references", panel: References as Component<PanelProps> },
  { name: "readers", panel: Readers },
];
