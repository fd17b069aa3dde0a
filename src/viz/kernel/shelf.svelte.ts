// The kernels' runs that are on the page.
//
// Interface: KernelShelf. All its runs are of one scenario: a run of another one takes the place of those before.
// What reads files comes when the first one does.

import type { SeenRun } from "./read.js";

/** A file of which something could not be read. */
export interface Complaint {
  readonly name: string;
  readonly problems: readonly string[];
}

/** Runs that were dropped, opened or recorded. */
export class KernelShelf {
  runs = $state.raw<readonly SeenRun[]>([]);
  /** About the last file. */
  complaint = $state.raw<Complaint | undefined>(undefined);

  /** Reads a file and adds its runs. Returns how many it had. */
  async add(name: string, text: string): Promise<number> {
    const { readKernelText } = await import("./read.js");
    const { runs, problems } = readKernelText(text);
    this.complaint = problems.length === 0 ? undefined : { name, problems };
    this.#put(runs);
    return runs.length;
  }

  /** Adds the recorded run of the mail's program. */
  async addRecorded(): Promise<void> {
    const { default: text } = await import("./recorded/mail.json?raw");
    await this.add("the recorded run", text);
  }

  /** Takes a run off the page. */
  remove(id: string): void {
    this.runs = this.runs.filter((run) => run.id !== id);
  }

  #put(added: readonly SeenRun[]): void {
    const hash = added.at(-1)?.run.hash;
    if (hash === undefined) return;
    const kept = this.runs.filter(({ id }) => added.every((run) => run.id !== id));
    this.runs = [...kept, ...added].filter(({ run }) => run.hash === hash);
  }
}
