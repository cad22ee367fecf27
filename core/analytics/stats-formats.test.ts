import { expect, test } from "vitest";
import { statsCsv, toldOfCsv } from "./stats-formats";

const answer = {
  columns: [
    { name: "service", type: "text", field: "service", empty: null, adds: false, condition: null },
    { name: "max(d)", type: "number", field: null, empty: null, adds: false, condition: null },
  ],
  rows: [
    ["pay, old", 2.5],
    [null, null],
  ],
  total_rows: 2,
  cut_groups: 0,
  entries: 9,
  not_numbers: {},
  sampled: false,
  step_seconds: null,
  zone: "UTC",
  from: "2026-03-10T12:00:00.000Z",
  to: "2026-03-10T13:00:00.000Z",
  computed_at: "2026-03-10T13:00:00.000Z",
  complete: true,
  missing_segments: [],
  missing_count: 0,
} satisfies Parameters<typeof statsCsv>[0];

test("given a table as CSV, then headers tell how many rows there are, and whether all are in it, of all entries", () => {
  expect(statsCsv(answer).trimEnd().split(/\r?\n/)).toEqual(["service,max(d)", '"pay, old",2.5', ","]);
  const told = (changed: Partial<Parameters<typeof toldOfCsv>[0]>) =>
    Object.values(toldOfCsv({ ...answer, ...changed }));
  expect(toldOfCsv(answer)).toEqual({ "x-cordwood-total-rows": "2", "x-cordwood-complete": "true" });
  expect(told({ total_rows: 24_000 })).toEqual(["24000", "false"]);
  expect(told({ complete: false, missing_count: 1 })).toEqual(["2", "false"]);
});
