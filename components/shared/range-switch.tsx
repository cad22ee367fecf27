"use client";

import { Group, SegmentedControl, Text } from "@mantine/core";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { DEFAULT_RANGE, TIME_RANGES, type TimeRange } from "@/core/stats/time-range";

const LABELS: Readonly<Record<TimeRange, string>> = { "1h": "1 hour", "1d": "1 day", "1w": "1 week" };

/** The time range in the URL, as ?range=. */
export const useRange = () => useQueryState("range", parseAsStringLiteral(TIME_RANGES).withDefault(DEFAULT_RANGE));

/** @param isCounting what the page shows is of the range before */
export function RangeSwitch({ isCounting }: { isCounting: boolean }) {
  const [range, setRange] = useRange();
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed" role="status">
        {isCounting && "Counting ..."}
      </Text>
      <SegmentedControl
        aria-label="Time range"
        value={range}
        onChange={(value) => setRange(TIME_RANGES.find((known) => known === value) ?? null)}
        data={TIME_RANGES.map((value) => ({ value, label: LABELS[value] }))}
      />
    </Group>
  );
}
