"use client";

import { SegmentedControl } from "@mantine/core";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { DEFAULT_RANGE, TIME_RANGES, type TimeRange } from "@/core/stats/time-range";

const LABELS: Readonly<Record<TimeRange, string>> = { "1h": "1 hour", "1d": "1 day", "1w": "1 week" };

/** The time range in the URL, as ?range=. */
export const useRange = () => useQueryState("range", parseAsStringLiteral(TIME_RANGES).withDefault(DEFAULT_RANGE));

export function RangeSwitch() {
  const [range, setRange] = useRange();
  return (
    <SegmentedControl
      aria-label="Time range"
      value={range}
      onChange={(value) => setRange(TIME_RANGES.find((known) => known === value) ?? null)}
      data={TIME_RANGES.map((value) => ({ value, label: LABELS[value] }))}
    />
  );
}
