// Text and Program: what is printed is read again as the same, and is already in the usual form.

import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { programs } from "../../../src/arbitraries/programs.js";
import { formatText, parseProgram, printProgram } from "../../../src/language/index.js";
import type { Content, Program, Prop, Run } from "../../../src/language/index.js";

const LITMUS = new URL("../../../litmus/", import.meta.url);

/** Reads a text that must be right. */
function read(text: string): Program {
  const { program, diagnostics } = parseProgram(text);
  if (program === undefined) throw new Error(`${JSON.stringify(diagnostics, null, 1)}\n${text}`);
  return program;
}

const OTHERS = {
  storage: true,
  devices: true,
  fifos: true,
  vectors: true,
  memfds: true,
  uring: true,
};

function checkRoundTrip(program: Program): void {
  const text = printProgram(program);
  expect(read(text)).toStrictEqual(program);
  expect(formatText(text).text).toBe(text);
}

test("generated programs", () => {
  fc.assert(
    fc.property(
      fc.oneof(programs(), programs({ ...OTHERS, sockets: true, wires: true })),
      (program) => {
        checkRoundTrip(program);
      },
    ),
  );
});

const bytes = fc.integer({ min: 0, max: 255 });
const lengths = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(512, 4096, 5000));

/** Adjacent runs of a Program differ. */
const normal = (runs: readonly Run[]): Content =>
  runs.filter((run, i) => run.byte !== runs[i - 1]?.byte);

const runOf = (byte: fc.Arbitrary<Run["byte"]>): fc.Arbitrary<Run> =>
  fc.tuple(byte, lengths).map(([value, lenBytes]) => ({ byte: value, lenBytes }));
const contents: fc.Arbitrary<Content> = fc.array(runOf(bytes), { maxLength: 12 }).map(normal);
const initials = fc
  .array(runOf(fc.oneof(bytes, fc.constant("hole" as const))), { maxLength: 6 })
  .map(normal);

const BASE = read(`litmus base
file f
file log-2
pipe p
socket s tcp
wire w
thread a {
  s: r = read(p.r, 8)
  n = poll(p.r, POLLIN, 0)
  l: close(f)
  pipe2(q, O_NONBLOCK)
  open("odd.name", O_RDWR | O_CREAT, 0600)
}
`);

const props = fc.letrec<{ prop: Prop }>((tie) => ({
  prop: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<Prop>({ kind: "true" }, { kind: "snapshot" }),
    contents.map((content): Prop => ({ kind: "data", call: 0, content })),
    fc
      .tuple(fc.constantFrom(0, 1, 2), fc.bigInt({ min: -4096n, max: 8192n }))
      .map(([call, value]): Prop => ({ kind: "number", call, value })),
    fc.tuple(fc.nat(2), contents).map(([name, content]): Prop => ({ kind: "file", name, content })),
    fc
      .tuple(fc.constantFrom({ pipe: 0 }, { call: 3 }, { socket: 0, end: "b" as const }), contents)
      .map(([pipe, content]): Prop => ({ kind: "pipe", pipe, content })),
    fc
      .tuple(fc.constantFrom("first" as const, "last" as const), contents)
      .map(([sent, content]): Prop => ({ kind: "wire", wire: { wire: 0, sent }, content })),
    tie("prop").map((prop): Prop => ({ kind: "not", prop })),
    fc
      .tuple(
        fc.constantFrom("and" as const, "or" as const),
        fc.array(tie("prop"), { minLength: 2, maxLength: 4 }),
      )
      .map(([kind, parts]): Prop => ({ kind, props: parts })),
  ),
})).prop;

describe("what the generator of programs leaves out", () => {
  test("conditions and filters", () => {
    const quantifiers = fc.constantFrom("exists" as const, "~exists" as const, "forall" as const);
    fc.assert(
      fc.property(quantifiers, props, props, (quantifier, prop, filter) => {
        checkRoundTrip({ ...BASE, condition: { quantifier, prop }, filter });
      }),
    );
  });

  test("initial content and documentation", () => {
    const docs = fc.string({ unit: "grapheme-composite", maxLength: 40 });
    fc.assert(
      fc.property(initials, docs, fc.nat(9), (content, doc, folioOrder) => {
        const [first, second] = BASE.files;
        const files = [
          { ...first!, content },
          { ...second!, content, folioOrder },
        ];
        checkRoundTrip({ ...BASE, doc: doc.replaceAll("\r", ""), files });
      }),
    );
  });

  test("data of calls, and registers of other threads", () => {
    fc.assert(
      fc.property(contents, (content) => {
        const text = "litmus x\nthread a {\n  write(b:d, 1 * 1)\n}\nthread b {\n  d = dup(3)\n}\n";
        const program = read(text);
        const [a, b] = program.threads;
        const [call] = a!.calls;
        const operands = [call!.operands[0]!, { kind: "data" as const, content }];
        checkRoundTrip({ ...program, threads: [{ ...a!, calls: [{ ...call!, operands }] }, b!] });
      }),
    );
  });

  test("locations, afters, labels and expected results", () => {
    checkRoundTrip(
      read(
        'litmus x\n"a \\"b\\"\\t"\npipe p O_NONBLOCK | O_DIRECT size 8192\nthread a {\n  s: n = close(3) = -1 EBADF\n' +
          "  t: close(-1) = -1\n}\nthread b {\n  after a:t, a:s\n  lseek(3, -4096, SEEK_END)\n}\n" +
          'thread a2 {\n}\nthread c {\n  open(".", O_RDONLY)\n  open("x-1", O_WRONLY)\n}\n' +
          'locations [a:s, "x-1", p]\n',
      ),
    );
  });
});

describe("the scenarios in litmus/", () => {
  for (const file of readdirSync(LITMUS).filter((name) => name.endsWith(".litmus")))
    test(file, () => {
      const text = readFileSync(new URL(file, LITMUS), "utf8");
      expect(parseProgram(text).diagnostics).toEqual([]);
      expect(formatText(text).text).toBe(text);
      checkRoundTrip(read(text));
      expect(`${read(text).name}.litmus`).toBe(file);
    });
});
