"use client";

import { LineChart } from "@mantine/charts";
import { Text } from "@mantine/core";
import { formatNumber } from "@/components/shared/format";
import { plainText } from "@/components/shared/plain-text";
import { useClocks } from "@/components/time-zone/time-zone";
import type { StatsAnswer } from "@/core/analytics/schemas";
import { seriesOf } from "./stats-series";

const COLOURS = [
  "teal.6",
  "blue.6",
  "orange.6",
  "grape.6",
  "lime.7",
  "red.6",
  "cyan.7",
  "yellow.7",
  "pink.6",
  "indigo.6",
];

/** The first measure of a table over time, a line for each group; nothing for a table without times. */
export function StatsChart({ data }: { data: StatsAnswer }) {
  const { format } = useClocks();
  const chart = seriesOf(data, COLOURS.length);
  if (!chart) return null;
  const { measure, names, points, hidden } = chart;
  const isFine = (data.step_seconds ?? 0) < 3_600;
  return (
    <figure
      style={{ margin: 0 }}
      aria-label={`${measure} over time, ${names.length === 1 ? "one line" : `${names.length} lines`}; the table has the values`}
    >
      <LineChart
        h={220}
        data={points}
        dataKey="time"
        series={names.map((name, index) => ({ name, label: plainText(name), color: COLOURS[index] ?? "gray" }))}
        curveType="linear"
        // A value between two steps without one is no line.
        withDots={points.length <= 60}
        withLegend={names.length > 1}
        connectNulls={false}
        valueFormatter={formatNumber}
        lineProps={{ isAnimationActive: false }}
        xAxisProps={{
          minTickGap: 50,
          tick: { fontSize: 12, fill: "currentColor" },
          tickFormatter: (time: string) => format(time, isFine ? "HH:mm" : "MMM d HH:mm"),
        }}
        yAxisProps={{ width: 64 }}
        tooltipProps={{ labelFormatter: (time) => (typeof time === "string" ? format(time, "MMM d HH:mm:ss") : "") }}
        legendProps={{ verticalAlign: "bottom", itemSorter: null }}
      />
      {hidden > 0 && (
        <Text size="xs" c="dimmed">
          The {names.length} greatest lines; {hidden} more are in the table.
        </Text>
      )}
    </figure>
  );
}
