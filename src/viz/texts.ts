// What reads and writes texts and links: a chunk of its own, that the first view does without.
//
// Interface: that of the modules named here. The page reaches it through reader.ts alone.

export { parseProgram } from "../language/parse-program.js";
export { addressOf, fragmentOf, readFragment } from "./link.js";
