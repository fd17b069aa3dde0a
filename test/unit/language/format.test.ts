// The formatter: spacing, kept comments, and what strace prints.

import { describe, expect, test } from "vitest";
import { formatText, parseProgram } from "../../../src/language/index.js";

const format = (text: string): string => {
  const formatted = formatText(text).text;
  if (formatted === undefined) throw new Error(JSON.stringify(formatText(text).diagnostics));
  return formatted;
};

const MESSY = `# top
litmus   x "doc"  # behind doc
   # about f
file f=hole 4096,0x1f*4096,
"abc"   folio order 2
# about p


pipe p O_NONBLOCK|O_DIRECT size 4096 thread a{ # opens

# first
s:splice(f,0,p.w,NULL,2*4096 # why
, 0)=-1 EAGAIN ; read(p.r, 5);

after b:x # w
# q
after b:y
write(p.w,{0x00*100,"abc"})

# last

}
thread b {x: read(p.r,1) y: z=read(p.r,1)}
~exists(not(a:s=3/\\snapshot)
\\/ f!="x" /\\ # c
true)
locations[a:s;f,p;]
# end`;

const NEAT = `# top
litmus x
"doc" # behind doc

# about f
file f = hole 4096, 0x1f * 4096,
  "abc" folio order 2
# about p

pipe p O_NONBLOCK | O_DIRECT size 4096

thread a { # opens

  # first
  s: splice(f, 0, p.w, NULL, 2 * 4096 # why
    , 0) = -1 EAGAIN
  read(p.r, 5)

  after b:x # w
  # q
  after b:y
  write(p.w, {0x00 * 100, "abc"})

  # last
}
thread b {
  x: read(p.r, 1)
  y: z = read(p.r, 1)
}

~exists (not (a:s = 3 /\\ snapshot)
  \\/ f != "x" /\\ # c
  true)
locations [a:s, f, p]
# end
`;

describe("format", () => {
  test("comments stay in place, numbers as they were written", () => {
    expect(format(MESSY)).toBe(NEAT);
  });

  test("formatting twice is formatting once", () => {
    expect(format(NEAT)).toBe(NEAT);
  });

  test("the program stays the same", () => {
    expect(parseProgram(NEAT).program).toBeDefined();
    expect(parseProgram(NEAT).program).toStrictEqual(parseProgram(MESSY).program);
  });

  test("what strace prints is rewritten", () => {
    const line =
      "splice(3</tmp/#12 (deleted)>, [0] => [8192], 5<pipe:[47]>, NULL, 8192, 0) = -1 EAGAIN (Resource temporarily unavailable)";
    const text = `litmus x\nthread a {\n  ${line}\n  open("f", O_RDWR|O_CREAT, 0600) = 3</tmp/f>\n}\n`;
    expect(format(text).split("\n").slice(3, 5)).toEqual([
      "  splice(3, 0, 5, NULL, 8192, 0) = -1 EAGAIN",
      '  open("f", O_RDWR | O_CREAT, 0600) = 3',
    ]);
    expect(parseProgram(text).program).toStrictEqual(parseProgram(format(text)).program);
  });

  test("a text with syntax errors is left alone", () => {
    const { text, diagnostics } = formatText("litmus x\nthread a {");
    expect(text).toBeUndefined();
    expect(diagnostics).toHaveLength(1);
  });

  test("an empty text stays empty, a comment alone stays", () => {
    expect(format("")).toBe("");
    expect(format("  # only \r\n\n")).toBe("# only\n");
  });
});

test("the ends of a range stand close together", () => {
  const text = `litmus x

socket s tcp

thread a {
  r = recvmsg(s.a, MSG_ERRQUEUE)
}

forall a:r = 0..2
`;
  expect(format(text.replace("0..2", "0 ..  2"))).toBe(text);
});
