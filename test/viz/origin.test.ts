// Where a selected byte comes from, and where the arrow keys lead.

import { describe, expect, test } from "vitest";
import type { Trace } from "../../src/trace/trace.js";
import { elementsOf, nextElement } from "../../src/viz/scene/elements.js";
import { layoutOf } from "../../src/viz/scene/layout.js";
import { originOf } from "../../src/viz/scene/origin.js";
import { stageScene } from "../../src/viz/scene/stage.js";
import { TERMS, type Term } from "../../src/viz/scene/terms.js";
import { RECORDED, record, recordFile } from "./worlds.js";

const MAIL = [0, 1, 1, 0, 0];
const mail = (policy: string): Trace => recordFile("mail-ordered.litmus", policy, MAIL);

/** The origin of all of a card at a moment, the end if none is given. */
function origin(trace: Trace, key: string, done = trace.steps.length, at = 0) {
  const layout = layoutOf([trace], 560);
  const found = originOf(trace, layout, { key, at, count: 1 }, done);
  return found && { ...found, lit: [...found.lit.keys()] };
}

/** How many steps are done when a phase has been passed for the last time. */
const after = (trace: Trace, phase: string): number =>
  trace.steps.map((step) => step.phase).lastIndexOf(phase) + 1;

describe("the origin of bytes", () => {
  test("what a read got: back to slot, folio and the write in place", () => {
    const found = origin(mail("linux"), "reader 1")!;
    expect(found.lit).toEqual(["reader 1", "slot 0:0", "folio 2"]);
    expect(found.call).toBe(3);
    const store = mail("linux").steps[found.step!]!.events.find((e) => e.kind === "store");
    expect(store).toMatchObject({ call: 3, frame: 2 });
    expect(found.sentence).toMatch(
      /^0xf0 of frame 2 was written by pwrite\(\), call 1 of writer at step \d+\.$/,
    );
  });

  test("under cow the same read leads to a hole, and the folio is gone", () => {
    expect(origin(mail("cow"), "reader 1")).toMatchObject({
      lit: ["reader 1", "slot 0:0"],
      writer: "hole",
      sentence: "0x00 of frame 2 was written by nobody: it is a hole.",
    });
    expect(origin(mail("cow"), "reader 2")).toMatchObject({
      writer: "initial",
      sentence: "0x1f of frame 1 is what the scenario began with.",
    });
  });

  test("a slot and a folio, while they are there", () => {
    const trace = mail("linux");
    const read = after(trace, "push");
    expect(origin(trace, "slot 0:1", read)).toMatchObject({ lit: ["slot 0:1", "folio 1"] });
    expect(origin(trace, "folio 1", read)).toMatchObject({ lit: ["folio 1"], writer: "initial" });
    expect(origin(trace, "slot 0:1", 0)).toBeUndefined();
    expect(origin(trace, "folio 99", read)).toBeUndefined();
    expect(origin(trace, "reader 1", read)).toBeUndefined();
    expect(origin(trace, "pipe 0", read)).toBeUndefined();
  });

  test("behind a private copy the write to the page that was copied is found", () => {
    const text = `litmus x
file f = 0x1f * 4096
pipe p
thread t {
  pwrite(f, 0xf0 * 4096, 0)
  splice(f, 0, p.w, NULL, 4096, 0)
  a = read(p.r, 4096)
}
exists true
`;
    const trace = record(text, "copy");
    const found = origin(trace, "reader 2")!;
    expect(found).toMatchObject({ call: 0, writer: 0 });
    expect(trace.steps[found.step!]!.events).toContainEqual(
      expect.objectContaining({ kind: "store", call: 0, frame: 1 }),
    );
    expect(found.sentence).toContain(", in frame 1 of which this is a copy.");
  });

  test("a frag of a wire", () => {
    const trace = recordFile("wire-retransmit.litmus", "linux", [0, 0, 1]);
    const done = trace.steps.findIndex(({ world }) => world.sockets[0]!.frags.length > 0) + 1;
    expect(done).toBeGreaterThan(0);
    expect(origin(trace, "frag 0:0", done)!.lit).toEqual(["frag 0:0", "folio 1"]);
  });

  test("part of a strip is lit where that part is", () => {
    const trace = record(
      `litmus x
file f = 0x1f * 4096
pipe p
thread t {
  splice(f, 1024, p.w, NULL, 1024, 0)
  pwrite(f, 0xf0 * 512, 1536)
  a = read(p.r, 1024)
}
exists true
`,
      "linux",
    );
    const layout = layoutOf([trace], 560);
    const done = trace.steps.length;
    const { lit, call } = originOf(trace, layout, { key: "reader 2", at: 1, count: 1 }, done)!;
    expect(call).toBe(1);
    expect(lit.get("reader 2")).toEqual({ from: 0.5, size: 0.5 });
    expect(lit.get("folio 1")).toEqual({ from: 1536 / 4096, size: 512 / 4096 });
  });
});

