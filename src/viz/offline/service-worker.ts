// Keeps the page's files, so that it works without its server, and until the reader takes the next version.
//
// Built by tools/page/offline.ts into sw.js beside index.html, with the list of files in front. A version's
// files are fetched together and kept together; a version waits until no page uses the one before, or the
// page says "take over". The cache before stays, for pages that still load parts of it.
// Gaps: nothing that is not a file of the page goes through here.

declare const FILES: readonly string[];
declare const VERSION: string;

/** What a service worker has, and a page has not. */
interface Worker {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", on: (event: Waits) => void): void;
  addEventListener(type: "message", on: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "fetch", on: (event: Fetches) => void): void;
}
interface Waits {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetches {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const worker = self as unknown as Worker;
const { scope } = worker.registration;
/** One server may hold several pages: each folder has caches of its own. */
const OURS = `splicelab ${scope} `;
const CACHE = OURS + VERSION;
const addresses = new Set(FILES.map((file) => new URL(file, scope).href));

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([...addresses].map((url) => new Request(url, { cache: "no-cache" })));
}

/** Drops the caches of all versions but this and the one before it. */
async function tidy(): Promise<void> {
  const before = (await caches.keys()).filter((key) => key.startsWith(OURS) && key !== CACHE);
  await Promise.all(before.slice(0, -1).map((key) => caches.delete(key)));
  await worker.clients.claim();
}

/** The kept file, from this version or from one before, else what the server says. */
async function answer(request: Request, address: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? (await caches.match(address)) ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(fill()));
worker.addEventListener("activate", (event) => event.waitUntil(tidy()));
worker.addEventListener("message", ({ data }) => {
  if (data === "take over") void worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  url.hash = url.search = "";
  const address = url.href === `${scope}index.html` ? scope : url.href;
  if (request.method === "GET" && address.startsWith(scope))
    event.respondWith(answer(request, address));
});
