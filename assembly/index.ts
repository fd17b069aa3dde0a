// The core's door: exports only. What steps one run, and the search.

export * from "./explore/door";
export * from "./stepping";