describe("arrow keys", () => {
  const trace = mail("cow");
  const scene = stageScene(trace, layoutOf([trace], 560), after(trace, "push"));
  const elements = elementsOf(scene);
  const lead = (key: string, ...arrows: ("left" | "right" | "up" | "down")[]): string =>
    arrows.reduce((at, arrow) => nextElement(elements, at, arrow)?.key ?? at, key);

  test("go through the runs of a card, then to the next card", () => {
    expect(lead("cache 0:0", "right")).toBe("folio 2");
    expect(lead("folio 2", "right")).toBe("folio 2/0");
    expect(lead("folio 2", "right", "right")).toBe("slot 0:0");
    expect(lead("slot 0:0", "down")).toBe("slot 0:1");
    expect(lead("folio 2/0", "left", "left")).toBe("cache 0:0");
    expect(lead("cache 0:0", "left")).toBe("cache 0:0");
  });

  test("reach every element from the first one", () => {
    const arrows = ["left", "right", "up", "down"] as const;
    const reached = new Set([elements[0]!.key]);
    for (const key of reached) for (const arrow of arrows) reached.add(lead(key, arrow));
    expect([...reached].sort()).toEqual(elements.map(({ key }) => key).sort());
  });
});

/** As Linux spells them. */
const KERNEL_NAMES = new Set([
  "struct address_space",
  "address_space->i_pages",
  "inode->i_rwsem",
  "i_size_read()",
  "filemap_get_folio()",
  "filemap_remove_folio()",
  "struct vm_area_struct",
  "do_mmap()",
  "VM_SHARED",
  "pte_t",
  "do_wp_page()",
  "do_page_mkwrite()",
  "finish_fault()",
  "struct folio",
  "folio->_refcount",
  "PG_dirty",
  "PG_private",
  "folio_put()",
  "struct pipe_inode_info",
  "pipe->mutex",
  "pipe_full()",
  "pipe_wait_writable()",
  "struct pipe_buffer",
  "splice_folio_into_pipe()",
  "pipe_buf_release()",
  "ZERO_PAGE()",
  "splice_zeropage_into_pipe()",
  "struct sk_buff",
  "sk_receive_queue",
  "skb_splice_from_iter()",
  "MSG_SPLICE_PAGES",
  "skb_frag_t",
  "__skb_frag_unref()",
  "pipe_read()",
  "copy_page_to_iter()",
  "filemap_read()",
  "generic_perform_write()",
  "copy_folio_from_iter_atomic()",
  "folio_lock()",
]);

describe("the terms", () => {
  test("every kind of element has one, and each is used", () => {
    const used = new Set<Term>();
    for (const { run } of RECORDED) {
      const trace = run();
      const layout = layoutOf([trace], 560);
      for (let done = 0; done <= trace.steps.length; done++)
        for (const { term, label } of elementsOf(stageScene(trace, layout, done))) {
          used.add(term);
          expect(label).not.toBe("");
        }
    }
    expect([...used].sort()).toEqual(Object.keys(TERMS).sort());
  });

  test("each names the kernel as it spells itself, in sentences", () => {
    for (const { title, rule, names } of Object.values(TERMS)) {
      expect(names.length).toBeGreaterThan(1);
      for (const name of names) expect(KERNEL_NAMES, title).toContain(name);
      expect(rule).toMatch(/^[A-Z].*\.$/s);
      expect(title).toMatch(/^(a|the|what|bytes) /);
    }
  });
});
