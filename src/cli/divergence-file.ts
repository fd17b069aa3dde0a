// A divergence as a scenario in a file: what was compared, what was seen, how to see it again, the program.
//
// Interface: saveDivergence, DivergenceText.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CannotRun } from "./exit.js";
import { whyOf } from "./files.js";

/** What a file tells. */
export interface DivergenceText {
  /** The scenario, shrunk. */
  readonly text: string;
  /** The threads in the order in which they start their calls. */
  readonly schedule: readonly string[];
  /** "observed X; the model allows only Y", one line for each difference. */
  readonly message: string;
  /** The command that compares the program again from which it was shrunk. */
  readonly again: string;
}

/** Writes a divergence to `NAME.litmus` in a folder that is made if it is not there; gives the path. A file that is there and
 *  tells something else stays, and a number is added to the name. Throws CannotRun. */
export async function saveDivergence(
  folder: string,
  name: string,
  divergence: DivergenceText,
): Promise<string> {
  const text = textOf(divergence);
  try {
    await makeFolder(folder);
    for (let copy = 1; ; copy++) {
      const file = join(folder, `${name}${copy === 1 ? "" : `-${copy}`}.litmus`);
      if (await written(file, text)) return file;
    }
  } catch (error) {
    throw new CannotRun(
      `the divergence cannot be saved in ${folder}: ${whyOf(error)}`,
      "name another folder with --save",
    );
  }
}

/** With the folders above it. Node's own way goes on for ever where a file system has no such folder and says ENOENT, as /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder);
  }
}

/** Whether a file tells this now, because it did before or was not there. */
async function written(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return (await readFile(file, "utf8")) === text;
  }
}

function textOf({ text, schedule, message, again }: DivergenceText): string {
  const order = schedule.length === 0 ? "that of the text" : schedule.join(",");
  const head = ["diverges:", ...message.split("\n"), `schedule: ${order}`];
  return [...[...head, `again: ${again}`].map((line) => `# ${line}`), "", text].join("\n");
}
