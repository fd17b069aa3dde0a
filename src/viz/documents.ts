// The documents that stand beside the page as plain text: the build copies them, the page's foot names them.
//
// Interface: DOCUMENTS, placeOf, Document.

/** A document of the project. */
export interface Document {
  /** From the project's root. */
  readonly source: string;
  /** What it is about. */
  readonly title: string;
}

/** In the order in which somebody may want them. */
export const DOCUMENTS: readonly Document[] = [
  { source: "README.md", title: "the commands and the library" },
  { source: "docs/language.md", title: "the language" },
  { source: "docs/steps.md", title: "the steps of each call" },
  { source: "docs/properties.md", title: "the properties" },
  { source: "docs/surprises.md", title: "surprises" },
  { source: "docs/variants.md", title: "what the mail's flag needs" },
  { source: "docs/samba.md", title: "Samba's paths" },
  { source: "docs/claims.md", title: "all claims, by file system" },
];

/** Where a document stands, from the page's own place: "docs/language.txt". */
export const placeOf = ({ source }: Document): string =>
  `docs/${source
    .replace(/^docs\//, "")
    .replace(/\.md$/, ".txt")
    .toLowerCase()}`;
