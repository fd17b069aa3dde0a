// The page inside another page.
//
// Interface: embedForm.

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

/** One element of HTML that shows a link to the page. */
export function embedForm(link: string, scenario: string): string {
  const style = "width: 100%; height: 640px; border: 1px solid #ccc; border-radius: 8px";
  const title = escaped(`splicelab: ${scenario}`);
  return `<iframe src="${escaped(link)}" title="${title}" loading="lazy" style="${style}"></iframe>`;
}
