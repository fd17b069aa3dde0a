// The one seed of every property in a test run.
//
// Interface: SEED, RUNS_FACTOR, SAMPLE_FACTOR. SPLICELAB_SEED in the environment replaces the seed (`npm run fuzz`
// draws one); SPLICELAB_RUNS multiplies the number of cases.

/** Fixed, so that two runs of `npm test` try the same cases. */
export const SEED = Number(process.env["SPLICELAB_SEED"] ?? 20230209);

/** How many times more cases than usual each property tries. */
export const RUNS_FACTOR = Number(process.env["SPLICELAB_RUNS"] ?? 1);

/** How much of a large random sample is tried: all of it with `--mode long`, a part of it in `npm test`. */
export const SAMPLE_FACTOR = RUNS_FACTOR * (process.env["SPLICELAB_LONG"] === "1" ? 1 : 0.35);
