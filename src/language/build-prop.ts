// From the parser's tree to the Ast: conditions and places.
//
// Interface: propOf, questionOf, placeOf.

import type { SyntaxNode } from "@lezer/common";
import type { PlaceNode, PropNode, QuestionNode } from "./ast.js";
import {
  childrenOf,
  endOf,
  need,
  qualifiedOf,
  spanOf,
  stringOf,
  textOf,
  valueOf,
} from "./build-value.js";
import type { Source } from "./build-value.js";

const PUNCTUATION: ReadonlySet<string> = new Set(["(", ")", "AndOp", "OrOp", "not"]);

/** The condition that a node of the tree is. */
export function propOf(source: Source, node: SyntaxNode): PropNode {
  const inner = (): PropNode[] =>
    childrenOf(node)
      .filter((child) => !PUNCTUATION.has(child.name))
      .map((child) => propOf(source, child));
  const span = spanOf(node);
  switch (node.name) {
    case "Or":
      return { ...span, kind: "or", props: inner() };
    case "And":
      return { ...span, kind: "and", props: inner() };
    case "Not":
      return { ...span, kind: "not", prop: inner()[0]! };
    case "Paren":
      return inner()[0]!;
    case "Snapshot":
      return { ...span, kind: "snapshot" };
    case "True":
      return { ...span, kind: "true" };
    default:
      return compareOf(source, node);
  }
}

function compareOf(source: Source, node: SyntaxNode): PropNode {
  const place = placeOf(source, need(node, "Place"));
  const equal = node.getChild("Equals") !== null;
  const value = valueOf(source, childrenOf(node).at(-1)!)!;
  return { ...spanOf(node), kind: "compare", place, equal, value };
}

export function questionOf(source: Source, node: SyntaxNode): QuestionNode {
  const quantifier = need(node, "Quantifier");
  const exists = quantifier.getChild("~") === null ? "exists" : "~exists";
  return {
    ...spanOf(node),
    quantifier: quantifier.getChild("forall") === null ? exists : "forall",
    prop: propOf(source, childrenOf(node).at(-1)!),
  };
}

/** What a comparison or `locations` names. */
export function placeOf(source: Source, node: SyntaxNode): PlaceNode {
  const child = childrenOf(node)[0]!;
  const span = spanOf(child);
  if (child.name === "String") return { ...span, kind: "path", name: stringOf(source, child).text };
  if (child.name === "Qualified") return { ...qualifiedOf(source, child), kind: "qualified" };
  if (child.name === "Ref") return { ...span, kind: "name", name: textOf(source, child) };
  return { ...endOf(source, child), kind: "end" };
}
