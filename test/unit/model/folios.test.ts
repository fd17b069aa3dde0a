// What Linux 6.18 does to folios and page tables where no outcome tells: each was seen by the white box.

import { describe, expect, test } from "vitest";
import { parseProgram } from "../../../src/language/parse-program.js";
import { Core } from "../../../src/model/core.js";
import { parsePolicy } from "../../../src/model/policies.js";
import { parseProfile } from "../../../src/model/profiles.js";
import { traceOf } from "../../../src/model/trace.js";
import { ENVIRONMENT } from "../../../src/trace/environment.js";
import type { Trace } from "../../../src/trace/trace.js";
import type { World } from "../../../src/trace/world.js";

function traced(profile: string, file: string, calls: string): Trace {
  const { program } = parseProgram(
    `litmus large\nfile f${file}\npipe p\nsocket s\nthread t {\n${calls}\n}\n`,
  );
  const setup = {
    program: program!,
    profile: parseProfile(profile),
    policy: parsePolicy("linux"),
    environment: ENVIRONMENT,
  };
  return traceOf(new Core(), setup);
}

/** The last moment. */
function after(profile: string, file: string, calls: string): World {
  const { start, steps } = traced(profile, file, calls);
  return steps.at(-1)?.world ?? start;
}

/** The order of the folio of each cached page, "-" for a page that is not. */
const ordersOf = ({ inodes, folios }: World): string =>
  inodes[0]!.pages
    .map((frame) => {
      const folio = folios.find(
        (each) => each.frame <= frame && frame < each.frame + 2 ** each.order,
      );
      return frame === 0 || folio === undefined ? "-" : `${folio.order}`;
    })
    .join("");

const DROP = "fsync(f)\nposix_fadvise(f, 0, 0, POSIX_FADV_DONTNEED)";

describe("a large folio that is cut", () => {
  test("keeps its halves that lie apart from the cut", () => {
    expect(ordersOf(after("6.18/xfs", " = 0xa0 * 16384 folio order 2", "ftruncate(f, 8192)"))).toBe(
      "11",
    );
    const dirty = after("6.18/xfs", " = 0xa0 * 16384 folio order 2", "ftruncate(f, 512)");
    expect(ordersOf(dirty), "blocks that are dirty hold it together").toBe("2222");
  });

  test("is dirty as a whole where it was mapped to be written", () => {
    const calls = `m = mmap(NULL, 8192, PROT_WRITE, MAP_SHARED, f, 0)
      store(m, 0x11 * 4096, 0)
      fallocate(f, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, 4096)
      ftruncate(f, 4096)`;
    expect(ordersOf(after("6.18/ext4", " = 0xa0 * 8192 folio order 1", calls))).toBe("11");
    const unmapped = calls.replace("fallocate", "munmap(m, 8192)\nfallocate");
    expect(ordersOf(after("6.18/ext4", " = 0xa0 * 8192 folio order 1", unmapped))).toBe("0");
  });
});

describe("a write that finds no byte", () => {
  const large = (write: string): string =>
    ordersOf(
      after("6.18/ext4", " = 0xa0 * 8192 folio order 1", `fsync(f)\n${write}\nftruncate(f, 4096)`),
    );
  test("leaves the block dirty that it begins inside: the folio stays whole", () => {
    expect(large("pwrite(f, fault 4096, 512)")).toBe("11");
    expect(large("pwrite(f, fault 4096, 0)")).toBe("0");
  });

  test("leaves a new page behind the end dirty, which write-back does not come to behind the last block", () => {
    const write = "pwrite(f, fault 4096, 4096)";
    const drop = "posix_fadvise(f, 0, 0, POSIX_FADV_DONTNEED)";
    expect(ordersOf(after("6.18/ext4", " = 0xa0 * 4096", `${write}\n${drop}`))).toBe("00");
    expect(ordersOf(after("6.18/ext4", " = 0xa0 * 4096", `${write}\n${drop}\n${drop}`))).toBe("");
  });
});

describe("drop_caches", () => {
  test("takes clean folios of every file, and leaves what is dirty, held or mapped", () => {
    expect(ordersOf(after("6.18/ext4", " = 0xa0 * 8192", "drop_caches()"))).toBe("00");
    expect(ordersOf(after("6.18/ext4", " = 0xa0 * 8192", "fsync(f)\ndrop_caches()"))).toBe("");
    const held = "fsync(f)\nsplice(f, 4096, p.w, NULL, 4096, 0)\ndrop_caches()";
    expect(ordersOf(after("6.18/ext4", " = 0xa0 * 8192 folio order 0", held))).toBe("-0");
    const map = "m = mmap(NULL, 8192, PROT_READ, MAP_SHARED, f, 0)\nload(m, 1, 0)";
    const large = " = 0xa0 * 8192 folio order 1";
    expect(ordersOf(after("6.18/ext4", large, `fsync(f)\n${map}\ndrop_caches()`))).toBe("11");
    expect(ordersOf(after("6.18/ext4", large, "fsync(f)\nclose(f)\ndrop_caches()"))).toBe("");
  });

  test("takes a hole's page of tmpfs, which nobody has written to", () => {
    const map = `m = mmap(NULL, 8192, PROT_READ, MAP_SHARED, f, 0)
      load(m, 1, 0)
      munmap(m, 8192)`;
    const file = " = hole 4096, 0xa0 * 4096";
    expect(ordersOf(after("6.18/tmpfs", file, map))).toBe("00");
    expect(ordersOf(after("6.18/tmpfs", file, `${map}\ndrop_caches()`))).toBe("-0");
  });
});

