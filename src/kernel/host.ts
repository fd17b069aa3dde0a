// The executor's binary and process: built on demand, started, spoken to frame by frame.
//
// Interface: buildExecutor, buildProgram, buildCached, runCompiler, compilerOf, probeCompiler, Compiler, ExecutorUnavailable,
// ExecutorProcess.
// The sources lie in native/ of the package; the binary in a cache of the user's own, under a hash of its
// sources, so that a changed source is built again and nothing else is. The white box is built by whitebox.ts, programs of their
// own by late-bytes.ts.

import { execFile, spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { FRAME_BYTES, decodeFrameHead } from "./wire.js";
import type { FrameHead } from "./wire.js";

const run = promisify(execFile);

/** The executor cannot be built or started here. The message says what to do about it. */
export class ExecutorUnavailable extends Error {
  override readonly name = "ExecutorUnavailable";
}

/** The folder of the C sources: the nearest `native/` above this file. */
export function nativeFolder(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const folder = join(at, "native");
    if (fs.existsSync(join(folder, "executor.c"))) return folder;
    if (dirname(at) === at) throw new ExecutorUnavailable("The executor's sources are missing.");
    at = dirname(at);
  }
}

/** $CC or cc: what it says its version is, that there is none, or what it says when it fails. */
export type Compiler = { readonly command: string } & (
  | { readonly kind: "found"; readonly version: string }
  | { readonly kind: "absent" }
  | { readonly kind: "failed"; readonly said: string }
);

/** Asks the compiler for its version: that of C programs, $CC or cc, or another one. */
export async function probeCompiler(command = process.env["CC"] ?? "cc"): Promise<Compiler> {
  try {
    const { stdout } = await run(command, ["--version"]);
    return { kind: "found", command, version: stdout.split("\n")[0] ?? "" };
  } catch (error) {
    const { code, stderr = "" } = error as { code?: number | string; stderr?: string };
    if (code === "ENOENT") return { kind: "absent", command };
    const said = stderr.trim().split("\n")[0] ?? "";
    return { kind: "failed", command, said: said === "" ? `it ended with ${code}` : said };
  }
}

/** The compiler's command, if one answers: $CC or cc. */
export async function compilerOf(): Promise<{ command: string; version: string } | undefined> {
  const compiler = await probeCompiler();
  return compiler.kind === "found" ? compiler : undefined;
}

/** A folder that only this user can write to. */
function cacheFolder(): string {
  const uid = process.getuid?.();
  const base = process.env["XDG_CACHE_HOME"] ?? join(tmpdir(), `splicelab-cache-${uid}`);
  const folder = join(base, "splicelab");
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ExecutorUnavailable(
      `${folder} cannot be made (${code}): set XDG_CACHE_HOME to a folder of your own.`,
    );
  }
  for (const part of process.env["XDG_CACHE_HOME"] === undefined ? [base, folder] : [folder]) {
    const stat = fs.lstatSync(part);
    if (!stat.isDirectory() || stat.uid !== uid || (stat.mode & 0o022) !== 0)
      throw new ExecutorUnavailable(
        `${part} can be written to by others: set XDG_CACHE_HOME to a folder of your own.`,
      );
  }
  return folder;
}

/** The path of what `make` builds from sources of native/: built where the cache has none for them. `make` gets the
 *  path to write to, and throws ExecutorUnavailable. */
export async function buildCached(
  title: string,
  names: readonly string[],
  make: (unfinished: string) => Promise<void>,
): Promise<string> {
  const hash = createHash("sha256").update(process.arch);
  for (const name of names) hash.update(name).update(fs.readFileSync(join(nativeFolder(), name)));
  const built = join(cacheFolder(), `${title}-${hash.digest("hex").slice(0, 32)}`);
  if (fs.existsSync(built)) return built;
  const unfinished = `${built}.${randomUUID()}.part`;
  try {
    await make(unfinished);
    fs.renameSync(unfinished, built);
  } finally {
    fs.rmSync(unfinished, { force: true });
  }
  return built;
}

/** Builds the executor if the cache has none for these sources. Returns the path of the binary. */
export async function buildExecutor(): Promise<string> {
  if (process.platform !== "linux")
    throw new ExecutorUnavailable("The executor needs Linux: run splicelab there.");
  const names = fs
    .readdirSync(nativeFolder())
    .filter((name) => /\.[ch]$/.test(name) && !OTHERS.test(name))
    .sort();
  return buildProgram("executor", names);
}
/** Sources that are no part of it. */
const OTHERS = /^(whitebox|retransmit|closed-window)/;

/** Builds a C program of native/ if the cache has none for these sources. Returns its path. Throws ExecutorUnavailable. */
export async function buildProgram(title: string, names: readonly string[]): Promise<string> {
  return buildCached(title, names, async (unfinished) => {
    await compileProgram(title, names, unfinished);
  });
}

