// The page inside another page.
//
// Interface: embedForm, EMBEDDED.

/** The word in an address's query that shows stages and transport alone. */
export const EMBEDDED = "embed";

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

/** One element of HTML that shows a link to the page. */
export function embedForm(link: string, scenario: string): string {
  const style = "width: 100%; height: 640px; border: 1px solid #ccc; border-radius: 8px";
  const title = escaped(`splicelab: ${scenario}`);
  const [, address = "", query = "", fragment = ""] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(link)!;
  const asked = query === "" ? `?${EMBEDDED}` : `${query}&${EMBEDDED}`;
  const source = escaped(address + asked + fragment);
  return `<iframe src="${source}" title="${title}" loading="lazy" style="${style}"></iframe>`;
}
