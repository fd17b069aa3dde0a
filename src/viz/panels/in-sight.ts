// How much of a box is cut off by the window, told whenever that changes. Nothing is laid out for it.
//
// Interface: Cut, whenCut.

/** Pixels of a box that the window cuts off at its top and at its foot: all of it at its foot where nothing is in sight. */
export interface Cut {
  readonly top: number;
  readonly foot: number;
}

/** Of how many parts of itself a box tells that they come into sight. */
const PARTS = 40;

/** Watches a box. `covered`: pixels at the window's top that something else covers. Returns what ends it. */
export function whenCut(box: Element, covered: number, tell: (cut: Cut) => void): () => void {
  const watch = (entries: readonly IntersectionObserverEntry[]): void => {
    const { boundingClientRect: whole, intersectionRect: seen, isIntersecting } = entries.at(-1)!;
    if (isIntersecting) tell({ top: seen.top - whole.top, foot: whole.bottom - seen.bottom });
    else tell({ top: 0, foot: whole.height });
  };
  const threshold = Array.from({ length: PARTS + 1 }, (_, part) => part / PARTS);
  const observer = new IntersectionObserver(watch, {
    rootMargin: `-${Math.round(covered)}px 0px 0px`,
    threshold,
  });
  observer.observe(box);
  return () => observer.disconnect();
}
