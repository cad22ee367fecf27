import { expect, test } from "vitest";
import type { StatsAnswer } from "@/core/analytics/schemas";
import { seriesOf } from "./stats-series";

const at = (minute: number) => `2026-03-10T12:0${minute}:00.000000Z`;
const shown = (minute: number) => `2026-03-10T12:0${minute}:00.000Z`;

const answer = (columns: StatsAnswer["columns"], rows: StatsAnswer["rows"]): StatsAnswer => ({
  columns,
  rows,
  total_rows: rows.length,
  entries: 0,
  not_numbers: {},
  sampled: false,
  step_seconds: 60,
  from: "2026-03-10T12:00:30.000Z",
  to: "2026-03-10T12:03:00.000Z",
  complete: true,
  missing_segments: [],
  missing_count: 0,
});
const TIME = { name: "time", type: "time", field: "timestamp", empty: null } as const;
const SERVICE = { name: "service", type: "text", field: "service", empty: null } as const;
const COUNT = { name: "count()", type: "number", field: null, empty: 0 } as const;
const SLOWEST = { name: "max(d)", type: "number", field: null, empty: null } as const;

test("given counts by time and service, then each service is a line, steps without entries are 0, and the greatest come first", () => {
  const rows = [
    [at(0), "pay", 1],
    [at(0), null, 9],
    [at(2), "pay", 3],
    [at(1), "shop", 2],
  ];
  expect(seriesOf(answer([TIME, SERVICE, COUNT], rows), 2)).toEqual({
    measure: "count()",
    names: ["none", "pay"],
    points: [
      { time: shown(0), none: 9, pay: 1 },
      { time: shown(1), none: 0, pay: 0 },
      { time: shown(2), none: 0, pay: 3 },
    ],
    hidden: 1,
  });
});

test("given another measure, then a step without a value has no point", () => {
  const rows = [
    [at(0), 5],
    [at(1), null],
    [at(2), 7],
  ];
  expect(seriesOf(answer([TIME, SLOWEST], rows), 10)?.points).toEqual([
    { time: shown(0), "max(d)": 5 },
    { time: shown(1) },
    { time: shown(2), "max(d)": 7 },
  ]);
});

test("given a table without times, numbers or rows, then there is nothing to draw", () => {
  expect(seriesOf(answer([SERVICE, COUNT], [["pay", 1]]), 10)).toBeNull();
  expect(seriesOf(answer([TIME, SERVICE], [[at(0), "pay"]]), 10)).toBeNull();
  expect(seriesOf(answer([TIME, COUNT], []), 10)).toBeNull();
});
