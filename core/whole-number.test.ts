import { expect, test } from "vitest";
import { wholeNumber } from "./whole-number";

test.each([
  ["0", 0],
  ["999999999", 999_999_999],
  ["1000000000", 1_000_000_000],
  ["9007199254740991", Number.MAX_SAFE_INTEGER],
  ["9007199254740992", null],
  ["9007199254740993", null],
  ["99999999999999999999", null],
  ["-1", null],
  ["1.5", null],
  ["1e3", null],
  ["", null],
])("given %j, then it is %j", (text, expected) => {
  expect(wholeNumber(0, Number.MAX_SAFE_INTEGER).safeParse(text).data ?? null).toBe(expected);
});
