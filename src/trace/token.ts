// Witness tokens: one run of one scenario as a short text, `sl1:…`, for a command line, a URL, a report.
//
//   "sl1:", or "sl1t:" where copies may tear; then base64url( HASH_BYTES of sha-256 of the payload, raw deflate of the payload )
//   the payload is that of token-payload.ts; deflate starts from the dictionary in token-words.ts
//
// Interface: encodeToken, decodeToken, salvageToken, TokenError, Witness, isToken.
// Law: decodeToken(encodeToken(w)) equals w; decodeToken throws nothing but TokenError, and needs
// memory for INFLATED_MAX_BYTES at most, whatever it is given.

import { sha256 } from "@noble/hashes/sha2.js";
import { Inflate, deflateSync, strToU8 } from "fflate";
import { fromBase64url, toBase64url } from "./base64url.js";
import { readPayload, TokenError, writePayload, type Witness } from "./token-payload.js";
import { TOKEN_DICTIONARY } from "./token-words.js";

export { TokenError, type Witness } from "./token-payload.js";

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
  const payload = writePayload(witness);
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

/** What can still be read of a damaged token: as much of its scenario as is there. Undefined if that is nothing. */
export function salvageToken(token: string): Pick<Witness, "text"> | undefined {
  const tears = token.startsWith(TEAR_PREFIX);
  const start = (tears ? TEAR_PREFIX : PREFIX).length;
  const body = token.slice(start, TOKEN_MAX_CHARACTERS).replace(/[^\w-].*$/s, "");
  // A last single character holds no whole byte.
  const bytes = fromBase64url(body.length % 4 === 1 ? body.slice(0, -1) : body);
  if (bytes === undefined || bytes.length <= HASH_BYTES) return undefined;
  const text = readableText(inflatedPart(bytes.subarray(HASH_BYTES)));
  return text === undefined ? undefined : { text };
}

/** The scenario at the end of what could be inflated. */
function readableText(payload: Uint8Array): string | undefined {
  try {
    const { text } = readPayload(payload);
    return text === "" ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Of the payload; which kind of token it is in cannot be changed either. */
function hashOf(payload: Uint8Array, tears: boolean): Uint8Array {
  const sum = sha256.create().update(payload);
  if (tears) sum.update(strToU8(TEAR_PREFIX));
  return sum.digest().subarray(0, HASH_BYTES);
}

function inflate(body: Uint8Array): Uint8Array {
  const { payload, error } = inflatedUpTo(body, INPUT_CHUNK_BYTES, true);
  if (error instanceof TokenError) throw error;
  if (error !== undefined)
    throw new TokenError("the token was changed: it cannot be decompressed", { cause: error });
  return payload;
}

/** As much as comes out in front of the damage, in small pieces: of a piece with an error nothing comes. */
const inflatedPart = (body: Uint8Array): Uint8Array => inflatedUpTo(body, 4, false).payload;

/** Inflates piece by piece, stops at the limit or at the first error, and gives what there is until then. */
function inflatedUpTo(
  body: Uint8Array,
  pieceBytes: number,
  isWhole: boolean,
): { payload: Uint8Array; error?: unknown } {
  const chunks: Uint8Array[] = [];
  let lenBytes = 0;
  const stream = new Inflate({ dictionary }, (chunk) => {
    lenBytes += chunk.length;
    if (lenBytes > INFLATED_MAX_BYTES)
      throw new TokenError("the token holds more than 256 KiB and is refused");
    chunks.push(chunk);
  });
  let failure: unknown;
  try {
    for (let at = 0; at < body.length; at += pieceBytes) {
      const end = Math.min(at + pieceBytes, body.length);
      stream.push(body.subarray(at, end), isWhole && end === body.length);
    }
  } catch (error) {
    failure = error;
  }
  const payload = joined(chunks);
  return failure === undefined ? { payload } : { payload, error: failure };
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const lenBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const payload = new Uint8Array(lenBytes);
  let at = 0;
  for (const chunk of chunks) {
    payload.set(chunk, at);
    at += chunk.length;
  }
  return payload;
}
