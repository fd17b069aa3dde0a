// `doctor`: what this machine can do, why it matters, and the one command that adds what is missing.

import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { probeHost, profileNameOf } from "../../kernel/features.js";
import type { Host } from "../../kernel/features.js";
import { probeCompiler } from "../../kernel/host.js";
import type { Compiler } from "../../kernel/host.js";
import { whyNoWhitebox } from "../../kernel/whitebox.js";
import { nearestProfile } from "../../model/profiles.js";
import { requireDirectory } from "../backends.js";
import type { AddCommand } from "../edge.js";
import { jsonLine } from "../../report/json.js";
import { featureSchema } from "../json.js";
import { columns } from "../report.js";

/** One thing that a machine may have. */
interface Feature {
  readonly name: string;
  readonly found: boolean;
  readonly detail: string;
  readonly why: string;
  /** The command that adds it, where one does. */
  readonly remedy?: string;
}

/** Adds the command. */
export const addDoctor: AddCommand = (program, edge) => {
  program
    .command("doctor")
    .summary("what this machine can do")
    .description(
      "Lists what this machine has for splicelab, and the command that adds what it lacks.",
    )
    .option(
      "--dir <directory>",
      "the directory whose file system counts; default: the temporary folder",
    )
    .option("--json", "one JSON object per row")
    .addHelpText("after", "\nExample:\n  splicelab doctor --dir /var/tmp")
    .action(async (options) => {
      const features = await featuresOf(options.dir ?? tmpdir());
      if (options.json === true) {
        for (const row of features) edge.out(jsonLine(featureSchema, { kind: "feature", ...row }));
        return;
      }
      const rows = features.map(({ name, found, detail, why }) => [
        name,
        found ? "yes" : "no",
        detail,
        why,
      ]);
      for (const line of columns([["what", "here", "found", "for"], ...rows])) edge.out(line);
      for (const { name, remedy } of features)
        if (remedy !== undefined) edge.out(`to add ${name}: ${remedy}`);
    });
};

async function featuresOf(directory: string): Promise<Feature[]> {
  const linux = process.platform === "linux";
  requireDirectory(directory);
  const host = linux ? await probeHost(directory) : undefined;
  const compiler = await probeCompiler();
  return [
    linuxRow(host),
    compilerRow(compiler),
    fileSystemRow(host),
    rootRow(host),
    await whiteboxRow(),
    tcpRow(host),
    uringRow(),
    tunRow(),
    browserRow(),
  ];
}

const linuxRow = (host: Host | undefined): Feature => ({
  name: "Linux",
  found: host !== undefined,
  detail: host === undefined ? process.platform : `${host.release} ${host.machine}`,
  why: "scenarios run on its kernel (kernel, exec --on kernel)",
});

function compilerRow(compiler: Compiler): Feature {
  const { kind, command } = compiler;
  const row = { name: "C compiler", why: "builds the executor, which makes the calls" };
  if (kind === "found") return { ...row, found: true, detail: compiler.version };
  const detail = kind === "absent" ? `no ${command}` : `${command} fails: ${compiler.said}`;
  return { ...row, found: false, detail, remedy: "apt-get install -y gcc libc6-dev" };
}

function fileSystemRow(host: Host | undefined): Feature {
  const why = "the model has a profile for what splice does here";
  if (host === undefined) return { name: "profile", found: false, detail: "unknown", why };
  const found = profileNameOf(host);
  const near = nearestProfile(found);
  const detail = near.exact ? found : `${found}; nearest is ${near.profile.name}`;
  return { name: "profile", found: near.exact, detail, why };
}

const rootRow = (host: Host | undefined): Feature => ({
  name: "root",
  found: host?.isRoot === true,
  detail: host?.isRoot === true ? "yes; dropped before the first call" : "no",
  why: "npm run setup, and file systems mounted for tests",
});

async function whiteboxRow(): Promise<Feature> {
  const missing = await whyNoWhitebox();
  return {
    name: "white box",
    found: missing === undefined,
    detail: missing?.why ?? "root, BTF, clang and libbpf",
    why: "comparing the kernel's own rings and folios (kernel --whitebox)",
    ...(missing?.remedy === undefined ? {} : { remedy: missing.remedy }),
  };
}

const tcpRow = (host: Host | undefined): Feature => ({
  name: "TCP on loopback",
  found: host?.hasTcp === true,
  detail: host?.hasTcp === true ? "127.0.0.1" : "nothing can be connected over 127.0.0.1",
  why: "scenarios with `socket s tcp` (kernel, exec --on kernel)",
  ...(host === undefined || host.hasTcp ? {} : { remedy: "ip link set lo up" }),
});

const URING_DISABLED = "/proc/sys/kernel/io_uring_disabled";

/** Before Linux 6.6 nothing tells; then the executor does when it starts. */
function uringRow(): Feature {
  const row = { name: "io_uring", why: "scenarios with chains of requests (kernel)" };
  if (!existsSync(URING_DISABLED)) return { ...row, found: false, detail: `no ${URING_DISABLED}` };
  const value = readFileSync(URING_DISABLED, "utf8").trim();
  const found = value === "0";
  const detail = found ? "for every user" : `${URING_DISABLED} is ${value}`;
  return { ...row, found, detail, ...(found ? {} : { remedy: `echo 0 >${URING_DISABLED}` }) };
}

function tunRow(): Feature {
  const found = existsSync(TUN);
  return {
    name: "TUN device",
    found,
    detail: found ? TUN : `no ${TUN}: what waits behind a closed window is shown in its place`,
    why: "a page that TCP sends twice (kernel --retransmit)",
    ...(found ? {} : { remedy: "modprobe tun" }),
  };
}

const TUN = "/dev/net/tun";
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

function browserRow(): Feature {
  const path = [process.env["CHROMIUM_PATH"], ...BROWSERS].find(
    (each) => each !== undefined && existsSync(each),
  );
  return {
    name: "Chromium",
    found: path !== undefined,
    detail: path ?? "the packaged one (npm) is used",
    why: "the test of the page",
    ...(path === undefined ? { remedy: "apt-get install -y chromium" } : {}),
  };
}
