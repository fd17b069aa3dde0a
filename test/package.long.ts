// The package as its users get it: packed, installed into an empty folder, run, type-checked.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildExecutor } from "../src/kernel/host.js";
import { ROOT, inRoot, versionOf } from "../tools/paths.js";

const TARBALL_BYTES_MAX = 1024 * 1024;
const MINUTES_MS = 60_000;

const folder = mkdtempSync(join(tmpdir(), "splicelab-package-"));
let tarball = "";

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], cwd = folder, input = ""): Ran {
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, NODE_OPTIONS: "" };
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env,
    input,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

/** As run; fails with everything that was printed. */
function succeed(command: string, args: readonly string[], cwd = folder, input = ""): string {
  const { code, stdout, stderr } = run(command, args, cwd, input);
  expect(code, `${command} ${args.join(" ")}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

const splicelab = (args: readonly string[], input = ""): Ran =>
  run(join(folder, "node_modules/.bin/splicelab"), args, folder, input);

/** Why nothing can run on this kernel, or undefined. */
const missing = await buildExecutor().then(
  () => undefined,
  (error: unknown) => (error instanceof Error ? error.message : String(error)),
);

/** The command lines of all processes there are. */
const commandLines = (): string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(join("/proc", pid, "cmdline"), "utf8");
      } catch {
        return ""; // It has ended meanwhile.
      }
    });

beforeAll(() => {
  succeed("npm", ["pack", "--pack-destination", folder], ROOT);
  tarball = join(
    folder,
    readdirSync(folder).find((file) => file.endsWith(".tgz"))!,
  );
  writeFileSync(join(folder, "package.json"), `{ "private": true, "type": "module" }`);
  const peer = `fast-check@${versionOf("fast-check")}`;
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  succeed("npm", ["install", ...quiet, tarball, peer]);
}, 4 * MINUTES_MS);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the tarball", () => {
  test("stays under 1 MB and has the executor's sources", () => {
    expect(statSync(tarball).size).toBeLessThan(TARBALL_BYTES_MAX);
    const native = readdirSync(join(folder, "node_modules/splicelab/native"));
    expect(native).toContain("executor.c");
  });

  test("has nothing for publint to say", async () => {
    const bytes = readFileSync(tarball);
    const { messages, pkg } = await publint({
      pkgDir: "package",
      strict: true,
      pack: { tarball: Uint8Array.from(bytes).buffer },
    });
    expect(messages.map((each) => formatMessage(each, pkg))).toEqual([]);
  });

  test("has the right types", () => {
    const attw = inRoot("node_modules/.bin/attw");
    succeed(attw, [tarball, "--profile", "esm-only", "--no-emoji", "--no-definitely-typed"]);
  });
});

describe("the installed command", () => {
  test("runs the mail's program, which does not do what its author had hoped", () => {
    const mail = join(folder, "node_modules/splicelab/litmus/mail.litmus");
    const { code, stdout } = splicelab(["run", mail]);
    expect(stdout).toContain("read(p.r, 4096) = 4096  0xf0 * 4096");
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^sl1:/);
    expect(code).toBe(1);
    expect(splicelab(["run", mail, "--policy", "cow"]).code).toBe(0);
  });

  test("answers calls", () => {
    const { code, stdout } = splicelab(
      ["exec", "--on", "model"],
      "splice(9, NULL, 9, NULL, 1, 0)\n",
    );
    expect(stdout).toContain("= -1 EBADF");
    expect(code).toBe(0);
  });

  test("compares random programs in two processes, and leaves none behind after Ctrl-C", async (context) => {
    if (missing !== undefined) context.skip(missing);
    const place = mkdtempSync(join(folder, "kernel-"));
    const many = ["kernel", "--random", "100000000", "--workers", "2", "--dir", place];
    const child = spawn(join(folder, "node_modules/.bin/splicelab"), many, { detached: true });
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += String(chunk)));
    // The first line of standard error comes once the kernel is open.
    child.stderr.once("data", () => process.kill(-child.pid!, "SIGINT"));
    const [code] = (await once(child, "close")) as [number | null];
    expect(stdout).toMatch(/^interrupted after \d+ of 100000000 programs; to go on: /m);
    expect(code).toBe(130);
    expect(readdirSync(place)).toEqual([]);
    expect(commandLines().filter((line) => line.includes(place))).toEqual([]);
  });
});

describe("the installed library", () => {
  const options = {
    compilerOptions: {
      target: "ES2023",
      module: "NodeNext",
      lib: ["ES2023", "DOM"],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
    },
    include: ["*.ts"],
  };
  const tsc = inRoot("node_modules/typescript/bin/tsc");

  test("type-checks and runs the README's examples", () => {
    const readme = readFileSync(inRoot("README.md"), "utf8");
    const [example, property] = [...readme.matchAll(/```ts\n([^]*?)```/g)].map((each) => each[1]!);
    writeFileSync(join(folder, "example.ts"), example!);
    // The same cases each time.
    writeFileSync(join(folder, "property.ts"), property!.replace(/\n\);\s*$/, " { seed: 1 });"));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
    succeed("node", [tsc, "-p", "."]);
    const [linux, cow] = succeed("node", ["example.js"]).split("\n");
    expect(linux).toMatch(/^linux false .*pwrite\(\)/);
    expect(cow).toMatch(/^cow true /);
    expect(readFileSync(join(folder, "property.js"), "utf8")).toContain("seed: 1");
    succeed("node", ["property.js"]);
  });
});
