// Witness tokens: one run of one scenario as a short text, `sl1:…`, for a command line, a URL, a report.
//
//   "sl1:", or "sl1t:" where copies may tear; then base64url( HASH_BYTES of sha-256 of the payload, raw deflate of the payload )
//   payload = cursor, profile, policy, schedule (each with its length), then the scenario's text;
//   numbers are LEB128, texts UTF-8; deflate starts from the dictionary in token-words.ts
//
// Interface: encodeToken, decodeToken, TokenError, Witness, isToken.
// Law: decodeToken(encodeToken(w)) equals w; decodeToken throws nothing but TokenError, and needs
// memory for INFLATED_MAX_BYTES at most, whatever it is given.

import { sha256 } from "@noble/hashes/sha2.js";
import { Inflate, deflateSync, strFromU8, strToU8 } from "fflate";
import { fromBase64url, toBase64url } from "./base64url.js";
import { TOKEN_DICTIONARY } from "./token-words.js";

/** All that is needed to see a run again. */
export interface Witness {
  /** The scenario, in the litmus language. */
  readonly text: string;
  /** The profile and policy as the command line spells them: "6.18/ext4", "cow". */
  readonly profile: string;
  readonly policy: string;
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

const PREFIX = "sl1:";
const TEAR_PREFIX = "sl1t:";
const HASH_BYTES = 8;
/** More than any scenario that people write, little enough to be harmless. */
const INFLATED_MAX_BYTES = 256 * 1024;
/** Deflate makes nothing longer by more than a few bytes in 64 KiB; base64 makes 4 of 3. */
const TOKEN_MAX_CHARACTERS = 360_000;
/** A byte of deflate gives at most 1032 bytes: 128 at a time overshoot the limit by 132 KiB at most. */
const INPUT_CHUNK_BYTES = 128;

const dictionary = strToU8(TOKEN_DICTIONARY);

/** Whether a command-line argument is meant as a token. */
export const isToken = (text: string): boolean =>
  text.startsWith(PREFIX) || text.startsWith(TEAR_PREFIX);

/** The token of a witness. Throws a TokenError if it would be too large to be read again. */
export function encodeToken(witness: Witness): string {
  const profile = strToU8(witness.profile);
  const policy = strToU8(witness.policy);
  const payload = Uint8Array.from([
    ...leb128(witness.cursor),
    ...leb128(profile.length),
    ...profile,
    ...leb128(policy.length),
    ...policy,
    ...leb128(witness.schedule.length),
    ...witness.schedule.flatMap(leb128),
    ...strToU8(witness.text),
  ]);
  if (payload.length > INFLATED_MAX_BYTES)
    throw new TokenError("this run is too long for a token: scenario and schedule exceed 256 KiB");
  const body = deflateSync(payload, { level: 9, dictionary });
  return (
    (witness.tear ? TEAR_PREFIX : PREFIX) +
    toBase64url(Uint8Array.from([...hashOf(payload, witness.tear ?? false), ...body]))
  );
}

/** The witness in a token. Throws a TokenError that says what is wrong with it. */
export function decodeToken(token: string): Witness {
  if (!isToken(token)) throw new TokenError(`a token starts with "${PREFIX}"`);
  if (token.length > TOKEN_MAX_CHARACTERS) throw new TokenError("the token is too long");
  const tears = token.startsWith(TEAR_PREFIX);
  const bytes = fromBase64url(token.slice((tears ? TEAR_PREFIX : PREFIX).length));
  if (bytes === undefined || bytes.length <= HASH_BYTES)
    throw new TokenError("the token is cut short, or a character in it was changed");
  const payload = inflate(bytes.subarray(HASH_BYTES));
  const hash = hashOf(payload, tears);
  if (!hash.every((byte, i) => byte === bytes[i]))
    throw new TokenError("the token was changed: its content does not fit its hash");
  return tears ? { ...readPayload(payload), tear: true } : readPayload(payload);
}

/** Of the payload; which kind of token it is in cannot be changed either. */
function hashOf(payload: Uint8Array, tears: boolean): Uint8Array {
  const sum = sha256.create().update(payload);
  if (tears) sum.update(strToU8(TEAR_PREFIX));
  return sum.digest().subarray(0, HASH_BYTES);
}

/** Inflates piece by piece and stops at the limit. */
function inflate(body: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  let lenBytes = 0;
  const stream = new Inflate({ dictionary }, (chunk) => {
    lenBytes += chunk.length;
    if (lenBytes > INFLATED_MAX_BYTES)
      throw new TokenError("the token holds more than 256 KiB and is refused");
    chunks.push(chunk);
  });
  try {
    for (let at = 0; at < body.length; at += INPUT_CHUNK_BYTES) {
      const end = Math.min(at + INPUT_CHUNK_BYTES, body.length);
      stream.push(body.subarray(at, end), end === body.length);
    }
  } catch (error) {
    if (error instanceof TokenError) throw error;
    throw new TokenError("the token was changed: it cannot be decompressed", { cause: error });
  }
  const payload = new Uint8Array(lenBytes);
  let at = 0;
  for (const chunk of chunks) {
    payload.set(chunk, at);
    at += chunk.length;
  }
  return payload;
}

function readPayload(payload: Uint8Array): Witness {
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
  return { cursor, profile, policy, schedule, text: text(payload.length - at) };
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