async function compileProgram(
  title: string,
  names: readonly string[],
  unfinished: string,
): Promise<void> {
  const compiler = await probeCompiler();
  if (compiler.kind === "failed")
    throw new ExecutorUnavailable(
      `The compiler ${compiler.command} was found but fails (apt-get install gcc libc6-dev, or set CC): ${compiler.said}`,
    );
  if (compiler.kind === "absent")
    throw new ExecutorUnavailable(
      "No C compiler was found, so nothing can run on this kernel: apt-get install gcc libc6-dev",
    );
  const { command } = compiler;
  const sources = names.filter((name) => name.endsWith(".c"));
  const args = ["-O2", "-std=gnu11", "-pthread", "-s", "-o", unfinished, ...sources];
  const trouble = `The program "${title}" could not be compiled (apt-get install gcc libc6-dev)`;
  await runCompiler(command, ["-static", ...args], trouble).catch(() =>
    runCompiler(command, args, trouble),
  );
}

/** Runs a compiler in native/. Throws ExecutorUnavailable: `trouble`, and what the compiler says first. */
export async function runCompiler(
  command: string,
  args: readonly string[],
  trouble: string,
): Promise<void> {
  try {
    await run(command, [...args], { cwd: nativeFolder() });
  } catch (error) {
    const said = error instanceof Error ? error.message : "";
    const why = said.split("\n").find((line) => /error/i.test(line)) ?? `${command} failed`;
    throw new ExecutorUnavailable(`${trouble}: ${why.trim()}`);
  }
}

/** A frame as it came in. */
export interface Frame {
  readonly head: FrameHead;
  readonly body: Uint8Array;
}

type Waiter = { resolve: (frame: Frame | undefined) => void; reject: (error: Error) => void };

/** One process of the executor. */
export class ExecutorProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #ended: Promise<void>;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #waiter: Waiter | undefined;
  #isEnded = false;
  #said = "";

  /** `command`: the executor's binary, or what becomes it, with its arguments. */
  constructor(command: readonly string[], folder: string, dropCaches = false) {
    const [binary, ...args] = command;
    this.#child = spawn(binary!, [...args, folder], {
      stdio: ["pipe", "pipe", "pipe"],
      env: dropCaches ? { SPLICELAB_DROP_CACHES: "1" } : {},
      cwd: "/",
    });
    this.#child.stdin.on("error", () => undefined);
    this.#child.stdout.on("data", (chunk: Uint8Array) => {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
      this.#deliver();
    });
    this.#child.stderr.on("data", (chunk: Uint8Array) => {
      this.#said = (this.#said + String(chunk)).slice(-2000);
    });
    this.#ended = new Promise((resolve) => {
      const end = (): void => {
        this.#isEnded = true;
        this.#deliver();
        resolve();
      };
      this.#child.on("close", end);
      this.#child.on("error", end);
    });
  }

  /** The process number; undefined if it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What it wrote to standard error, the end of it, in one line. */
  get said(): string {
    return this.#said.trim().replace(/\s*\n\s*/g, "; ");
  }

  /** How it ended, for people. */
  get ending(): string {
    const { exitCode, signalCode } = this.#child;
    const how =
      signalCode === null ? `ended with status ${exitCode}` : `was ended by ${signalCode}`;
    return `the executor ${how}${this.said === "" ? "" : ` (${this.said})`}`;
  }

  /** Sends bytes, whatever they are. */
  send(bytes: Uint8Array): void {
    if (!this.#isEnded) this.#child.stdin.write(bytes);
  }

  /** The next frame; undefined if the process ended, or was killed because `timeoutMs` passed.
   *  Rejects with WireError if the bytes are no frame. One caller at a time. */
  async receive(timeoutMs: number): Promise<Frame | undefined> {
    const timer = setTimeout(() => {
      this.#child.kill("SIGKILL");
    }, timeoutMs);
    try {
      return await new Promise<Frame | undefined>((resolve, reject) => {
        this.#waiter = { resolve, reject };
        this.#deliver();
      });
    } finally {
      clearTimeout(timer);
    }
  }

  #deliver(): void {
    const waiter = this.#waiter;
    if (waiter === undefined) return;
    try {
      const frame = this.#take();
      if (frame === undefined && !this.#isEnded) return;
      this.#waiter = undefined;
      waiter.resolve(frame);
    } catch (error) {
      this.#waiter = undefined;
      waiter.reject(error as Error);
    }
  }

  #take(): Frame | undefined {
    if (this.#bytes < FRAME_BYTES) return undefined;
    if ((this.#chunks[0]?.length ?? 0) < FRAME_BYTES) this.#chunks = [Buffer.concat(this.#chunks)];
    const head = decodeFrameHead(this.#chunks[0]!);
    const size = FRAME_BYTES + head.bytes;
    if (this.#bytes < size) return undefined;
    const all = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.#chunks = all.length > size ? [all.subarray(size)] : [];
    this.#bytes -= size;
    return { head, body: all.subarray(FRAME_BYTES, size) };
  }

  /** Ends the process: by the end of its input, and by SIGKILL if that does not help. */
  async end(graceMs = 1000): Promise<void> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), graceMs);
    this.#child.stdin.end();
    await this.#ended;
    clearTimeout(timer);
  }
}
