"use client";

import { BarChart, type BarChartProps } from "@mantine/charts";
import type { ReactNode } from "react";
import { useClocks } from "@/components/time-zone/time-zone";
import { CountTable } from "./count-table";
import { formatCount } from "./format";

type CountChartProps = Pick<BarChartProps, "series" | "type" | "withLegend" | "referenceLines"> & {
  /** What is read out in place of the bars. */
  label: string;
  height: number;
  /** Counts by the name of their series; the time is ISO 8601. */
  buckets: readonly { timestamp: string; counts: Readonly<Partial<Record<string, number>>> }[];
  /** Of times below the bars, by Unicode TR 35. */
  timeFormat: string;
  /** The axis reaches so far, whatever the bars do. */
  upTo?: number;
  /** The same below nothing: values may be lower than that, counts can't. */
  downTo?: number;
  /** Of values that are no counts: they have fractions and perhaps a unit. */
  formatValue?(value: number): string;
  barChartProps?: BarChartProps["barChartProps"];
  children?: ReactNode;
};

/** The one form of a chart of counts over time. There is no half of an entry, so its axis has whole numbers. */
export function CountChart({
  label,
  height,
  buckets,
  timeFormat,
  upTo,
  downTo = 0,
  formatValue,
  children,
  ...rest
}: CountChartProps) {
  const names = rest.series.map(({ name }) => name);
  const { format } = useClocks();
  return (
    <figure style={{ margin: 0 }} aria-label={label}>
      <BarChart
        h={height}
        data={buckets.map(({ timestamp, counts }) => ({ timestamp, ...counts }))}
        dataKey="timestamp"
        valueFormatter={formatValue ?? formatCount}
        barProps={{ isAnimationActive: false }}
        xAxisProps={{
          height: 20,
          tickMargin: 4,
          tick: { fontSize: 12, fill: "currentColor" },
          minTickGap: 50,
          tickFormatter: (time: string) => format(time, timeFormat),
        }}
        yAxisProps={{
          width: "auto",
          allowDecimals: formatValue !== undefined,
          // All of its few ticks, each with its line: the topmost is moved down a little, which would cost the next one its line.
          interval: 0,
          domain: upTo === undefined ? undefined : [downTo, upTo],
        }}
        // Nothing is pointed at at first.
        tooltipProps={{ labelFormatter: (time) => (typeof time === "string" ? format(time, "MMM d HH:mm:ss") : "") }}
        legendProps={{ verticalAlign: "bottom", itemSorter: null }}
        {...rest}
      >
        {children}
      </BarChart>
      <CountTable
        label={label}
        series={names}
        buckets={buckets}
        formatTime={(time) => format(time, "MMM d HH:mm:ss")}
        formatValue={formatValue ?? formatCount}
      />
    </figure>
  );
}
