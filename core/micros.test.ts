import fc from "fast-check";
import { expect, test } from "vitest";
import { isoOfMicros, microsOfIso } from "./micros";

test.each([
  [1_795_694_400_123_456, "2026-11-26T12:00:00.123456Z"],
  [1_795_694_400_000_000, "2026-11-26T12:00:00.000000Z"],
  [1_795_694_400_000_007, "2026-11-26T12:00:00.000007Z"],
  [-1, "1969-12-31T23:59:59.999999Z"],
])("given %i microseconds, then the text is %s, and back", (micros, iso) => {
  expect(isoOfMicros(micros)).toBe(iso);
  expect(microsOfIso(iso)).toBe(micros);
});

test.each([
  ["2026-11-26T12:00:00Z", 0],
  ["2026-11-26T12:00:00.1Z", 100_000],
  ["2026-11-26T12:00:00.1234Z", 123_400],
  ["2026-11-26T12:00:00.123456789Z", 123_456],
  ["2026-11-26T14:00:00.123456+02:00", 123_456],
])("given the text %s, then its microseconds are %i within the second", (iso, within) => {
  expect(microsOfIso(iso)).toBe(1_795_694_400_000_000 + within);
});

test("given any two times, then their texts sort as they do", () => {
  const time = fc.integer({ min: 0, max: 4_000_000_000_000_000 });
  fc.assert(
    fc.property(time, time, (one, other) => {
      expect(isoOfMicros(one) < isoOfMicros(other)).toBe(one < other);
    }),
  );
});