describe("a splice to a socket", () => {
  test("makes one frag of pieces that go on from each other in a page, with one reference", () => {
    const pieces = [0, 2048].map((at) => `splice(f, ${at}, p.w, NULL, 2048, 0)`).join("\n");
    const piped = after("6.18/tmpfs", " = 0xa0 * 4096", pieces);
    expect(piped.folios.map(({ refs }) => refs)).toEqual([3]);
    const sent = `${pieces}\nsplice(p.r, NULL, s.a, NULL, 4096, 0)`;
    const { folios, sockets } = after("6.18/tmpfs", " = 0xa0 * 4096", sent);
    expect(folios.map(({ refs }) => refs)).toEqual([2]);
    expect(sockets.flatMap(({ frags }) => frags)).toHaveLength(1);
  });
});

describe("readahead", () => {
  test("brings in what the disk has of the window", () => {
    const calls = `${DROP}\nsplice(f, NULL, p.w, NULL, 4096, 0)`;
    expect(ordersOf(after("6.18/ext4", " = 0xa0 * 8192 folio order 0", calls))).toBe("00");
  });

  test("does not take one read for two: its position moves at the end of the call", () => {
    const calls = "ftruncate(f, 12288)\nread(f, 8192)";
    expect(ordersOf(after("6.18/xfs", " = 0xb0 * 4096", calls))).toBe("00");
    expect(ordersOf(after("6.18/xfs", " = 0xb0 * 4096", `${calls}\nread(f, 4096)`))).toBe("000");
  });
});

describe("a write", () => {
  test("makes one folio over what the disk has, with iomap one in each extent", () => {
    const calls = `${DROP}\npwrite(f, 0x33 * 8192, 0)`;
    expect(ordersOf(after("6.18/ext4", " = 0xa0 * 4096", calls))).toBe("11");
    expect(ordersOf(after("6.18/xfs", " = 0xa0 * 4096", calls))).toBe("00");
  });

  test("that ends early has the rest of its page from the disk", () => {
    const { outcome } = traced(
      "6.18/ext4",
      " = 0xa0 * 4096",
      `${DROP}\npwrite(f, 0x33 * 100, 0)\npread(f, 200, 0)`,
    );
    const result = outcome.results.at(-1)!;
    expect(result.status === "returned" && [...result.data]).toEqual([
      ...Array<number>(100).fill(0x33),
      ...Array<number>(100).fill(0xa0),
    ]);
  });
});

test("a hole that ends in the first page of a file unmaps all pages behind its begin", () => {
  const calls = `m = mmap(NULL, 8192, PROT_READ, MAP_SHARED, f, 0)
    load(m, 1, 0)
    load(m, 1, 4096)
    fallocate(f, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, `;
  const mapped = (length: number): number =>
    after("6.18/tmpfs", " = 0xa0 * 8192", `${calls}${length})`).mappings[0]!.mapped.length;
  expect(mapped(512)).toBe(0);
  expect(mapped(4096)).toBe(1);
});

test("xfs writes a file back that was cut, when a description of it is released", () => {
  const calls = `d = open("f", O_TRUNC, 0)
    pwrite(f, 0x11 * 8192, 0)`;
  const isDirty = (more: string): boolean =>
    after("6.18/xfs", " = 0xa0 * 4096", `${calls}\n${more}`).folios.some(({ dirty }) => dirty);
  expect(isDirty("")).toBe(true);
  expect(isDirty("close(d)")).toBe(false);
  expect(isDirty("close(d)\npwrite(f, 0x22 * 4096, 0)\ne = dup(f)\nclose(e)")).toBe(true);
});

test("btrfs gives a clean folio its private data again where a hole zeroes a part of it", () => {
  const cut = "fsync(f)\nftruncate(f, 512)";
  const refs = (more: string): number =>
    after("6.18/btrfs", " = 0xa0 * 4096", `${cut}\n${more}`).folios[0]!.refs;
  expect(refs("")).toBe(1);
  expect(refs("fallocate(f, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, 256)")).toBe(2);
});
