import { expect, test } from "vitest";
import { entryRows } from "../entry-rows";
import { NO_NEIGHBOURS, neighboursOf } from "./neighbours";

const ENTRIES = entryRows(
  ["a", "b", "c"].map((id) => ({
    id,
    timestamp: "2026-01-31T09:30:00Z",
    service: "shop",
    level: "info",
    message: "m",
    pattern: null,
    tags: null,
    attributes: null,
  })),
);

test.each([
  ["a", { previous: null, next: "b", position: 1, count: 3 }],
  ["b", { previous: "a", next: "c", position: 2, count: 3 }],
  ["c", { previous: "b", next: null, position: 3, count: 3 }],
])("given the entry %s of three, then its neighbours are those above and below", (id, expected) => {
  expect(neighboursOf(ENTRIES, id, 3)).toEqual(expected);
});

test.each([null, "elsewhere"])("given %j, which is not in the list, then there are none", (id) => {
  expect(neighboursOf(ENTRIES, id, 3)).toBe(NO_NEIGHBOURS);
});

test("given a list of which a part is there, then its count is that of all of it", () => {
  expect(neighboursOf(ENTRIES, "c", 3_000)).toMatchObject({ next: null, position: 3, count: 3_000 });
});
