import { LEVEL_COLOURS } from "@/components/theme";
import { LEVELS } from "@/core/levels";
import type { Trend } from "@/core/stats/schemas";
import { CountChart } from "./count-chart";
import { formatCount } from "./format";

/** Entries by level over the range, stacked; the figures are read out as a sentence. */
export function VolumeChart({ trend }: { trend: Trend }) {
  const total = trend.buckets.reduce((sum, bucket) => sum + bucket.total_count, 0);
  return (
    <CountChart
      label={`Entries by level over time, ${formatCount(total)} in all`}
      height={220}
      buckets={trend.buckets.map(({ timestamp, count_by_level }) => ({ timestamp, counts: count_by_level }))}
      timeFormat={trend.time_range === "1w" ? "EEE HH:mm" : "HH:mm"}
      type="stacked"
      series={LEVELS.map((level) => ({ name: level, color: LEVEL_COLOURS[level] }))}
      withLegend
    />
  );
}
