// Rates: how many units of work per second, several times over.
//
// Interface: rateOf, rateOfAsync, summary, Measured.

/** A rate, in units per second, over all repeats. */
export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  /** What was run. */
  readonly note: string;
}

/** What is measured: its name, its unit, what is run. */
export type Title = Pick<Measured, "name" | "unit" | "note">;

/** Median, lowest and highest of rates. */
export function summary(title: Title, rates: readonly number[]): Measured {
  const sorted = [...rates].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { ...title, median, lowest: sorted[0]!, highest: sorted.at(-1) };
}

/** Runs `work` once to warm up, then `repeats` times. `work` returns the units that it did. */
export function rateOf(title: Title, repeats: number, work: () => number): Measured {
  work();
  const rates = Array.from({ length: repeats }, () => {
    const started = performance.now();
    const units = work();
    return (1000 * units) / (performance.now() - started);
  });
  return summary(title, rates);
}

/** As rateOf, for work that has to be waited for. */
export async function rateOfAsync(
  title: Title,
  repeats: number,
  work: () => Promise<number>,
): Promise<Measured> {
  await work();
  const rates: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const started = performance.now();
    const units = await work();
    rates.push((1000 * units) / (performance.now() - started));
  }
  return summary(title, rates);
}
