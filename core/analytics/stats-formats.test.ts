import { expect, test } from "vitest";
import { statsAnswerWith } from "@/core/testing/stats-answer";
import { statsCsv, toldOfCsv } from "./stats-formats";

const answer = statsAnswerWith({
  columns: [
    { name: "service", type: "text", field: "service", empty: null, adds: false, condition: null },
    { name: "max(d)", type: "number", field: null, empty: null, adds: false, condition: null },
  ],
  rows: [
    ["pay, old", 2.5],
    [null, null],
  ],
  entries: 9,
});

test("given a table as CSV, then headers tell how many rows there are, and whether all are in it, of all entries", () => {
  expect(statsCsv(answer).trimEnd().split(/\r?\n/)).toEqual(["service,max(d)", '"pay, old",2.5', ","]);
  const told = (changed: Partial<Parameters<typeof toldOfCsv>[0]>) =>
    Object.values(toldOfCsv({ ...answer, ...changed }));
  expect(toldOfCsv(answer)).toEqual({ "x-cordwood-total-rows": "2", "x-cordwood-complete": "true" });
  expect(told({ total_rows: 24_000 })).toEqual(["24000", "false"]);
  expect(told({ complete: false, missing_count: 1 })).toEqual(["2", "false"]);
});
