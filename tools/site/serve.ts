// A plain static server on loopback with the page in a folder of it, as any web server would have it.
//
// Interface: serveSite, SUB_PATH, ServedSite.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import sirv from "sirv";

/** Where the page stands on the server: no file of it may be asked for anywhere else. */
export const SUB_PATH = "/x/y/";

/** A running server. */
export interface ServedSite {
  /** The page's address, with the slash at its end. */
  readonly address: string;
  /** Serves another folder from now on. */
  readonly change: (folder: string) => void;
  readonly close: () => void;
}

/** Serves the folder at SUB_PATH, on a free port. */
export async function serveSite(folder: string): Promise<ServedSite> {
  const handler = (of: string) => sirv(of, { dev: true, etag: true });
  let serve = handler(folder);
  const server = createServer((request, response) => {
    const missing = (): void => void response.writeHead(404).end();
    if (request.url?.startsWith(SUB_PATH) !== true) {
      missing();
      return;
    }
    request.url = request.url.slice(SUB_PATH.length - 1);
    serve(request, response, missing);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${SUB_PATH}`,
    change: (other) => (serve = handler(other)),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
