import { expect, test } from "vitest";
import { statsAnswerWith } from "@/core/testing/stats-answer";
import { leftOutOf } from "./left-out-of";

const TIME = { name: "time", type: "time", field: "timestamp", empty: null, adds: false, condition: null } as const;
const SERVICE = { name: "service", type: "text", field: "service", empty: null, adds: false, condition: null } as const;
const answer = statsAnswerWith({ columns: [SERVICE], rows: [["a"], ["b"]], entries: 5 });

test("given a whole table, then nothing is left out; given some of one, then it says what of it there is", () => {
  expect(leftOutOf(answer)).toEqual([]);
  expect(leftOutOf({ ...answer, total_rows: 12_000 })).toEqual(["Only the first rows are here: 2 of 12,000 rows."]);
  const overTime = { ...answer, columns: [TIME, SERVICE], step_seconds: 60, total_rows: 24_000 };
  expect(leftOutOf(overTime)).toEqual(["Only the latest rows are here: 2 of 24,000 rows."]);
  expect(leftOutOf({ ...overTime, cut_groups: 117 })).toEqual([
    "117 groups with the least are left out: 2 of 24,000 rows.",
  ]);
});

test("given values that are no numbers, then each column says how many", () => {
  expect(leftOutOf({ ...answer, not_numbers: { "sum(d)": 1, p: 20 } })).toEqual([
    "1 value is not in sum(d), as it is no number.",
    "20 values are not in p, as they are no numbers.",
  ]);
});
