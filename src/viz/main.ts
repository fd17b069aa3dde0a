// The page's entry: fetches the core, runs the model, then shows what it did.

import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import { loadCore } from "./core-module.js";
import { loadSides } from "./scenario.js";

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no element #app");
await loadCore();
mount(App, { target, props: loadSides() });
