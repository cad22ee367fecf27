import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRfc3339 } from "./timestamp";

const parse = (text: string) => {
  const bytes = Buffer.from(text);
  return parseRfc3339(bytes, 0, bytes.length);
};

test("given any time from year 1 to 9999, then it is read as Date reads it", () => {
  const min = new Date("0001-01-01T00:00:00Z");
  const max = new Date("9999-12-31T23:59:59.999Z");
  fc.assert(
    fc.property(fc.date({ min, max, noInvalidDate: true }), (date) => {
      expect(parse(date.toISOString())).toBe(date.getTime() * 1000);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ["1970-01-01T00:00:00Z", 0],
  ["1970-01-01 00:00:01z", 1_000_000],
  ["1970-01-01t00:00:00.000001Z", 1],
  ["1970-01-01T00:00:00.1234567899Z", 123_456],
  ["1970-01-01T01:00:00+01:00", 0],
  ["1969-12-31T18:30:00-05:30", 0],
  ["2000-02-29T00:00:00Z", 951_782_400_000_000],
  ["2016-12-31T23:59:60Z", 1_483_228_800_000_000],
])("given %s, then it is %i microseconds", (text, micros) => {
  expect(parse(text)).toBe(micros);
});

test.each([
  "",
  "2026-01-01",
  "2026-01-01T00:00:00",
  "2026-01-01T00:00Z",
  "2026-00-01T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-01-00T00:00:00Z",
  "2026-01-32T00:00:00Z",
  "2026-04-31T00:00:00Z",
  "2026-02-29T00:00:00Z",
  "1900-02-29T00:00:00Z",
  "2026-01-01T24:00:00Z",
  "2026-01-01T00:60:00Z",
  "2026-01-01T00:00:61Z",
  "2026-01-01T00:00:00.Z",
  "2026-01-01T00:00:00,5Z",
  "2026-01-01T00:00:00+0100",
  "2026-01-01T00:00:00+24:00",
  "2026-01-01T00:00:00+01:60",
  "2026-01-01T00:00:00ZZ",
  "2026-01-01X00:00:00Z",
  "2026-1-01T00:00:00.0Z",
  "+02026-01-01T00:00:00Z",
  " 2026-01-01T00:00:00Z",
  "2026/01/01T00:00:00Z",
  "20260101T000000.000Z",
  "２026-01-01T00:00:00Z",
])("given %j, then it is not a date-time", (text) => {
  expect(parse(text)).toBeNaN();
});
