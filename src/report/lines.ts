// Every line that `kernel FILE --json` and `run --json` can print, as one schema each: the published ones (docs/schemas/).
//
// Interface: kernelLineSchema, runLineSchema.

import * as v from "valibot";
import { kernelRunSchema } from "./kernel-run.js";
import {
  backgroundSchema,
  callSchema,
  divergenceSchema,
  errorSchema,
  folioSchema,
  runSchema,
} from "./run-schema.js";

/** A line of `kernel FILE --json`. */
export const kernelLineSchema = v.variant("kind", [
  callSchema,
  runSchema,
  folioSchema,
  divergenceSchema,
  kernelRunSchema,
  errorSchema,
]);

/** A line of `run --json`. */
export const runLineSchema = v.variant("kind", [
  callSchema,
  backgroundSchema,
  runSchema,
  errorSchema,
]);
