"use client";

import { BarChart } from "@mantine/charts";
import { Group, Text } from "@mantine/core";
import dayjs from "dayjs";
import { useState } from "react";
import { ReferenceArea } from "recharts";
import { formatCount } from "@/components/shared/format";
import { LEVEL_COLOURS } from "@/components/theme";
import { LEVELS } from "@/core/levels";
import type { Histogram } from "@/core/search/schemas";

type HistogramChartProps = { histogram: Histogram; zoom(from: string, to: string): void };

type Mouse = { activeLabel?: string | number };

/** What was found over time by level; dragging over it narrows the time. */
export function HistogramChart({ histogram, zoom }: HistogramChartProps) {
  const { buckets, bucket_seconds, total_count, from, counted_from } = histogram;
  const [drag, setDrag] = useState<{ first: string; last: string } | null>(null);
  const format = bucket_seconds < 60 ? "HH:mm:ss" : bucket_seconds < 3_600 ? "HH:mm" : "MMM D HH:mm";
  const end = () => {
    if (drag) {
      const [first = "", last = ""] = [drag.first, drag.last].sort();
      zoom(first, dayjs(last).add(bucket_seconds, "second").toISOString());
    }
    setDrag(null);
  };
  const labelOf = ({ activeLabel }: Mouse) => (activeLabel === undefined ? null : String(activeLabel));
  return (
    <figure style={{ margin: 0 }} aria-label={`Found entries over time, ${formatCount(total_count)} in all`}>
      <Group justify="space-between" mb={4}>
        <Text size="sm" role="status">
          {formatCount(total_count)} entries
          {Date.parse(counted_from) > Date.parse(from) &&
            ` since ${dayjs(counted_from).format("MMM D HH:mm")}; counting the rest takes too long`}
        </Text>
        <Text size="xs" c="dimmed" visibleFrom="sm">
          Drag to zoom
        </Text>
      </Group>
      <BarChart
        h={110}
        style={{ userSelect: "none" }}
        data={buckets.map(({ timestamp, count_by_level }) => ({ time: timestamp, ...count_by_level }))}
        dataKey="time"
        type="stacked"
        series={LEVELS.map((level) => ({ name: level, color: LEVEL_COLOURS[level] }))}
        valueFormatter={formatCount}
        barProps={{ isAnimationActive: false }}
        xAxisProps={{ minTickGap: 50, tickFormatter: (time: string) => dayjs(time).format(format) }}
        yAxisProps={{ width: 44, allowDecimals: false }}
        tooltipProps={{ labelFormatter: (time) => dayjs(String(time)).format("MMM D HH:mm:ss") }}
        barChartProps={{
          onMouseDown: (mouse: Mouse) => {
            const label = labelOf(mouse);
            if (label !== null) setDrag({ first: label, last: label });
          },
          onMouseMove: (mouse: Mouse) => {
            const label = labelOf(mouse);
            if (drag && label !== null && label !== drag.last) setDrag({ ...drag, last: label });
          },
          onMouseUp: end,
        }}
      >
        {drag && <ReferenceArea x1={drag.first} x2={drag.last} fillOpacity={0.2} />}
      </BarChart>
    </figure>
  );
}
