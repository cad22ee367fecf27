import { expect, test } from "vitest";
import { isQuiet } from "./quiet-hours";

const NIGHT = { from: "22:00", to: "07:00", time_zone: "Europe/Berlin" };

test.each([
  // In winter Berlin is an hour ahead of UTC, in summer two.
  ["2026-01-10T20:59:59Z", false],
  ["2026-01-10T21:00:00Z", true],
  ["2026-01-11T05:59:59Z", true],
  ["2026-01-11T06:00:00Z", false],
  ["2026-07-10T19:59:59Z", false],
  ["2026-07-10T20:00:00Z", true],
  ["2026-07-11T05:00:00Z", false],
])("given quiet hours over midnight in Berlin, then at %s it is quiet: %s", (time, expected) => {
  expect(isQuiet(NIGHT, new Date(time))).toBe(expected);
});

test.each([
  ["2026-01-10T12:00:00Z", true],
  ["2026-01-10T13:00:00Z", false],
])("given quiet hours over noon, then at %s it is quiet: %s", (time, expected) => {
  expect(isQuiet({ from: "12:00", to: "13:00", time_zone: "UTC" }, new Date(time))).toBe(expected);
});
