// The page's entry: runs the model, then shows what it did.

import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import { loadSides } from "./scenario.js";

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no element #app");
mount(App, { target, props: loadSides() });
