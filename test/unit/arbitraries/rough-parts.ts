// What the rough run is made of.
//
// Interface: Page, Slot, Pipe, File, Description; Result.

export interface Page {
  version: number;
}
export interface Slot {
  page: Page;
  offset: number;
  len: number;
  version: number;
  ofFile: boolean;
}
export interface Pipe {
  slots: Slot[];
  max: number;
  readers: number;
  writers: number;
}
export interface File {
  pages: Page[];
  size: number;
}
export interface Description {
  file?: File;
  pipe?: Pipe;
  end?: "r" | "w";
  flags: number;
  pos: number;
  refs: number;
}

/** What a call came to, or that it waits. */
export const BLOCK = "block";
export type Result = number | typeof BLOCK;
export const ERROR = -1;
