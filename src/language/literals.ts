// Numbers, quoted strings and hex digits: from the text of a token to its value.
//
// Interface: readNumber, readString, isClosed, UNCLOSED, readHex, quote, utf8. Problems are returned as messages.

/** The value of a token, or what is wrong with it. */
export type Read<T> =
  | { readonly value: T }
  | { readonly problem: string; readonly remedy: string; readonly at?: number };

const NUMBER_LENGTH_MAX = 80;
const NUMBER = /^-?(0x[0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/;
const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;

/** A number as in C: decimal, 0x1f, 0600 in octal. */
export function readNumber(token: string): Read<bigint> {
  if (token.length > NUMBER_LENGTH_MAX || !NUMBER.test(token))
    return {
      problem: `"${token.slice(0, NUMBER_LENGTH_MAX)}" is not a number`,
      remedy: "write 4096, 0x1000, or 0600 for octal",
    };
  const digits = token.replace("-", "");
  const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const value = token.startsWith("-") ? -magnitude : magnitude;
  if (value < INT64_MIN || value > UINT64_MAX)
    return { problem: `${token} does not fit in 64 bits`, remedy: "write a smaller number" };
  return { value };
}

/** A quoted string: its characters, and its bytes as UTF-8; `\xHH` is one byte. */
export interface Quoted {
  readonly text: string;
  readonly bytes: Uint8Array;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "0": "\0",
  '"': '"',
  "\\": "\\",
};

/** What is wrong with a string that its line ends. */
export const UNCLOSED = {
  problem: "the string does not end on its line",
  remedy: 'close it with "',
} as const;

/** A string in double quotes, with C's usual escapes. */
export function readString(token: string): Read<Quoted> {
  let text = "";
  const bytes: number[] = [];
  for (let at = 1; at < token.length; at++) {
    const char = String.fromCodePoint(token.codePointAt(at)!);
    if (char === '"') return { value: { text, bytes: Uint8Array.from(bytes) } };
    if (char !== "\\") {
      text += char;
      bytes.push(...utf8(char.codePointAt(0)!));
      at += char.length - 1;
      continue;
    }
    const hex = /^x([0-9a-fA-F]{2})/.exec(token.slice(at + 1, at + 4))?.[1];
    const plain = ESCAPES[token[at + 1] ?? ""];
    if (hex === undefined && plain === undefined) {
      if (at + 1 >= token.length) break;
      return {
        problem: `"\\${token[at + 1]!}" is no escape`,
        remedy: 'use \\n, \\t, \\r, \\0, \\", \\\\ or \\xHH',
        at,
      };
    }
    const byte = hex === undefined ? plain!.charCodeAt(0) : Number.parseInt(hex, 16);
    text += String.fromCharCode(byte);
    bytes.push(byte);
    at += hex === undefined ? 1 : 3;
  }
  return UNCLOSED;
}

/** Whether a string token has its closing quote. */
export const isClosed = (token: string): boolean => /^"[^"\\]*(\\.[^"\\]*)*"$/.test(token);

/** Hex digits, two for each byte; blanks between bytes are fine. */
export function readHex(text: string): Read<Uint8Array> {
  const digits = text.replaceAll(" ", "");
  if (!/^([0-9a-fA-F]{2})*$/.test(digits))
    return {
      problem: "hex content needs two digits for each byte",
      remedy: 'write, for example, hex "00 ff"',
    };
  const bytes = digits.match(/../g) ?? [];
  return { value: Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16)) };
}

/** A string as a token: the inverse of readString for its `text`. */
export function quote(text: string): string {
  const names: Readonly<Record<string, string>> = { "\n": "n", "\t": "t", "\r": "r", "\0": "0" };
  const escaped = text.replaceAll(/["\\\n\t\r\0]/g, (char) => `\\${names[char] ?? char}`);
  const hex = (char: string): string => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return `"${escaped.replaceAll(/[\x01-\x1f\x7f]/g, hex)}"`;
}

/** A code point in UTF-8; half a surrogate pair becomes U+FFFD. */
export function utf8(point: number): number[] {
  if (point >= 0xd800 && point <= 0xdfff) return utf8(0xfffd);
  const tail = (shift: number): number => 0x80 | ((point >> shift) & 0x3f);
  if (point < 0x80) return [point];
  if (point < 0x800) return [0xc0 | (point >> 6), tail(0)];
  if (point < 0x10000) return [0xe0 | (point >> 12), tail(6), tail(0)];
  return [0xf0 | (point >> 18), tail(12), tail(6), tail(0)];
}
