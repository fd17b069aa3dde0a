// The mail's twelve printed lines, as its author saw them and as they come out of litmus/mail.litmus.
//
// Interface: MAIL_LINES, MailLine, mailColumn, MailCall.

/** What is needed of a call: its return value and the bytes it read. */
export interface MailCall {
  readonly ret: number;
  readonly data: Uint8Array;
}

/** One printed line. */
export interface MailLine {
  /** The text in front of the value. */
  readonly text: string;
  /** The value in the mail. */
  readonly mail: number;
  /** The call of litmus/mail.litmus that it tells about. */
  readonly call: number;
  /** The byte that memcmp() compares the data with; undefined where the line prints a return value. */
  readonly expecting?: number;
}

/** The twelve lines, in the mail's order and words. */
export const MAIL_LINES: readonly MailLine[] = [
  { text: "open(O_TMPFILE) => ffd", mail: 3, call: 0 },
  { text: "pwrite(count=PIPE_BUF,ofs=PIPE_BUF) 0x1f sret", mail: 4096, call: 1 },
  { text: "pipe() => ret", mail: 0, call: 2 },
  { text: "splice(count=PIPE_BUF*2,ofs=0) sret", mail: 8192, call: 3 },
  { text: "pwrite(count=PIPE_BUF,ofs=0) 0xf0 sret", mail: 4096, call: 4 },
  { text: "pwrite(count=PIPE_BUF,ofs=PIPE_BUF) 0xf0 sret", mail: 4096, call: 5 },
  { text: "read(from_pipe, count=PIPE_BUF) sret", mail: 4096, call: 6 },
  { text: "memcmp() at ofs=0, expecting 0x00 => ret", mail: 240, call: 6, expecting: 0x00 },
  { text: "memcmp() at ofs=0, checking for 0xf0 => ret", mail: 0, call: 6, expecting: 0xf0 },
  { text: "read(from_pipe, count=PIPE_BUF) sret", mail: 4096, call: 7 },
  { text: "memcmp() at ofs=PIPE_BUF, expecting 0x1f => ret", mail: 209, call: 7, expecting: 0x1f },
  { text: "memcmp() at ofs=PIPE_BUF, checking for 0xf0 => ret", mail: 0, call: 7, expecting: 0xf0 },
];

/** The twelve values of one run; undefined where a call gave none. */
export const mailColumn = (calls: readonly (MailCall | undefined)[]): (number | undefined)[] =>
  MAIL_LINES.map(({ call, expecting }) => {
    const result = calls[call];
    if (result === undefined || expecting === undefined) return result?.ret;
    return memcmp(result.data, expecting);
  });

/** The difference of the first byte that is not the expected one, 0 if there is none: what the mail's
 *  memcmp() returned. */
function memcmp(data: Uint8Array, expected: number): number {
  const byte = data.find((each) => each !== expected);
  return byte === undefined ? 0 : byte - expected;
}

/** A run of litmus/mail.litmus on Linux 6.18.44, ext4: shown where nothing can run on this kernel. */
export const MAIL_RECORDED = {
  heading: "Linux 6.18, ext4 (recorded)",
  calls: [3, 4096, 0, 8192, 4096, 4096, 4096, 4096].map((ret, call): MailCall => ({
    ret,
    data: call < 6 ? new Uint8Array() : new Uint8Array(4096).fill(0xf0),
  })),
} as const;
