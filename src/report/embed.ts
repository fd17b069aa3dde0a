// The page inside another page.
//
// Interface: embedForm, EMBEDDED.
// The other page needs no script: the height is written down.

/** The word in an address's query that shows stages and transport alone. */
export const EMBEDDED = "embed";

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

/** Of two threads and a few folios. */
const HEIGHT_PX = 820;

/** One element of HTML that shows a link to the page. */
export function embedForm(link: string, scenario: string, heightPx = HEIGHT_PX): string {
  const style = `width: 100%; height: ${heightPx}px; border: 1px solid #ccc; border-radius: 8px`;
  const title = escaped(`splicelab: ${scenario}`);
  const [, address = "", query = "", fragment = ""] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(link)!;
  const asked = query === "" ? `?${EMBEDDED}` : `${query}&${EMBEDDED}`;
  const source = escaped(address + asked + fragment);
  return `<iframe src="${source}" title="${title}" loading="lazy" style="${style}"></iframe>`;
}
