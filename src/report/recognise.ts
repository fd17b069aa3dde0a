// What a file is, by its content: a token, a picture that carries one, a scenario, runs of a kernel, a run of the model.
//
// Interface: recognise, Recognised, FILE_BYTES_MAX. Used by the page for what is dropped, and by `splicelab open`.
// It only looks: whether a token or a run can be read is seen by who opens it.

import { isToken } from "../trace/token.js";

/** Files that are read at most: a hundred orders of a scenario with a white box are some 100 KiB on each file system. */
export const FILE_BYTES_MAX = 8 * 1024 * 1024;

/** What a file is. */
export type Recognised =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "scenario"; readonly text: string }
  | { readonly kind: "kernel"; readonly text: string }
  | { readonly kind: "unknown"; readonly why: string };

const TOKEN = /sl1[a-z]*:[\w-]+/;
const unknown = (why: string): Recognised => ({ kind: "unknown", why });

/** Says what a file is. `name`: for what its content does not tell. */
export function recognise(name: string, text: string): Recognised {
  const body = text.replace(/^\uFEFF/, "").trim();
  if (body === "") return unknown("it is empty");
  if (body.length > FILE_BYTES_MAX) return unknown("it is larger than 8 MiB");
  if (/[\0\uFFFD]/.test(body.slice(0, 1024)))
    return unknown(
      "it is no text. A PNG carries no run: the SVG of the same picture does, and its link",
    );
  if (body.startsWith("<")) return pictureOf(body);
  if (/^[{[]/.test(body)) return jsonOf(body);
  const token = tokenIn(body);
  if (token !== undefined) return { kind: "token", token };
  if (/^litmus\s/m.test(body) || name.endsWith(".litmus")) return { kind: "scenario", text };
  return unknown(
    "it is no scenario (its first word would be litmus), token, picture or result of splicelab",
  );
}

/** A token by itself, or at the end of a page's address. */
function tokenIn(body: string): string | undefined {
  const word = body.replace(/^\S*#/, "");
  return isToken(word) && !/\s/.test(word) ? word : undefined;
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
  return unknown("it is JSON, but not of splicelab");
}
