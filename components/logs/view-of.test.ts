import { expect, test } from "vitest";
import { viewAfter, viewFor } from "./view-of";

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
