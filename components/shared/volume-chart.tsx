"use client";

import { BarChart } from "@mantine/charts";
import dayjs from "dayjs";
import { LEVEL_COLOURS } from "@/components/theme";
import { LEVELS } from "@/core/levels";
import type { Trend } from "@/core/stats/schemas";
import { formatCount } from "./format";

/** Entries by level over the range, stacked; the figures are read out as a sentence. */
export function VolumeChart({ trend }: { trend: Trend }) {
  const format = trend.time_range === "1w" ? "ddd HH:mm" : "HH:mm";
  const total = trend.buckets.reduce((sum, bucket) => sum + bucket.total_count, 0);
  return (
    <figure style={{ margin: 0 }} aria-label={`Entries by level over time, ${formatCount(total)} in all`}>
      <BarChart
        h={220}
        data={trend.buckets.map((bucket) => ({
          time: dayjs(bucket.timestamp).format(format),
          ...bucket.count_by_level,
        }))}
        dataKey="time"
        type="stacked"
        series={LEVELS.map((level) => ({ name: level, color: LEVEL_COLOURS[level] }))}
        withLegend
        legendProps={{ verticalAlign: "bottom", itemSorter: null }}
        valueFormatter={formatCount}
        barProps={{ isAnimationActive: false }}
        xAxisProps={{ minTickGap: 40 }}
      />
    </figure>
  );
}
