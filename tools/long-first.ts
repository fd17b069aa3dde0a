// The order of test files: the long ones first, so that none runs alone at the end.
//
// Interface: the default export, a sequencer for vitest.

import { BaseSequencer, type TestSpecification } from "vitest/node";

const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith(".long.ts");

export default class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
