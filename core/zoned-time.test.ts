import { expect, test } from "vitest";
import { formatInZone, isTimeZone, momentInZone } from "./zoned-time";

test.each([
  ["UTC", true],
  ["Europe/Stockholm", true],
  ["America/Argentina/Buenos_Aires", true],
  ["Mars/Olympus", false],
  ["", false],
  ["<b>", false],
])("given the name %s, then whether it is a time zone is %s", (name, expected) => {
  expect(isTimeZone(name)).toBe(expected);
});

test.each([
  ["2026-01-31T09:30:00.123Z", "UTC", "2026-01-31 09:30:00.123"],
  ["2026-01-31T09:30:00.123Z", "Europe/Stockholm", "2026-01-31 10:30:00.123"],
  // Summer time began an hour before.
  ["2026-03-29T02:00:00Z", "Europe/Stockholm", "2026-03-29 04:00:00.000"],
  ["2026-01-01T00:00:00Z", "America/New_York", "2025-12-31 19:00:00.000"],
  ["2026-01-01T00:00:00Z", "Asia/Kathmandu", "2026-01-01 05:45:00.000"],
])("given %s, then clocks in %s show %s", (time, zone, shown) => {
  expect(formatInZone(time, zone, "yyyy-MM-dd HH:mm:ss.SSS")).toBe(shown);
});

test.each([
  ["2026-01-31T09:30:00", "UTC", "2026-01-31T09:30:00.000Z"],
  ["2026-01-31T09:30", "Europe/Stockholm", "2026-01-31T08:30:00.000Z"],
  ["2026-07-01T00:00:00", "America/New_York", "2026-07-01T04:00:00.000Z"],
  // Clocks go from 2 to 3 in this night, so that no clock shows this.
  ["2026-03-29T02:30:00", "Europe/Stockholm", "2026-03-29T01:30:00.000Z"],
])("given that clocks show %s in %s, then the moment is %s", (text, zone, moment) => {
  expect(momentInZone(text, zone)?.toISOString()).toBe(moment);
});

test("given no time, then there is no moment", () => {
  expect(momentInZone("", "UTC")).toBeNull();
  expect(momentInZone("yesterday", "Europe/Stockholm")).toBeNull();
});
