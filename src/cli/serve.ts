// Serves the built page on the loopback address until Ctrl-C.
//
// Interface: serveSite.

import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import sirv from "sirv";
import type { Edge } from "./edge.js";
import { CannotRun } from "./exit.js";
import { packageFile } from "./package.js";

const ADDRESS = "127.0.0.1";
const PORT_FIRST = 5173;
const PORTS_TRIED = 100;

/** Serves dist/site at the next free port and tells the address; returns after Ctrl-C. */
export async function serveSite(edge: Edge, tell: (address: string) => void): Promise<void> {
  const folder = packageFile("dist/site");
  if (!existsSync(folder)) throw new CannotRun("the page is not built", "npm run build");
  // `dev`: each request looks at the folder. A list made at the start would name files that a later
  // build has removed, and sirv ends the process over a file that it cannot open.
  const files = sirv(folder, { etag: true, dev: true });
  const server = await listen((request, response) => {
    files(request, response, () => {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
    });
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  tell(`http://${ADDRESS}:${port ?? PORT_FIRST}/`);
  await interrupted(edge.signal);
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
}

/** A server at the first port from PORT_FIRST on that is free. */
async function listen(listener: RequestListener): Promise<Server> {
  for (let port = PORT_FIRST; port < PORT_FIRST + PORTS_TRIED; port++) {
    const server = createServer(listener);
    const error = await new Promise<NodeJS.ErrnoException | undefined>((done) => {
      server.once("error", done);
      server.listen(port, ADDRESS, () => {
        done(undefined);
      });
    });
    if (error === undefined) return server;
    if (error.code !== "EADDRINUSE") throw new CannotRun(`no page: ${error.message}`);
  }
  throw new CannotRun(`no port from ${PORT_FIRST} to ${PORT_FIRST + PORTS_TRIED - 1} is free`);
}

const interrupted = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    signal.addEventListener("abort", () => {
      done();
    });
  });
