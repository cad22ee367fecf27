import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePipes } from "@/core/analytics/parse-pipes";
import { AUTO_STEPS, type Built, readPipes, writePipes } from "./built-pipes";

const built = (more: Partial<Built>): Built => ({
  measures: [{ call: "count", field: null, name: null }],
  by: [],
  over: null,
  limit: null,
  ...more,
});

test("given pipes, then the form has them, however they are written, and writes them in its own way", () => {
  for (const [pipes, expected, again] of [
    ["| timeseries", built({ over: AUTO_STEPS }), "| timeseries count()"],
    ["| timeseries count() by (level)", built({ over: AUTO_STEPS, by: ["level"] }), "| timeseries count() by (level)"],
    [
      "| stats p99.9(Duration_ms), median(x) as typical by (service, time(90m))",
      built({
        measures: [
          { call: "p99.9", field: "Duration_ms", name: null },
          { call: "median", field: "x", name: "typical" },
        ],
        by: ["service"],
        over: "90m",
      }),
      "| stats p99.9(Duration_ms), median(x) as typical by (time(90m), service)",
    ],
    [
      '| top 5 by ("a name", hour)',
      built({ measures: [{ call: "count", field: null, name: "count" }], by: ["a name", "hour"], limit: 5 }),
      '| stats count() as count by ("a name", hour) | limit 5',
    ],
    [
      "| stats sum(bytes) as sent by (tag) | sort by sent desc | limit 3",
      built({ measures: [{ call: "sum", field: "bytes", name: "sent" }], by: ["tag"], limit: 3 }),
      "| stats sum(bytes) as sent by (tag) | limit 3",
    ],
  ] as const) {
    expect([pipes, readPipes(pipes)]).toEqual([pipes, expected]);
    expect(writePipes(expected)).toBe(again);
    expect(readPipes(again)).toEqual(expected);
  }
});

test("given pipes that say more than the form has, or nothing, then the form leaves them alone", () => {
  for (const pipes of [
    "| stats count() if (level:error) by (service)",
    "| stats count() as n by (service) | where n > 5",
    "| stats count() as n by (service) | sort by n | limit 5",
    "| stats count() as n by (service) | math n * 2 as m",
    "| timeseries count() by (service) | limit 5",
    "| stats quantile(0.123456, x)",
    "| stats cuont()",
    "level:error",
  ]) {
    expect([pipes, readPipes(pipes)]).toEqual([pipes, null]);
  }
});

test("given a measure whose field is still to be named, then there is no query yet", () => {
  expect(writePipes(built({ measures: [{ call: "p95", field: null, name: null }] }))).toBeNull();
  expect(writePipes(built({ measures: [] }))).toBeNull();
});

test("given a field whose name begins with *, then it is not taken for all entries", () => {
  const form = {
    measures: [{ call: "count", field: "*x", name: null }],
    by: ["*"],
    over: null,
    limit: null,
  };
  expect(writePipes(form)).toBe('| stats count("*x") by ("*")');
  expect(readPipes(writePipes(form) ?? "")).toEqual(form);
});

test("given whatever is put into the form, then what it writes is a query, and the form reads it as what it was", () => {
  const name = fc
    .string({ minLength: 1, maxLength: 8, unit: "grapheme" })
    .filter((text) => !/^(?:time|hour|weekday)$/i.test(text));
  const measure = fc.record({
    call: fc.constantFrom(
      "count",
      "rate",
      "sum",
      "avg",
      "min",
      "max",
      "median",
      "p90",
      "p99.9",
      "first",
      "last",
      "count_distinct",
    ),
    field: name,
    name: fc.constant(null),
  });
  const forms = fc.record({
    measures: fc.uniqueArray(measure, {
      minLength: 1,
      maxLength: 3,
      selector: ({ call, field }) => `${call} ${field}`,
    }),
    by: fc.uniqueArray(name, { maxLength: 3 }),
    over: fc.constantFrom(null, AUTO_STEPS, "30s", "5m", "1h"),
    limit: fc.constant(null),
  });
  fc.assert(
    fc.property(forms, (form) => {
      const pipes = writePipes(form) ?? "";
      expect(() => parsePipes(pipes, 0)).not.toThrow();
      expect(readPipes(pipes)).toEqual(form);
    }),
  );
});
