// A Chromium for the tests, the bench and the pictures of the page: CHROMIUM_PATH, else the system's, else the packaged one.
//
// Interface: launchChromium. Throws with one sentence where there is none.

import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const SYSTEM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const MISSING =
  "no Chromium for the page's test: set CHROMIUM_PATH, or install Debian's chromium, " +
  "or let npm install the optional dependency @sparticuz/chromium";

/** Starts a headless browser. */
export async function launchChromium(): Promise<Browser> {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && !existsSync(named)) throw new Error(`CHROMIUM_PATH: no file ${named}`);
  const executablePath = named ?? SYSTEM.find((path) => existsSync(path)) ?? (await packaged());
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Unpacks the packaged browser with its own libraries, once per version of it. */
async function packaged(): Promise<string> {
  process.env["AWS_LAMBDA_JS_RUNTIME"] ??= "nodejs20.x";
  const home = join(tmpdir(), "splicelab-chromium-147.0.0");
  mkdirSync(home, { recursive: true });
  process.env["TMPDIR"] = home;
  const found = await import("@sparticuz/chromium").catch(() => undefined);
  if (found === undefined) throw new Error(MISSING);
  found.default.setGraphicsMode = false;
  return found.default.executablePath();
}
