import { expect, test } from "vitest";
import { guessUnit } from "./guess-unit";

test("given names of measures, then their unit is that of the field or of the name they were given", () => {
  for (const [name, unit] of [
    ["p95(duration_ms)", "ms"],
    ["avg(durationMs)", "ms"],
    ["quantile(0.95, http.request_seconds)", "s"],
    ["p99.9(took_us)", "us"],
    ["sum(bytes)", "bytes"],
    ["max(response.sizeBytes)", "bytes"],
    ["avg(memory_mb)", "MB"],
    ["percent", "percent"],
    ["errors %", "percent"],
    ["error_ratio", "share"],
    ["sum(body_bytes_sent)", "bytes"],
    ["avg(request_time)", "s"],
    ["p50(duration_ms) if (level:error)", "ms"],
    ["rate()", "rate"],
    ["rate(bytes)", "rate"],
    // A count of values has no unit, whatever the values have.
    ["count(duration_ms)", "number"],
    ["count_distinct(duration_ms)", "number"],
    ["count()", "number"],
    ["s", "number"],
    ["errors", "number"],
    ["forms", "number"],
    ["", "number"],
    ["constructor", "number"],
  ] as const) {
    expect([name, guessUnit(name)]).toEqual([name, unit]);
  }
});
