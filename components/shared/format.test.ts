import { expect, test } from "vitest";
import { countOf, formatBytes, formatSpan } from "./format";

test.each([
  [60_000, "1 min"],
  [5 * 3_600_000, "5 h"],
  [5 * 3_600_000 + 59_999, "5 h"],
  [90 * 60_000, "1 h 30 min"],
  [26 * 3_600_000 + 60_000, "1 d 2 h"],
])("given a span of %i ms, then it reads %s", (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});

test.each([
  [0, "0 entries"],
  [1, "1 entry"],
  [3_000, "3,000 entries"],
])("given %i entries, then they read %s", (count, text) => {
  expect(countOf(count, "entry", "entries")).toBe(text);
});

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1_400, "1.4 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [20e9, "20 GB"],
  [1.25e12, "1.3 TB"],
])("given %i bytes, then they read %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
