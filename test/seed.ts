// The one seed of every property in a test run.
//
// Interface: SEED, RUNS_FACTOR. SPLICELAB_SEED in the environment replaces the seed (`npm run fuzz`
// draws one); SPLICELAB_RUNS multiplies the number of cases.

/** Fixed, so that two runs of `npm test` try the same cases. */
export const SEED = Number(process.env["SPLICELAB_SEED"] ?? 20230209);

/** How many times more cases than usual each property tries. */
export const RUNS_FACTOR = Number(process.env["SPLICELAB_RUNS"] ?? 1);
