// The white box: a BPF program that reads the kernel's own pipes, files and folios, and what loads it.
//
// Interface: Whitebox, buildWhitebox, whyNoWhitebox.
// Needs root, a kernel with BTF, clang and libbpf; whoever lacks one goes without. The executor's rights stay what
// they are: the loader opens a link as root and becomes the executor, which then drops root.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { buildCached, compilerOf, probeCompiler, runCompiler } from "./host.js";

/** What is built: the program that becomes the executor, and what it loads. */
export interface Whitebox {
  readonly loader: string;
  readonly object: string;
}

const BTF = "/sys/kernel/btf/vmlinux";
const PACKAGES = "apt-get install -y clang libbpf-dev libelf-dev zlib1g-dev";
const clang = (): string => process.env["CLANG"] ?? "clang";

/** Why there can be no white box here, and the command that mends it, where one does; undefined if nothing is missing. */
export async function whyNoWhitebox(): Promise<{ why: string; remedy?: string } | undefined> {
  if (process.platform !== "linux") return { why: "it needs Linux" };
  if (process.getuid?.() !== 0) return { why: "only root can read the kernel's own counts" };
  if (!existsSync(BTF)) return { why: `this kernel has no ${BTF}` };
  const { kind, command } = await probeCompiler(clang());
  if (kind !== "found") return { why: `${command} was not found`, remedy: PACKAGES };
  if (!existsSync("/usr/include/bpf/bpf_helpers.h"))
    return { why: "the headers of libbpf were not found", remedy: PACKAGES };
  return undefined;
}

/** Builds what the cache has not. Throws ExecutorUnavailable. */
export async function buildWhitebox(): Promise<Whitebox> {
  const object = await buildCached(
    "whitebox",
    ["whitebox.bpf.c", "whitebox.h"],
    async (unfinished) => {
      const args = ["-O2", "-g", "-target", "bpf", ...systemHeaders(), "-c", "whitebox.bpf.c"];
      const trouble = `The white box could not be compiled (${PACKAGES})`;
      await runCompiler(clang(), [...args, "-o", unfinished], trouble);
    },
  );
  const loader = await buildCached("loader", ["whitebox-loader.c"], async (unfinished) => {
    const command = (await compilerOf())?.command ?? "cc";
    const args = ["-O2", "-std=gnu11", "-s", "-o", unfinished, "whitebox-loader.c"];
    const libraries = ["-lbpf", "-lelf", "-lz"];
    const trouble = `The loader of the white box could not be compiled (${PACKAGES})`;
    await runCompiler(command, ["-static", ...args, ...libraries], trouble);
  });
  return { loader, object };
}

/** Where Debian keeps the headers of one architecture: clang looks there for its own only. */
function systemHeaders(): string[] {
  const triplet = execFileSync(clang(), ["-print-multiarch"], { encoding: "utf8" }).trim();
  return triplet === "" ? [] : [`-I/usr/include/${triplet}`];
}
