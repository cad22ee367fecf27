"use client";

import { Text } from "@mantine/core";
import { ReferenceArea } from "recharts";
import { CountChart } from "@/components/shared/count-chart";
import { countOf, formatCount } from "@/components/shared/format";
import { useStepDrag } from "@/components/shared/use-step-drag";
import { LEVEL_COLOURS } from "@/components/theme";
import { useClocks } from "@/components/time-zone/time-zone";
import { SECOND_MS } from "@/core/clock";
import { LEVELS } from "@/core/levels";
import type { Histogram } from "@/core/search/schemas";

type HistogramChartProps = { histogram: Histogram; zoom(from: string, to: string): void };

/** What was found over time by level; dragging over it narrows the time. */
export function HistogramChart({ histogram, zoom }: HistogramChartProps) {
  const { buckets, bucket_seconds, total_count } = histogram;
  const { dragged, chartProps } = useStepDrag((...ends) => {
    const [first = "", last = ""] = ends.sort();
    zoom(first, new Date(Date.parse(last) + bucket_seconds * SECOND_MS).toISOString());
  });
  return (
    <CountChart
      label={`Found entries over time, ${formatCount(total_count)} in all`}
      height={60}
      buckets={buckets.map(({ timestamp, count_by_level }) => ({ timestamp, counts: count_by_level }))}
      timeFormat={bucket_seconds < 60 ? "HH:mm:ss" : bucket_seconds < 3_600 ? "HH:mm" : "MMM d HH:mm"}
      type="stacked"
      series={LEVELS.map((level) => ({ name: level, color: LEVEL_COLOURS[level] }))}
      barChartProps={{ style: { userSelect: "none" }, ...chartProps }}
    >
      {dragged && <ReferenceArea x1={dragged.first} x2={dragged.last} fillOpacity={0.2} />}
    </CountChart>
  );
}

/** How much was found, and since when that is known. @param isOld it is of the search before, while this one is counted */
export function FoundCount({ histogram, isOld }: { histogram: Histogram; isOld: boolean }) {
  const { total_count, from, counted_from } = histogram;
  const { format } = useClocks();
  return (
    <div>
      <Text size="sm" fw={600} role="status" span>
        {countOf(total_count, "entry", "entries")}
      </Text>{" "}
      {isOld && (
        <Text size="xs" c="dimmed" span>
          before; counting again
        </Text>
      )}
      {!isOld && Date.parse(counted_from) > Date.parse(from) && (
        <Text size="xs" c="dimmed" span>
          since {format(counted_from, "MMM d HH:mm")}; counting the rest takes too long
        </Text>
      )}
    </div>
  );
}
