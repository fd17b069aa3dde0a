// The page without its server, and its next version.
//
// Interface: keepOffline. Where a browser has no service workers (an address that is not secure) the page
// works as before, and needs its server.

/** How often at most a page that stays open asks whether there is a newer version. */
const ASK_MS = 60 * 60 * 1000;

/** Has the browser keep the page's files. Calls `onReady` when a newer version is there, with what takes it:
 *  that loads the page anew, and nothing else does. */
export async function keepOffline(onReady: (take: () => void) => void): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  const registration = await serviceWorker.register(new URL("sw.js", document.baseURI));
  const tell = (worker: ServiceWorker): void => {
    if (serviceWorker.controller !== null) onReady(() => take(worker));
  };
  if (registration.waiting !== null) tell(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed") tell(worker);
    });
  });
  askNowAndThen(registration);
}

function take(worker: ServiceWorker): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), {
    once: true,
  });
  worker.postMessage("take over");
}

/** Asks when the reader comes back to the page. Without the server there is nothing newer. */
function askNowAndThen(registration: ServiceWorkerRegistration): void {
  let askedAt = performance.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || performance.now() - askedAt < ASK_MS) return;
    askedAt = performance.now();
    registration.update().catch(() => undefined);
  });
}
