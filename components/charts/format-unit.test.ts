import { expect, test } from "vitest";
import { formatTick, formatUnit } from "./format-unit";

test("given numbers with units, then they are told in the unit in which they are short", () => {
  for (const [value, unit, text] of [
    [0, "ms", "0 ms"],
    [12.3456, "ms", "12.35 ms"],
    [90_000, "ms", "1.5 min"],
    [0.25, "ms", "250 µs"],
    [1_500, "s", "25 min"],
    [0.0042, "s", "4.2 ms"],
    [3, "ns", "3 ns"],
    [0.5, "ns", "0.5 ns"],
    [-2_500, "ms", "-2.5 s"],
    [0, "bytes", "0 bytes"],
    [1_234_567, "bytes", "1.235 MB"],
    [2_048, "kB", "2.048 MB"],
    [12.5, "percent", "12.5%"],
    [0.125, "share", "12.5%"],
    [12_345.6, "rate", "12,346/s"],
    [1_234_567, "number", "1,234,567"],
  ] as const) {
    expect([value, unit, formatUnit(value, unit)]).toEqual([value, unit, text]);
  }
  expect(formatTick(1_250_000, "number")).toBe("1.25M");
  expect(formatTick(2_000, "number")).toBe("2,000");
});
