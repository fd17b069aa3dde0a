// Words that can be no name.
//
// Interface: reservedAt, isReserved.

const RESERVED =
  /^(litmus|file|pipe|socket|wire|background|thread|chain|after|exists|forall|filter|locations|not|snapshot|true|NULL)\b/;

/** The reserved word at the beginning of a text. */
export const reservedAt = (text: string): string | undefined => RESERVED.exec(text)?.[0];

/** Whether a word can be no name. */
export const isReserved = (word: string): boolean => reservedAt(word) === word;
