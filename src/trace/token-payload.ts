// What a witness token holds, as bytes.
//
//   cursor, profile, policy, schedule (each with its length), then the scenario's text; of two models side by
//   side, profile and policy are two words each: "6.18/ext4 6.18/xfs", "linux cow"; numbers are LEB128, texts UTF-8
//
// Interface: Witness, TokenError, writePayload, readPayload. Law: readPayload(writePayload(w)) equals w.

import { strFromU8, strToU8 } from "fflate";

/** All that is needed to see a run again. */
export interface Witness {
  /** The scenario, in the litmus language. */
  readonly text: string;
  /** The profile and policy as the command line spells them: "6.18/ext4", "cow". */
  readonly profile: string;
  readonly policy: string;
  /** A second model that is looked at beside it, on the same schedule. */
  readonly beside?: { readonly profile: string; readonly policy: string };
  /** Present where copies may tear. */
  readonly tear?: true;
  /** The action of each step. */
  readonly schedule: readonly number[];
  /** The step that the reader should look at; 0 is the start. */
  readonly cursor: number;
}

/** Why a token cannot be read; the message is for people. */
export class TokenError extends Error {
  override readonly name = "TokenError";
}

/** The bytes of a witness. Throws a TokenError for what cannot stand in one. */
export function writePayload(witness: Witness): Uint8Array {
  const { beside } = witness;
  const profile = strToU8(wordsOf(witness.profile, beside?.profile));
  const policy = strToU8(wordsOf(witness.policy, beside?.policy));
  return Uint8Array.from([
    ...leb128(witness.cursor),
    ...leb128(profile.length),
    ...profile,
    ...leb128(policy.length),
    ...policy,
    ...leb128(witness.schedule.length),
    ...witness.schedule.flatMap(leb128),
    ...strToU8(witness.text),
  ]);
}

function wordsOf(...names: readonly (string | undefined)[]): string {
  const given = names.filter((name) => name !== undefined);
  const bad = given.find((name) => name.includes(" "));
  if (bad !== undefined) throw new TokenError(`"${bad}" cannot stand in a token`);
  return given.join(" ");
}

/** Reads what writePayload wrote. Throws a TokenError. */
export function readPayload(payload: Uint8Array): Witness {
  let at = 0;
  const number = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = payload[at++];
      if (byte === undefined || scale > 2 ** 42)
        throw new TokenError("the token's content is broken");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  };
  const text = (lenBytes: number): string => {
    if (lenBytes > payload.length - at) throw new TokenError("the token's content is broken");
    at += lenBytes;
    return utf8(payload.subarray(at - lenBytes, at));
  };
  const cursor = number();
  const profile = text(number());
  const policy = text(number());
  const count = number();
  if (count > payload.length - at) throw new TokenError("the token's content is broken");
  const schedule = Array.from({ length: count }, number);
  return { cursor, ...modelsOf(profile, policy), schedule, text: text(payload.length - at) };
}

/** One or two words of each. */
function modelsOf(profile: string, policy: string): Pick<Witness, "profile" | "policy" | "beside"> {
  const [profiles, policies] = [profile.split(" "), policy.split(" ")];
  if (profiles.length !== policies.length || profiles.length > 2)
    throw new TokenError("the token's content is broken");
  const [own, beside] = profiles.map((name, i) => ({ profile: name, policy: policies[i]! }));
  return beside === undefined ? own! : { ...own!, beside };
}

function utf8(bytes: Uint8Array): string {
  try {
    return strFromU8(bytes);
  } catch (error) {
    throw new TokenError("the token's text is not UTF-8", { cause: error });
  }
}

function leb128(value: number): number[] {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new TokenError(`${value} cannot stand in a token`);
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return bytes;
}
