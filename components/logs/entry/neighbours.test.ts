import { expect, test } from "vitest";
import { NO_NEIGHBOURS, neighboursOf } from "./neighbours";

const ENTRIES = ["a", "b", "c"].map((id) => ({ id }));

test.each([
  ["a", { previous: null, next: "b", position: 1, count: 3 }],
  ["b", { previous: "a", next: "c", position: 2, count: 3 }],
  ["c", { previous: "b", next: null, position: 3, count: 3 }],
])("given the entry %s of three, then its neighbours are those above and below", (id, expected) => {
  expect(neighboursOf(ENTRIES, id)).toEqual(expected);
});

test.each([null, "elsewhere"])("given %j, which is not in the list, then there are none", (id) => {
  expect(neighboursOf(ENTRIES, id)).toBe(NO_NEIGHBOURS);
});
