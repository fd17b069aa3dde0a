// Amounts as people read them.
//
// Interface: plural, thousands.

/** "1 program", "2 programs". */
export const plural = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;

/** 1234567 as people read it: "1,234,567". */
export const thousands = (value: number): string => Math.round(value).toLocaleString("en");
