import { expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./cursor";

const textOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

test.each([
  { micros: 1_773_144_000_000_000, id: "9223372036854775807" },
  { micros: 1_773_144_000_000_000, id: null },
])("given a cursor of a search, then it is read as it was written", (cursor) => {
  expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
});

test.each([
  ["no base64 of JSON", "x"],
  ["a time that is no number", textOf(["1", "1"])],
  ["a time beyond the whole numbers", textOf([2 ** 60, "1"])],
  ["an id that no bigint holds", textOf([1, "9223372036854775808"])],
  ["an id of too many digits", textOf([1, "1".repeat(30)])],
  ["an id below all", textOf([1, "-1"])],
])("given %s, then it is refused", (_, text) => {
  expect(() => decodeCursor(text)).toThrow("cursor must be one that a search gave");
});
