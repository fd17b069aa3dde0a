// Witness tokens: they come back as they were, stay short, and no text whatever breaks the reader.

import { fc, test as prop } from "@fast-check/vitest";
import { deflateSync } from "fflate";
import { describe, expect, test } from "vitest";
import { toBase64url } from "../../src/trace/base64url.js";
import { TokenError, decodeToken, encodeToken } from "../../src/trace/token.js";
import type { Witness } from "../../src/trace/token.js";

const MAIL = `litmus mail
"The program of the mail that asked for copy on write in splice()."

thread main {
  open(".", O_RDWR|O_TMPFILE, 0600) = 3
  pwrite(3, 0x1f * 4096, 4096) = 4096
  pipe2(p, 0) = 0
  splice(3, 0, p.w, NULL, 8192, 0) = 8192
  pwrite(3, 0xf0 * 4096, 0) = 4096
  pwrite(3, 0xf0 * 4096, 4096) = 4096
  a = read(p.r, 4096) = 4096
  b = read(p.r, 4096) = 4096
}

forall (main:a = 0x00 * 4096 /\\ main:b = 0x1f * 4096)
`;

const mail: Witness = {
  text: MAIL,
  profile: "6.18/ext4",
  policy: "linux",
  schedule: Array.from({ length: 60 }, () => 0),
  cursor: 31,
};

const name = fc.string().map((text) => text.replaceAll(" ", "_"));
const model = { profile: name, policy: name };

const witnesses: fc.Arbitrary<Witness> = fc.record(
  {
    text: fc.string({ unit: "binary", maxLength: 200 }),
    ...model,
    beside: fc.record(model),
    schedule: fc.array(fc.nat({ max: 1_000_000 })),
    cursor: fc.nat(),
    tear: fc.constant(true as const),
  },
  { requiredKeys: ["text", "profile", "policy", "schedule", "cursor"] },
);

/** What decodeToken gives: the witness, or undefined for a TokenError with words; anything else is thrown. */
function readToken(token: string): Witness | undefined {
  try {
    return decodeToken(token);
  } catch (error) {
    if (!(error instanceof TokenError) || error.message === "") throw error;
    return undefined;
  }
}

describe("a token", () => {
  prop.prop([witnesses])("comes back as it was", (witness) => {
    expect(decodeToken(encodeToken(witness))).toEqual(witness);
  });

  test("of the mail stays under 400 characters", () => {
    expect(encodeToken(mail).length).toBeLessThan(400);
    expect(decodeToken(encodeToken(mail))).toEqual(mail);
  });

  test("is the same text in every release", () => {
    const small = { text: "x", profile: "p", policy: "q", schedule: [1, 300], cursor: 2 };
    expect(encodeToken(small)).toBe("sl1:asbOcVreVBxjYixgLGRiXMNUAQA");
  });

  test("that would not be read again is not made", () => {
    const text = "x".repeat(256 * 1024);
    expect(() => encodeToken({ ...mail, text })).toThrow(/too long for a token/);
  });
});

describe("the reader of tokens", () => {
  test.each([
    ["hello", /starts with "sl1:"/],
    ["sl1:", /cut short/],
    ["sl1:AAAA AAAA", /a character in it was changed/],
    [`sl1:${"A".repeat(400_000)}`, /too long/],
    [encodeToken(mail).slice(0, -12), /changed|cut short/],
  ])("says what is wrong with case %#", (token, message) => {
    expect(() => decodeToken(token)).toThrow(message);
  });

  test("refuses a small token that inflates beyond 256 KiB", () => {
    const bomb = deflateSync(new Uint8Array(8 * 1024 * 1024), { level: 9 });
    const token = `sl1:${toBase64url(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, ...bomb]))}`;
    expect(() => decodeToken(token)).toThrow(/more than 256 KiB/);
  });

  prop.prop([fc.nat(), fc.nat({ max: 63 })])(
    "with one changed character is refused, or changed where nothing is: behind the end of deflate",
    (at, to) => {
      const token = encodeToken(mail);
      const digit = toBase64url(Uint8Array.of(to << 2)).charAt(0);
      const place = 4 + (at % (token.length - 4));
      const changed = token.slice(0, place) + digit + token.slice(place + 1);
      const read = readToken(changed);
      if (read !== undefined) expect(read).toEqual(mail);
    },
  );

  prop.prop([fc.uint8Array({ maxLength: 300 })], { numRuns: 2000 })(
    "reads no random bytes, and throws nothing but its own error",
    (bytes) => {
      expect(readToken(`sl1:${toBase64url(bytes)}`)).toBeUndefined();
    },
  );

  prop.prop([fc.string()])("throws nothing else for any text", (text) => {
    expect(readToken(`sl1:${text}`)).toBeUndefined();
    expect(readToken(text)).toBeUndefined();
  });
});
