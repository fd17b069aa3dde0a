// Compile-time constants, set by `asc --use NAME=value`; here for the TypeScript compiler only.

/** 1 in debug builds: an access outside the declared sets of the running step traps. */
declare const CHECKED: i32;
/** The number of the defect built in on purpose; 0 in every build but those of `npm run mutants`. */
declare const MUTANT: i32;
/** The machine that assembly/explore/ searches: 0 the core, 1 the calibration machine. */
declare const MACHINE: i32;
