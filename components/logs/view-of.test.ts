import { expect, test } from "vitest";
import { isSameMeasure, viewAfter, viewFor } from "./view-of";

test("given a query, then lines are listed, courses drawn, and other groups are a table", () => {
  for (const [pipes, view] of [
    [null, "lines"],
    ["| timeseries count()", "chart"],
    ["| stats count() by (service, time(5m))", "chart"],
    ["| STATS p95(x) as slow BY (time)", "chart"],
    ["| stats count() by (service)", "table"],
    ["| stats sum(time) by (service)", "table"],
    ["| top 5 by (service)", "table"],
  ] as const) {
    expect([pipes, viewFor(pipes)]).toEqual([pipes, view]);
  }
});

test("given another query, then the view stays while it suits", () => {
  const piped = "| stats count()";
  expect(viewAfter("chart", piped, "| stats count() by (level)")).toBe("chart");
  expect(viewAfter("lines", piped, piped)).toBe("lines");
  expect(viewAfter("lines", null, piped)).toBeNull();
  expect(viewAfter("patterns", null, piped)).toBeNull();
  expect(viewAfter("patterns", piped, null)).toBe("patterns");
  expect(viewAfter("table", piped, null)).toBeNull();
  expect(viewAfter("chart", null, piped)).toBe("chart");
  expect(viewAfter(null, null, piped)).toBeNull();
});

test.each([
  ["| stats sum(bytes) by (host)", "| stats sum(bytes) by (service) | limit 5", true],
  ["| timeseries sum(bytes)", "| stats sum(bytes) by (time) | sort by time", true],
  ["| timeseries sum(bytes)", "| timeseries count()", false],
  ["| stats p95(duration_ms) as slow by (service)", "| stats p99(duration_ms) as slow by (service)", false],
  [null, "| stats count() by (service)", true],
  [null, "| stats max(duration_ms)", false],
])("given %s and then %s, then it is %s that the same is computed", (before, after, expected) => {
  expect(isSameMeasure(before, after)).toBe(expected);
});
