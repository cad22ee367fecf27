import { expect, test } from "vitest";
import type { StatsAnswer } from "@/core/analytics/schemas";
import { statsAnswerWith } from "@/core/testing/stats-answer";
import { linesOfRow } from "./lines-of";

type Column = StatsAnswer["columns"][number];
const key = (field: string): Column => ({
  name: field,
  type: "text",
  field,
  empty: null,
  adds: false,
  condition: null,
});
const TIME: Column = { ...key("timestamp"), name: "time", type: "time" };
const COUNT: Column = { ...key("n"), type: "number", field: null };

const linesOf = (columns: Column[], row: StatsAnswer["rows"][number]) =>
  linesOfRow(
    statsAnswerWith({ columns: [...columns, COUNT], rows: [row], step_seconds: columns.includes(TIME) ? 60 : null }),
    row,
  );

test.each([
  ["service", "pay", "service:pay"],
  ["http.route", "/a b", 'http.route:"/a b"'],
  ["user.id", null, "-user.id:*"],
  ["message", "took 5 ms (a/b)", "message:/^took 5 ms \\(a\\/b\\)$/"],
  ["msg", "*", "message:/^\\*$/"],
  ["pattern", "-17", 'pattern:"-17"'],
  ["pattern", null, "-pattern:*"],
])("given a group by %s of %s, then its lines are %s", (field, cell, condition) => {
  expect(linesOf([key(field)], [cell, 3])).toEqual({ conditions: [condition], time: null });
});

test("given steps of time, then its lines are of that time", () => {
  expect(linesOf([TIME, key("service")], ["2026-03-10T12:05:00.000000Z", "pay", 3])).toEqual({
    conditions: ["service:pay"],
    time: { from: "2026-03-10T12:05:00.000Z", to: "2026-03-10T12:06:00.000Z" },
  });
});

test("given moments, or texts that are too long for a query, then nothing leads to the lines", () => {
  expect(linesOf([key("timestamp")], ["2026-03-10T12:05:00.123456Z", 3])).toBeNull();
  expect(
    linesOf([TIME, key("Timestamp")], ["2026-03-10T12:05:00.000000Z", "2026-03-10T12:05:00.123456Z", 3]),
  ).toBeNull();
  expect(linesOf([key("message")], ["x".repeat(20_000), 3])).toBeNull();
});
