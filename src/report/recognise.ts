// What a file is, by its content: a token, a picture that carries one, a scenario, runs of a kernel, a run of the model.
//
// Interface: recognise, Recognised, OPENED, FILE_BYTES_MAX. Used by the page for what is dropped, and by `splicelab open`.
// It only looks: whether a token or a run can be read is seen by who opens it.

import { tokenOf, whyNoToken } from "../trace/token-found.js";

/** Files that are read at most: a hundred orders of a scenario with a white box are some 100 KiB on each file system. */
export const FILE_BYTES_MAX = 8 * 1024 * 1024;

/** What a file is. */
export type Recognised =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "scenario"; readonly text: string }
  | { readonly kind: "kernel"; readonly text: string }
  | { readonly kind: "unknown"; readonly why: string };

/** What can be opened, to be told with what cannot. */
export const OPENED =
  "a scenario (.litmus), a token or link, a picture (.svg) that carries its run, or what splicelab prints with --json";

const TOKEN = /sl1[a-z]*:[\w-]+/;
const unknown = (why: string): Recognised => ({ kind: "unknown", why });

/** Says what a file is. `name`: for what its content does not tell. */
export function recognise(name: string, text: string): Recognised {
  const body = text.replace(/^\uFEFF/, "").trim();
  if (body === "") return unknown("it is empty");
  if (body.length > FILE_BYTES_MAX) return unknown("it is larger than 8 MiB");
  if (/[\0\uFFFD]/.test(body.slice(0, 1024)))
    return unknown(
      /^.?PNG/.test(body)
        ? "a PNG carries no run: the SVG of the same picture does, and its link"
        : "it is no text",
    );
  const token = tokenOf(body);
  if (token !== undefined) return { kind: "token", token };
  if (body.startsWith("<")) return pictureOf(body);
  if (/^[{[]/.test(body)) return jsonOf(body);
  if (/^litmus\s/m.test(body) || name.endsWith(".litmus")) return { kind: "scenario", text };
  if (/^(\S*#)?sl\d+[a-z]*:\S*$/.test(body))
    return unknown(whyNoToken(body.replace(/^\S*#/, "")).what);
  return unknown("it is no scenario: the first word of one is litmus");
}

function pictureOf(body: string): Recognised {
  const metadata = /<metadata[^>]*>([^<]*)<\/metadata>/.exec(body)?.[1] ?? "";
  const token = TOKEN.exec(metadata)?.[0];
  if (token !== undefined) return { kind: "token", token };
  return unknown(
    /<svg[\s>]/.test(body)
      ? "it is a picture without a run in it: those that splicelab makes carry one"
      : "it is markup, and no picture of splicelab",
  );
}

function jsonOf(body: string): Recognised {
  const kinds = new Set(
    [...body.matchAll(/"kind"\s*:\s*"([\w-]+)"/g)].map(([, kind]) => kind ?? ""),
  );
  const isKernel = kinds.has("kernel-run") || /"on"\s*:\s*"kernel"/.test(body);
  if (isKernel) return { kind: "kernel", text: body };
  if (kinds.has("explore"))
    return unknown("it is the result of a search: open the token of one of its outcomes");
  const token = /"token"\s*:\s*"(sl1[a-z]*:[\w-]+)"/.exec(body)?.[1];
  if (token !== undefined && kinds.has("run")) return { kind: "token", token };
  if (kinds.has("run")) return unknown("it is a run without a token, which nobody can replay");
  return unknown(
    isJson(body) ? "it is JSON, but not of splicelab" : "its JSON is broken, or cut short",
  );
}

/** Whether a text is an object of JSON, or one on each line. */
function isJson(text: string): boolean {
  const canRead = (each: string): boolean => {
    try {
      JSON.parse(each);
      return true;
    } catch {
      return false;
    }
  };
  return canRead(text) || text.split("\n").every((line) => line.trim() === "" || canRead(line));
}
