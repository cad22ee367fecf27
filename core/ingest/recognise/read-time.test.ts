import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readNumberTime, readNumericTime, readTime } from "./read-time";

const read = (text: string) => {
  const bytes = Buffer.from(text);
  return readTime(bytes, 0, bytes.length);
};

/** 2026-11-26T15:00:00Z: 20,783 days and 15 hours after 1970 began. */
const SECONDS = 1_795_705_200;
const MICROS = SECONDS * 1_000_000;

describe("given a time as text", () => {
  test.each([
    ["2026-11-26T15:00:00Z", MICROS],
    ["2026-11-26 15:00:00", MICROS],
    ["2026-11-26T15:00", MICROS],
    ["2026-11-26 15:00:00,123", MICROS + 123_000],
    ["2026-11-26 15:00:00.123456789", MICROS + 123_456],
    ["2026-11-26T17:00:00.5+0200", MICROS + 500_000],
    ["2026-11-26T17:00:00+02", MICROS],
    ["2026-11-26 17:00:00 +02:00", MICROS],
    ["2026-11-26 15:00:00 UTC", MICROS],
    ["2026-11-26 16:00:00.123 CET", MICROS + 123_000],
    ["2026-11-26 17:00:00 CEST", MICROS],
    ["2026-11-26 10:00:00.5 EST", MICROS + 500_000],
    ["2026-11-27 00:30:00 ACST", MICROS],
    ["Thu, 26 Nov 2026 15:00:00 +0000", MICROS],
    ["26 Nov 2026 10:00:00 -0500", MICROS],
    ["Thu, 26 Nov 2026 15:00:00 GMT", MICROS],
    ["26/Nov/2026:15:00:00 +0000", MICROS],
    ["26/Nov/2026:20:30:00 +0530", MICROS],
    [" 2026-11-26 15:00:00 ", MICROS],
    [String(SECONDS), MICROS],
    [`${SECONDS}.000001`, MICROS + 1],
    [`${SECONDS}123`, MICROS + 123_000],
    [`${SECONDS}123.456`, MICROS + 123_456],
    [`${SECONDS}123456`, MICROS + 123_456],
    [`${SECONDS}123456789`, MICROS + 123_456],
  ])("%s, then it is read as that moment", (text, micros) => {
    expect(read(text)).toBe(micros);
  });

  test.each([
    "",
    "yesterday",
    "2026-11-26",
    "2026-02-30 15:00:00",
    "2026-11-26 25:00:00",
    "2026-11-26 15:00:00+2500",
    // They mean several offsets.
    "2026-11-26 15:00:00 CST",
    "2026-11-26 15:00:00 IST",
    "2026-11-26 15:00:00 PDT",
    "2026-11-26 15:00:00 XYZ",
    "26 Foo 2026 15:00:00 +0000",
    "26/Nov/2026 15:00:00 +0000",
    "1.2.3",
    "0x10",
    "Infinity",
    `2026-11-26 15:00:00.${"1".repeat(60)}`,
  ])("%j, then it is no time", (text) => {
    expect(read(text)).toBeNaN();
  });
});

test("given any number as it is written, then its bytes are read as its text is", () => {
  const digits = fc.stringMatching(/^[0-9]{1,21}$/);
  const fraction = fc.stringMatching(/^(\.[0-9]{1,9})?$/);
  const rest = fc.constantFrom("", "", "", "e3", "-", " ", ".");
  fc.assert(
    fc.property(fc.constantFrom("", "", "-"), digits, fraction, rest, (sign, whole, part, end) => {
      const text = sign + whole + part + end;
      const bytes = Buffer.from(`1${text}9`);
      const found = readNumberTime(bytes, 1, bytes.length - 1);
      expect(found === 0 ? 0 : found).toBe(readNumericTime(text) || (Number.isNaN(found) ? Number.NaN : 0));
    }),
    { numRuns: 2_000 },
  );
});

describe("given a number", () => {
  test("of any unit between 1990 and 2100, then the moment is the same", () => {
    const seconds = fc.integer({ min: 631_152_000, max: 4_102_444_800 });
    fc.assert(
      fc.property(seconds, fc.constantFrom("", "000", "000000", "000000000"), (second, zeros) => {
        expect(readNumericTime(`${second}${zeros}`)).toBe(second * 1_000_000);
      }),
    );
  });

  test("with an exponent, then it is read by its value", () => {
    expect(readNumericTime("1.7957052e9")).toBe(MICROS);
  });

  test("before 1970, then it is read by its size too", () => {
    expect(readNumericTime("-1000")).toBe(-1_000_000_000);
  });
});
