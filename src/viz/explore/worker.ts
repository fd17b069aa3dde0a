// The worker of a search: a Session on the worker's own messages and clock. It is asked one question.
//
// Interface: the messages of protocol.ts.

import { loadCore } from "../core-module.js";
import type { Answer, Request } from "./protocol.js";
import { Session } from "./session.js";

/** What this file needs of a worker's global scope. */
interface Scope {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage: (answer: Answer) => void;
}
const scope = globalThis as unknown as Scope;

/** A message to oneself comes behind those that wait already, and without a timer's delay. */
const { port1, port2 } = new MessageChannel();
const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    port1.onmessage = () => {
      resolve();
    };
    port2.postMessage(undefined);
  });

const CORE = new URL("../../../build/core/release.wasm", import.meta.url);
const ready = (): Promise<void> => loadCore(CORE);

let session: Session | undefined;

scope.onmessage = ({ data: request }) => {
  if (request.kind === "stop") session?.stop();
  else if (request.kind === "way") session?.want(request.key);
  else {
    const post = (answer: Answer): void => {
      scope.postMessage(answer);
    };
    const now = (): number => performance.now();
    session = new Session(request.question, { ready, now, breathe, post });
    void session.run();
  }
};
