// The calibration machine's door: the search of assembly/explore/ on the machine of machine.ts.

export * from "../explore/door";
export { act, actions, configure, consumerLog, logTagBits, parametersAt, readLog } from "./machine";
