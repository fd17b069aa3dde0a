// The page's entry: fetches the core, then opens what the link carries, or the first ten seconds.

import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import "./panels/stage.css";
import { EMBEDDED } from "../report/embed.js";
import { loadCore } from "./core-module.js";
import Versions from "./notices/Versions.svelte";
import { loadReader } from "./reader.js";

const CORE = new URL("../../build/core/page.wasm", import.meta.url);

/** Not at the top level: the reader's file imports this one's, and would wait for it for ever. */
async function start(target: HTMLElement): Promise<void> {
  // App says what is wrong where the reader does not come.
  const linked = location.hash.length > 1 ? loadReader().catch(() => undefined) : undefined;
  await Promise.all([loadCore(CORE), linked]);
  // What was drawn before any script is drawn again, alive.
  target.replaceChildren();
  document.documentElement.classList.remove("linked");
  const embedded = new URLSearchParams(location.search).has(EMBEDDED);
  mount(App, { target, props: { fragment: location.hash, embedded } });
  mount(Versions, { target: document.body });
  // Tests and measurements wait for this.
  target.dataset["alive"] = "";
  // What the first view does without comes while nobody waits; where it does not, it is asked for again in need.
  setTimeout(() => void loadReader().catch(() => undefined), 500);
}

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no element #app");
start(target).catch((error: unknown) => {
  const told = document.createElement("p");
  told.role = "alert";
  told.textContent = `The page did not start: ${String(error)}. Reload it to try again.`;
  target.prepend(told);
  document.documentElement.classList.remove("linked");
  throw error;
});
