// The page's entry: fetches the core, then opens what the link carries, or the first ten seconds.

import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import "./panels/stage.css";
import { loadCore } from "./core-module.js";
import Versions from "./notices/Versions.svelte";

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no element #app");
await loadCore();
// What was drawn before any script is drawn again, alive.
target.replaceChildren();
document.documentElement.classList.remove("linked");
mount(App, { target, props: { fragment: location.hash } });
mount(Versions, { target: document.body });
// Tests and measurements wait for this.
target.dataset["alive"] = "";
